// SPDX-License-Identifier: Apache-2.0
// The name of a SELinux profile on a node, and the type by which pods use it. A name of CIL is a letter, then letters,
// digits, `_` and `-`; names of objects may begin with a digit and hold dots, but no capitals and no `_`. So the result
// tells the object: the last `_` parts name and namespace, others are dots, and capitals are marks.
import { requireObjectName } from '../object-names.ts';
import { sha256Hex } from '../sha256.ts';

/** Ending of the type in every block. */
const PROCESS = '.process';

/** Ending of the files in /etc/selinux.d. */
const SUFFIX = '.cil';

/** NAME_MAX of Linux file systems, in bytes: SELinux's store has a folder, and we a file, of each module's name. */
const NAME_MAX = 255;

const LONGEST_BLOCK = NAME_MAX - SUFFIX.length;

/** Put before a name that begins with a digit. */
const DIGIT_MARK = 'N';

/** Between the beginning of a name that is too long and the hash of all of it. */
const HASH_MARK = 'H';
const HASH_DIGITS = 32;

/**
 * The block, and so the module, of a profile: `nginx-secure_nginx-deploy` for nginx-secure in nginx-deploy, as the
 * manual shows it. `1web.v2` becomes `N1web_v2_NAMESPACE`. Different objects have different blocks.
 * @throws RangeError when namespace or name isn't one that Kubernetes would accept
 */
export function blockName(namespace: string, name: string): string {
  requireObjectName(namespace, name);
  const word = `${/^\d/.test(name) ? DIGIT_MARK : ''}${name.replaceAll('.', '_')}`;
  const whole = `${word}_${namespace}`;
  if (whole.length <= LONGEST_BLOCK) return whole;
  const end = `${HASH_MARK}${sha256Hex(name).slice(0, HASH_DIGITS)}_${namespace}`;
  return word.slice(0, LONGEST_BLOCK - end.length) + end;
}

/** The type that pods name in `seLinuxOptions.type`: the profile's `status.usage`. */
export function usageOf(namespace: string, name: string): string {
  return usageOfBlock(blockName(namespace, name));
}

/** The type of a block's processes. */
export function usageOfBlock(block: string): string {
  return `${block}${PROCESS}`;
}

/** A profile by its namespace and name. */
export interface NamedProfile {
  readonly namespace: string;
  readonly name: string;
}

/** The profile that a type may be of; undefined for a type that is none of ours, or of which only a hash is known. */
export function profileOfUsage(type: string): NamedProfile | undefined {
  const [, mark = '', word = '', namespace = ''] = /^(N?)([a-z0-9_-]+)_([a-z0-9-]+)\.process$/.exec(type) ?? [];
  const profile = { namespace, name: word.replaceAll('_', '.') };
  try {
    return word !== '' && usageOf(namespace, profile.name) === `${mark}${word}_${namespace}${PROCESS}`
      ? profile
      : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
