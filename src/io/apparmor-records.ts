// SPDX-License-Identifier: Apache-2.0
// The notes about the AppArmor profiles of this node that are the operator's: a folder beside the seccomp profiles, a
// file for each. Read once, since nobody else writes them.
import { lstat, mkdir, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { parseNodeRecord, printNodeRecord } from '../core/apparmor/node-record.ts';
import type { NodeRecord } from '../core/apparmor/node-record.ts';
import { errorText } from '../core/errors.ts';
import { DIRECTORY_MODE } from '../core/names.ts';
import { sha256Hex } from '../core/sha256.ts';
import { Aside } from './aside.ts';
import { isDraft, StateFile } from './state-file.ts';

/** Name of the folder: no namespace can be called so, which the other folders are named after. */
const FOLDER = '.apparmor';

const SUFFIX = '.note';

/** Longest name that a file bears as it is; a draft of the file is named a little longer. */
const NAME_MAX = 200;

/** The folder comes with its first note: a full disk is then a failure of that profile, and of nothing else. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
}

/** A note that cannot be read is told of, and is none. */
function nothing(onFault: (sentence: string) => void) {
  return (error: unknown): undefined => {
    onFault(errorText(error));
  };
}

/** The notes. Errors name the path and the reason. */
export class AppArmorRecords {
  private readonly folder: string;
  private readonly boot: string;
  private readonly aside: Aside;
  private readonly records = new Map<string, NodeRecord>();

  private constructor(folder: string, boot: string, aside: Aside) {
    this.folder = folder;
    this.boot = boot;
    this.aside = aside;
  }

  /**
   * Reads all notes, and removes those of an earlier boot, of which the kernel has no profile any more, and those that
   * were being written when a process of before was killed.
   *
   * @param root - directory of the seccomp profiles, which must exist
   * @param boot - the kernel's boot_id
   * @param onFault - told of each file that is no note; its profile counts as the node's own
   * @param aside - told of what was in the way
   */
  static async open(
    root: string,
    boot: string,
    onFault: (sentence: string) => void,
    aside = new Aside(),
  ): Promise<AppArmorRecords> {
    const folder = path.join(root, FOLDER);
    const records = new AppArmorRecords(folder, boot, aside);
    await records.clearPlace();
    const names = await namesIn(folder);
    for (const name of names.filter((one) => isDraft(one, SUFFIX)))
      await unlink(path.join(folder, name)).catch(nothing(onFault));
    for (const name of names.filter((one) => one.endsWith(SUFFIX))) {
      const file = new StateFile(path.join(folder, name));
      const note = parseNodeRecord((await file.read().catch(nothing(onFault))) ?? '');
      if (note === undefined) onFault(`${file.path} is no note about an AppArmor profile`);
      else if (note.boot === boot) records.records.set(note.record.name, note.record);
      else await unlink(file.path);
    }
    return records;
  }

  all(): readonly NodeRecord[] {
    return [...this.records.values()];
  }

  get(name: string): NodeRecord | undefined {
    return this.records.get(name);
  }

  async save(record: NodeRecord): Promise<void> {
    await this.clearPlace();
    await mkdir(this.folder, { mode: DIRECTORY_MODE, recursive: true });
    await this.fileOf(record.name).write(printNodeRecord({ record, boot: this.boot }));
    this.records.set(record.name, record);
  }

  async forget(name: string): Promise<void> {
    await unlink(this.fileOf(name).path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
    this.records.delete(name);
  }

  private fileOf(name: string): StateFile {
    const mark = name.length <= NAME_MAX ? name : sha256Hex(name);
    return new StateFile(path.join(this.folder, `${mark}${SUFFIX}`), this.aside);
  }

  private async clearPlace(): Promise<void> {
    const stats = await lstat(this.folder).catch(() => undefined);
    if (stats !== undefined && !stats.isDirectory()) await this.aside.move(this.folder);
  }
}
