// SPDX-License-Identifier: Apache-2.0
// A folder for the temporary files of each part of a test run, so that what a lab has left in /tmp can be distinguished
// from what tests beside it need there for a while.
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** As /tmp itself is: tests run programs as other users. */
const LIKE_TMP = 0o1777;

/** Folders below one that is in the machine's folder for temporary files. */
export class TemporaryFolders {
  private readonly parent = mkdtempSync(path.join(tmpdir(), 'spo-test-'));
  private readonly made: string[] = [];

  constructor() {
    chmodSync(this.parent, LIKE_TMP);
  }

  /** Makes one; its path is short, because paths of sockets have a limit. */
  make(): string {
    const folder = path.join(this.parent, String(this.made.length));
    mkdirSync(folder);
    chmodSync(folder, LIKE_TMP);
    this.made.push(folder);
    return folder;
  }

  /** Removes those that are empty. In the others a test has left something, which is never removed unseen. */
  close(): void {
    for (const folder of [...this.made, this.parent]) removeEmpty(folder);
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error;
  }
}
