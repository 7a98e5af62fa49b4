// SPDX-License-Identifier: Apache-2.0
// Where SeccompProfiles lie on a node, and what pods write to use them. Paths are built from checked segments only: no
// function here can return a path outside its root.
import { requireObjectName } from '../object-names.ts';
import { sha256Hex } from '../sha256.ts';

/** First part of every localhostProfile of ours, below the kubelet's seccomp directory. */
const LOCALHOST_ROOT = 'operator';

const JSON_SUFFIX = '.json';

/** NAME_MAX of Linux file systems, in bytes. Object names are ASCII. */
const NAME_MAX = 255;

/** The file of a profile below the operator's directory, as its two checked segments. */
export interface ProfileFile {
  readonly directory: string;
  readonly file: string;
}

/**
 * Directory and file name of a SeccompProfile below the operator's directory.
 *
 * A name too long for a file system (above 250 characters) keeps its beginning and gets the hash of the whole.
 * @throws RangeError when namespace or name isn't one that Kubernetes would accept
 */
export function profileFile(namespace: string, name: string): ProfileFile {
  requireObjectName(namespace, name);
  return { directory: namespace, file: fileName(name) };
}

function fileName(name: string): string {
  const whole = name.endsWith(JSON_SUFFIX) ? name : name + JSON_SUFFIX;
  if (whole.length <= NAME_MAX) return whole;
  const mark = sha256Hex(name).slice(0, 16) + JSON_SUFFIX;
  return name.slice(0, NAME_MAX - mark.length - 1) + '-' + mark;
}

/** Absolute path of a SeccompProfile's file on the node; `kubeletDir` as from KUBELET_DIR. */
export function seccompPath(kubeletDir: string, namespace: string, name: string): string {
  const { directory, file } = profileFile(namespace, name);
  return `${profilesRoot(kubeletDir)}/${directory}/${file}`;
}

/** The value of a pod's `seccompProfile.localhostProfile` that selects the profile. */
export function localhostProfile(namespace: string, name: string): string {
  return localhostProfileOf(profileFile(namespace, name));
}

/** The localhostProfile of a file. */
export function localhostProfileOf({ directory, file }: ProfileFile): string {
  return `${LOCALHOST_ROOT}/${directory}/${file}`;
}

/**
 * A localhostProfile of ours, `operator/<namespace>/<file>`, in the one spelling that localhostProfile() gives;
 * undefined for others. The API server takes empty and `.` parts, and the kubelet drops them. It takes no `..`.
 */
export function ourLocalhostProfile(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 3 && parts[0] === LOCALHOST_ROOT ? parts.join('/') : undefined;
}

/** A profile by its namespace and name. */
export interface ProfileName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The profiles that a localhostProfile of ours may be of: `a.json` is the file of `a` and, where that is not there, of
 * `a.json`. Of a name that was too long for a file system only the file is known: none.
 */
export function profilesOfPath(path: string): readonly ProfileName[] {
  const [, namespace = '', file = ''] = (ourLocalhostProfile(path) ?? '').split('/');
  if (!file.endsWith(JSON_SUFFIX) || file.length === NAME_MAX) return [];
  return [file.slice(0, -JSON_SUFFIX.length), file].map((name) => ({ namespace, name }));
}

/**
 * The profile whose file `name` would overwrite: `a.json` and `a` share the file `a.json`. The one without the suffix
 * owns it; undefined when the file belongs to `name` alone.
 */
export function fileRival(name: string): string | undefined {
  return name.endsWith(JSON_SUFFIX) ? name.slice(0, -JSON_SUFFIX.length) : undefined;
}

/** The kubelet's seccomp directory. */
export function seccompRoot(kubeletDir: string): string {
  return `${withoutTrailingSlash(kubeletDir)}/seccomp`;
}

/** The operator's directory as the kubelet sees it. */
export function profilesRoot(kubeletDir: string): string {
  return `${seccompRoot(kubeletDir)}/${LOCALHOST_ROOT}`;
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.replace(/\/+$/, '') : path;
}
