// SPDX-License-Identifier: Apache-2.0
// The error for a key that cannot be used.

/** A text that is no key, or one that cannot be used. The message says why and names no part of a private key. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}
