// SPDX-License-Identifier: Apache-2.0
// Cuts a text that comes in pieces into lines, whatever the pieces are: a watch sends one JSON text per line.

/** The lines of a text, without their ends; empty lines are left out, a last one without an end is given. */
export async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let pieces: string[] = [];
  for await (const text of texts) {
    const parts = text.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      const line = pieces.length === 0 ? part : pieces.join('') + part;
      pieces = [];
      if (line !== '') yield line;
    }
    if (last !== '') pieces.push(last);
  }
  const rest = pieces.join('');
  if (rest !== '') yield rest;
}
