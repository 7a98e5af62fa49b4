// SPDX-License-Identifier: Apache-2.0
// Changes of profile files by others: the kernel tells of every change in the directories (inotify), so nothing is read
// while nothing changes. Files that are as they were written last are passed over, so our own writes wake nobody.
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import path from 'node:path';
import type { ProfileFile } from '../core/seccomp/files.ts';

/** The files as this process has written or found them. */
export interface WrittenFiles {
  readonly root: string;
  /** Those of a directory. */
  writtenIn(directory: string): readonly ProfileFile[];
  /** Whether a file stands there as it was written last; true, without a look at it, for one that was not written. */
  isAsWritten(file: ProfileFile): Promise<boolean>;
}

/** Watches the directories of profile files. */
export class ProfileWatch {
  private readonly files: WrittenFiles;
  private readonly onChange: (file: ProfileFile) => void;
  private readonly onError: (error: unknown) => void;
  private readonly root: FSWatcher;
  private readonly directories = new Map<string, FSWatcher>();

  /**
   * @param directories - those that are there
   * @param onChange - called for a file that another one has changed or removed, perhaps more than once
   * @param onError - called where changes are not seen any more
   * @throws the system's error where the root cannot be watched
   */
  constructor(
    files: WrittenFiles,
    directories: Iterable<string>,
    onChange: (file: ProfileFile) => void,
    onError: (error: unknown) => void,
  ) {
    this.files = files;
    this.onChange = onChange;
    this.onError = onError;
    this.root = watch(files.root, (_event, name) => {
      if (name !== null) this.changed(name);
    });
    this.root.on('error', onError);
    for (const directory of directories) this.follow(directory);
  }

  /** Ends it. */
  close(): void {
    this.root.close();
    for (const watcher of this.directories.values()) watcher.close();
  }

  /** A directory has come, gone, or been exchanged: the old watch is of the old one. */
  private changed(directory: string): void {
    this.follow(directory);
    for (const file of this.files.writtenIn(directory)) void this.check(file);
  }

  private follow(directory: string): void {
    this.directories.get(directory)?.close();
    this.directories.delete(directory);
    try {
      const watcher = watch(path.join(this.files.root, directory), (_event, name) => {
        if (name !== null) void this.check({ directory, file: name });
      });
      watcher.on('error', this.onError);
      this.directories.set(directory, watcher);
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
      if (!isGone) this.onError(error);
    }
  }

  private async check(file: ProfileFile): Promise<void> {
    try {
      if (!(await this.files.isAsWritten(file))) this.onChange(file);
    } catch (error) {
      this.onError(error);
    }
  }
}
