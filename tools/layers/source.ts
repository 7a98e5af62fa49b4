// SPDX-License-Identifier: Apache-2.0
// The two values that all house rules speak of.

/** A file by its path from the root of the repository (`src/...`, `tools/...`), with its content. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** One broken rule: the file, and the reason as a sentence about it. */
export interface Violation {
  readonly file: string;
  readonly reason: string;
}
