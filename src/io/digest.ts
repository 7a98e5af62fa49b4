// SPDX-License-Identifier: Apache-2.0
// Hashes of long texts. core/sha256 does the same without Node.js, a thousand times slower: it is for names.
import { createHash } from 'node:crypto';

/** SHA-256 of a text's UTF-8 bytes, in hexadecimal digits. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
