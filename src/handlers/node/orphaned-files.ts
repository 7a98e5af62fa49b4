// SPDX-License-Identifier: Apache-2.0
// Files of profiles whose deletion was not seen, because no daemon was there to see it.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { ProfileFile } from '../../core/seccomp/files.ts';
import type { ObjectKey } from '../../runtime/object.ts';

/** What is known of profiles and pods, and where the files are. */
export interface LeftoverParts {
  readonly files: { remove(file: ProfileFile): Promise<boolean> };
  /** Filled with files that pods still need, by localhostProfile. */
  readonly orphans: Map<string, ObjectKey>;
  readonly log: Log;
  /** Profiles whose file a localhostProfile names. */
  ownersOf(localhost: string): readonly unknown[];
  /** Pods of this node that run under a localhostProfile. */
  usersOf(localhost: string): readonly string[];
  /** Whether `usersOf` knows every pod of this node. */
  seesAllPods(): boolean;
}

/**
 * Removes files that belong to no profile. Pods keep them, and so does everything where pods are not all known: a file too
 * many is harmless, a pod that cannot restart is not.
 *
 * @returns the profiles whose files could not be removed
 */
export async function clearLeftovers(
  files: readonly ProfileFile[],
  parts: LeftoverParts,
): Promise<readonly ObjectKey[]> {
  const left: ObjectKey[] = [];
  for (const file of files) {
    const key = { namespace: file.directory, name: file.file.replace(/\.json$/, '') };
    const localhost = localhostOf(file);
    if (parts.ownersOf(localhost).length > 0) continue;
    if (!parts.seesAllPods()) {
      parts.log.info('kept a file that belongs to no profile, because a pod may use it', { file: localhost });
    } else if (parts.usersOf(localhost).length > 0) {
      parts.orphans.set(localhost, key);
    } else if (!(await discard(file, parts))) {
      left.push(key);
    }
  }
  return left;
}

/** False when the file stays for now. A disk in trouble is no reason for the daemon not to begin. */
async function discard(file: ProfileFile, { files, log }: LeftoverParts): Promise<boolean> {
  const name = { file: localhostOf(file) };
  try {
    await files.remove(file);
    log.info('removed a file that belongs to no profile', name);
    return true;
  } catch (error) {
    log.warn('a file that belongs to no profile cannot be removed', { ...name, why: errorText(error) });
    return false;
  }
}

function localhostOf({ directory, file }: ProfileFile): string {
  return `operator/${directory}/${file}`;
}
