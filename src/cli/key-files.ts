// SPDX-License-Identifier: Apache-2.0
// Files that signatures are made and proved with.
import type { Terminal } from './terminal.ts';

/** A file with a key. */
export interface KeyFile {
  readonly file: string;
  readonly pem: string;
}

/** A `trusted_root.json`: the authorities that certificates, logs and timestamps are proved with. */
export interface TrustedRootFile {
  readonly file: string;
  readonly text: string;
}

/** The files with keys. */
export async function readKeys(files: readonly string[], terminal: Terminal): Promise<readonly KeyFile[]> {
  return Promise.all(files.map(async (file) => ({ file, pem: await terminal.files.read(file) })));
}
