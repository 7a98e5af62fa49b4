// SPDX-License-Identifier: Apache-2.0
// The folder in which the daemon puts the SELinux policies that its node shall have, and from which selinuxd takes
// them. It lasts as long as the pod: a policy is durable where selinuxd has installed it.
import { watch } from 'node:fs';
import { readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PolicyFile } from '../core/selinux/store/transaction.ts';
import { digest } from './digest.ts';
import { about } from './disk.ts';

const SUFFIX = '.cil';

/** A file that is being written. selinuxd takes no names that begin with a dot. */
const DRAFT_PREFIX = '.';

/** Name of such a file: the process that writes it, and a number. */
const DRAFT = /^\.\d+-\d+\.tmp$/;

/** Only the pod's own containers have a use for the files. */
const MODE = 0o600;

/** A folder of policies, by the names of their modules. Every error names the path and the reason. */
export class PolicyFolder {
  private readonly root: string;
  private serial = 0;

  /** `root` must exist. */
  constructor(root: string) {
    this.root = root;
  }

  /** All policies. A file that goes while it is read is none. */
  async files(): Promise<readonly PolicyFile[]> {
    const entries = await about('list', this.root, () => readdir(this.root));
    const names = entries.filter((name) => name.endsWith(SUFFIX) && !name.startsWith(DRAFT_PREFIX));
    const files = await Promise.all(names.map((name) => this.fileOf(name.slice(0, -SUFFIX.length))));
    return files.filter((file) => file !== undefined);
  }

  /** The text of a policy; undefined where there is none. */
  async read(name: string): Promise<string | undefined> {
    const file = this.pathOf(name);
    return about('read', file, () => unlessMissing(() => readFile(file, 'utf8')));
  }

  /** Makes the folder hold a policy; false when it did already. */
  async write(name: string, text: string): Promise<boolean> {
    if ((await this.read(name)) === text) return false;
    const file = this.pathOf(name);
    this.serial += 1;
    const draft = path.join(this.root, `${DRAFT_PREFIX}${String(process.pid)}-${String(this.serial)}.tmp`);
    await about('write', file, async () => {
      await writeFile(draft, text, { mode: MODE });
      await rename(draft, file);
    });
    return true;
  }

  /** Removes what a process of before was writing when it was killed. Only while nobody writes. */
  async sweep(): Promise<void> {
    const entries = await about('list', this.root, () => readdir(this.root));
    for (const name of entries.filter((one) => DRAFT.test(one))) {
      const file = path.join(this.root, name);
      await about('remove', file, () => unlessMissing(() => unlink(file)));
    }
  }

  /** Takes a policy away; false when there is none. */
  async remove(name: string): Promise<boolean> {
    const file = this.pathOf(name);
    return (await about('remove', file, () => unlessMissing(() => unlink(file).then(() => true)))) === true;
  }

  /**
   * Calls back after every change, perhaps more than once, until the returned function is called.
   *
   * @param onError - called where changes are not seen any more
   */
  watch(changed: () => void, onError: (error: unknown) => void): () => void {
    const watcher = watch(this.root, (_event, name) => {
      if (name === null || (name.endsWith(SUFFIX) && !name.startsWith(DRAFT_PREFIX))) changed();
    });
    watcher.on('error', onError);
    return () => watcher.close();
  }

  private async fileOf(name: string): Promise<PolicyFile | undefined> {
    const text = await this.read(name);
    return text === undefined ? undefined : { name, text, checksum: digest(text) };
  }

  private pathOf(name: string): string {
    return path.join(this.root, `${name}${SUFFIX}`);
  }
}

async function unlessMissing<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
