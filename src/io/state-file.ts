// SPDX-License-Identifier: Apache-2.0
// A small file in which a process keeps what its next start must know. It is exchanged as a whole: a crash leaves the
// text of before or the new one. Links are not followed, and a directory in its place is moved aside.
import { constants } from 'node:fs';
import { lstat, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { FILE_MODE } from '../core/names.ts';
import { Aside } from './aside.ts';

/** A larger file is not ours. */
const LARGEST = 1 << 20;

/** Name of a file's draft, which is left behind where its writer is killed. */
function draftOf(name: string): string {
  return `.${name}.tmp`;
}

/** Whether a name is that of the draft of a file with this ending. */
export function isDraft(name: string, ending: string): boolean {
  return name.startsWith('.') && name.endsWith(`${ending}.tmp`);
}

/** One file. Errors name the path and the reason. */
export class StateFile {
  readonly path: string;
  private readonly aside: Aside;

  /** The directory must exist. `aside` is told of what was in the way of a write. */
  constructor(file: string, aside: Aside = new Aside()) {
    this.path = file;
    this.aside = aside;
  }

  /**
   * The text; undefined where there is no file. Rejects where it is no regular file of at most 1 MiB that can be read.
   */
  async read(): Promise<string | undefined> {
    const handle = await this.openOurs();
    if (handle === undefined) return undefined;
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > LARGEST) throw new Error(`${this.path} is no file of ours`);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  }

  /** Makes the file hold the text, on the disk. */
  async write(text: string): Promise<void> {
    const draft = path.join(path.dirname(this.path), draftOf(path.basename(this.path)));
    for (const place of [draft, this.path]) await this.clear(place);
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants;
    const handle = await open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, FILE_MODE);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, this.path);
  }

  /** A file stays as it is, so that a crash leaves the text of before. */
  private async clear(place: string): Promise<void> {
    const stats = await lstat(place).catch(() => undefined);
    if (stats !== undefined && !stats.isFile()) await this.aside.move(place);
  }

  private async openOurs() {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    try {
      return await open(this.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
