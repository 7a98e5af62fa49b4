// SPDX-License-Identifier: Apache-2.0
// Cuts a stream of bytes into lines, whatever the network's pieces are: a watch sends one JSON text per line.
import { StringDecoder } from 'node:string_decoder';

/** The lines of a stream of bytes, without their ends; empty lines are left out, a last one without an end is given. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const parts = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)).split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      const line = pieces.length === 0 ? part : pieces.join('') + part;
      pieces = [];
      if (line !== '') yield line;
    }
    if (last !== '') pieces.push(last);
  }
  const rest = pieces.join('') + decoder.end();
  if (rest !== '') yield rest;
}
