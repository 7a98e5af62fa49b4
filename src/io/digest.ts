// SPDX-License-Identifier: Apache-2.0
// Hashes of long texts. core/sha256 does the same without Node.js, a thousand times slower: it is for names.

/**
 * SHA-256 of a text's UTF-8 bytes, in hexadecimal digits. Node's cryptography is loaded when it is first needed: most
 * commands of spoc, which all know this function, start faster without it.
 */
export function digest(text: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text).digest('hex');
}
