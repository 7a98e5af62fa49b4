// SPDX-License-Identifier: Apache-2.0
// A SeccompProfile on a node: the file that the kubelet hands to the runtime.
import type { Kernel } from '../../core/kernel.ts';
import { localhostProfileOf, profileFile, profilesOfPath } from '../../core/seccomp/files.ts';
import type { ProfileFile } from '../../core/seccomp/files.ts';
import { isLimited, violationOfText } from '../../core/seccomp/allowed.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import { prepare } from '../../core/seccomp/install.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import type { Reader, Watch } from '../../runtime/handler.ts';
import { keyOf } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { BaseArtifacts } from '../sources/base-artifacts.ts';
import { baseFinder, SECCOMP } from '../sources/seccomp-profiles.ts';
import { CHANGED_FILE } from './drift.ts';
import type { Leftover } from './orphaned-files.ts';
import type { NodeProfileKind, ProfileCounters } from './profile-kind.ts';

/** The profile files of this node. Errors name the path and the reason. */
export interface ProfileFiles {
  write(file: ProfileFile, text: string): Promise<boolean>;
  /** The text; undefined when there is no such file. */
  read(file: ProfileFile): Promise<string | undefined>;
  remove(file: ProfileFile): Promise<boolean>;
}

/** Tells of files that others have changed or removed. */
export interface FileChanges {
  follow(listener: (file: ProfileFile) => void): void;
}

/** The node and the cluster as seccomp profiles need them. */
export interface SeccompNodeParts {
  readonly profiles: Reader<SeccompProfile>;
  readonly artifacts: BaseArtifacts;
  readonly files: ProfileFiles;
  /** Files that were there when the daemon started. */
  readonly inventory: readonly ProfileFile[];
  /** Left out where nobody tells of changes. */
  readonly changes?: FileChanges | undefined;
  readonly counters: ProfileCounters;
  readonly kernel: Kernel;
  /** SHA-256 of a text, in hexadecimal digits. A profile of 1 MB took seconds where it was computed in JavaScript. */
  digest(text: string): string;
  /** Changes of the limit and of artifacts. */
  readonly watches: readonly Watch[];
  /** The cluster's limit, as the spod object sets it now. */
  limit(): Limit;
}

/** Digits of the hash that the node's status shows. */
const HASH_DIGITS = 16;

/** Seccomp profiles of a node. */
export function seccompOnNode(parts: SeccompNodeParts): NodeProfileKind<SeccompProfile> {
  const { profiles, artifacts, files, counters, kernel, watches } = parts;
  /** By their paths: files that this process has written and not removed. */
  const written = new Map<string, ProfileFile>();
  const write = async (file: ProfileFile, text: string): Promise<boolean> => {
    written.set(localhostProfileOf(file), file);
    return files.write(file, text);
  };
  const remove = async (file: ProfileFile): Promise<boolean> => {
    const existed = await files.remove(file);
    written.delete(localhostProfileOf(file));
    return existed;
  };
  return {
    ...SECCOMP,
    reasons: { notSaved: 'CannotSaveSeccompProfile', notRemoved: 'CannotRemoveSeccompProfile' },
    counters,
    follow: (wake) => parts.changes?.follow((file) => wakeOwners(file, profiles, wake)),
    words: { written: 'saved profile to disk', removed: 'removed profile from disk' },
    watches,
    leftovers: () => {
      const found = parts.inventory.map((file) => [localhostProfileOf(file), file] as const);
      return [...new Map([...found, ...written]).values()].map((file) => leftoverOf(file, () => remove(file)));
    },
    prepare: (profile) => {
      const find = baseFinder(profiles, artifacts, profile.metadata.namespace);
      const prepared = prepare(profile, find, parts.limit(), kernel);
      return { ...prepared, hash: parts.digest(prepared.text).slice(0, HASH_DIGITS) };
    },
    write: async (key, { text }) => {
      const changed = await write(fileOf(key), text);
      return changed ? { changed, differed: CHANGED_FILE } : { changed };
    },
    remove: (key) => remove(fileOf(key)),
    holds: async (key) => (await files.read(fileOf(key))) !== undefined,
    isForbidden: async (key) => {
      const limit = parts.limit();
      const text = isLimited(limit) ? await files.read(fileOf(key)) : undefined;
      return text !== undefined && violationOfText(text, limit) !== undefined;
    },
  };
}

/** A name that was too long is not in that of its file: of such a file all profiles of the namespace are looked at. */
function wakeOwners(file: ProfileFile, profiles: Reader<SeccompProfile>, wake: (key: ObjectKey) => void): void {
  const known = profilesOfPath(localhostProfileOf(file)).filter((key) => profiles.get(key) !== undefined);
  const keys = known.length > 0 ? known : profiles.list(file.directory).map(keyOf);
  for (const key of keys) wake(key);
}

function fileOf({ namespace = '', name }: ObjectKey): ProfileFile {
  return profileFile(namespace, name);
}

/** A file may bear a shortened name: the key has the name that the file tells, which leads to the same file. */
function leftoverOf(file: ProfileFile, remove: Leftover['remove']): Leftover {
  const key = { namespace: file.directory, name: file.file.replace(/\.json$/, '') };
  return { key, useName: localhostProfileOf(file), remove };
}
