// SPDX-License-Identifier: Apache-2.0
// Text files that commands of spoc read: UTF-8 and, with a byte order mark or without, the UTF-16 of other systems'
// editors. Bytes that are neither are refused, because a replacement character in a name would be a name that no user
// wrote.
import { readFileSync } from 'node:fs';
import { fileError } from './file-error.ts';
import { pathOf } from './text-bytes.ts';

/** The encodings that a text may have, by TextDecoder's names. */
type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** UTF-16 without a mark shows by the zero byte of its first character: profiles begin with ASCII. */
function encodingOf([first, second]: Uint8Array): Encoding {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/**
 * The text of bytes, without a byte order mark.
 * @throws Error when the bytes are no text in UTF-8 or UTF-16
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`is no text in ${encoding.toUpperCase()}`);
  }
}

/**
 * Content of a file; `-` is standard input.
 * @throws Error that names the file and the reason
 */
export async function readInput(file: string): Promise<string> {
  try {
    return decodeText(readFileSync(file === '-' ? '/dev/stdin' : pathOf(file)));
  } catch (cause) {
    throw fileError('read', file, cause);
  }
}
