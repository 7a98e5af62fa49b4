// SPDX-License-Identifier: Apache-2.0
// Command lines of spoc over files that a test gives.
import { runCommandLine } from '../../src/cli/command-line.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

/** The end of a command, what it wrote to `/out`, and all that it said. */
export interface Ended {
  readonly end: unknown;
  readonly out: string;
  readonly terminal: FakeTerminal;
}

/** Runs a command over files by name; an error is its text. */
export async function spocOver(args: readonly string[], files: Readonly<Record<string, string>>): Promise<Ended> {
  const terminal = new FakeTerminal();
  for (const [name, text] of Object.entries(files)) terminal.stored.set(name, text);
  const end = await runCommandLine(args, new FakeMachine(), terminal).catch(String);
  return { end, out: terminal.stored.get('/out') ?? '', terminal };
}
