// SPDX-License-Identifier: Apache-2.0
// Files on the node of profiles that were deleted while no daemon ran.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { ObjectKey } from '../../runtime/object.ts';

/** Something that was on the node when the daemon started. */
export interface Leftover {
  /** The profile that it belongs to, or belonged to. */
  readonly key: ObjectKey;
  /** The name under which pods use it. */
  readonly useName: string;
  /** Takes it from the node. Errors name the path and the reason. */
  remove(): Promise<unknown>;
}

/** The facts that decide over leftovers. All names are those under which pods use a profile. */
export interface OrphanParts {
  /** Filled with that which pods still need. */
  readonly orphans: Map<string, ObjectKey>;
  readonly log: Log;
  /** Whether a profile of that name exists. */
  isOwned(name: string): boolean;
  /** Whether a pod of this node uses it. */
  isUsed(name: string): boolean;
  /** Whether `isUsed` knows every pod of this node. */
  seesAllPods(): boolean;
}

/**
 * Removes what belongs to no profile. Pods keep it, and so does everything where not all pods are known: a file too
 * many is harmless, a pod that cannot restart is not.
 *
 * @returns the profiles of which something could not be removed
 */
export async function removeOrphans(leftovers: readonly Leftover[], parts: OrphanParts): Promise<readonly ObjectKey[]> {
  const failed: ObjectKey[] = [];
  for (const leftover of leftovers) {
    const { key, useName } = leftover;
    if (parts.isOwned(useName)) continue;
    if (!parts.seesAllPods()) {
      parts.log.info('kept a file that belongs to no profile, because a pod may use it', { file: useName });
    } else if (parts.isUsed(useName)) {
      parts.orphans.set(useName, key);
    } else if (!(await discard(leftover, parts.log))) {
      failed.push(key);
    }
  }
  return failed;
}

/** False when it stays for now. A disk in trouble is no reason for the daemon not to start. */
async function discard(leftover: Leftover, log: Log): Promise<boolean> {
  const name = { file: leftover.useName };
  try {
    await leftover.remove();
    log.info('removed a file that belongs to no profile', name);
    return true;
  } catch (error) {
    log.warn('a file that belongs to no profile cannot be removed', { ...name, why: errorText(error) });
    return false;
  }
}
