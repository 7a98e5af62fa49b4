// SPDX-License-Identifier: Apache-2.0
// The language between this machine and its guests: commands for a shell, and how they ended.

/** How a command in a guest ended. */
export interface GuestAnswer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A word that the shell leaves as it is. */
export function shellWord(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A line for the shell that runs a program with these arguments. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/**
 * The answer of serve.sh: a line with the status and the length of standard output, then both outputs.
 * @throws Error when that is not what came
 */
export function parseAnswer(bytes: Buffer): GuestAnswer {
  const end = bytes.indexOf('\n');
  const head = /^(\d+) (\d+)$/.exec(bytes.subarray(0, Math.max(end, 0)).toString());
  if (head === null) throw new Error(`the guest gave no answer: ${bytes.subarray(0, 200).toString()}`);
  const split = end + 1 + Number(head[2]);
  return {
    status: Number(head[1]),
    stdout: bytes.subarray(end + 1, split).toString(),
    stderr: bytes.subarray(split).toString(),
  };
}
