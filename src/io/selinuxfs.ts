// SPDX-License-Identifier: Apache-2.0
// The names of the policy that the kernel has, by its file system: a folder for each class with a file for each
// permission, and a file that takes contexts and refuses those that mean nothing. It takes no privilege.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A label that every policy has: the kernel's for objects whose own label it does not know. */
const SAMPLE = 'initial_contexts/unlabeled';

/** Where the kernel's status page has the number of loads (security/selinux/include/security.h of Linux). */
const LOADS_AT = 12;

/** How often the kernel has got a policy; undefined where it does not tell. */
export function policyLoads(root: string): number | undefined {
  try {
    return readFileSync(path.join(root, 'status')).readUInt32LE(LOADS_AT);
  } catch {
    return undefined;
  }
}

/** A policy, as it is while its names are asked for: each is looked up once. */
export class SelinuxNames {
  private readonly root: string;
  private readonly known = new Map<string, boolean | undefined>();

  /** @param root - where the kernel's selinuxfs is mounted */
  constructor(root: string) {
    this.root = root;
  }

  /** Undefined where the kernel does not show its classes. */
  hasClass(name: string): boolean | undefined {
    return this.once(`class ${name}`, () => this.isThere(name));
  }

  /** Undefined where the kernel does not show its classes. */
  hasPermission(objectClass: string, name: string): boolean | undefined {
    return this.once(`class ${objectClass} ${name}`, () => this.isThere(objectClass, 'perms', name));
  }

  /** Whether objects can have the type; undefined where the kernel does not say. */
  hasType(name: string): boolean | undefined {
    return this.once(`type ${name}`, () => this.takesType(name));
  }

  private once(key: string, look: () => boolean | undefined): boolean | undefined {
    if (!this.known.has(key)) this.known.set(key, look());
    return this.known.get(key);
  }

  private isThere(...steps: readonly string[]): boolean | undefined {
    const classes = path.join(this.root, 'class');
    return existsSync(path.join(classes, ...steps)) || (existsSync(path.join(classes, 'file')) ? false : undefined);
  }

  private takesType(name: string): boolean | undefined {
    try {
      const [user, role, , ...range] = readFileSync(path.join(this.root, SAMPLE), 'utf8')
        .replace(/\0.*/s, '')
        .split(':');
      writeFileSync(path.join(this.root, 'context'), [user, role, name, ...range].join(':'), { flag: 'r+' });
      return true;
    } catch (error) {
      // Whatever else it is, access or a missing file, says nothing of the type.
      return error instanceof Error && 'code' in error && error.code === 'EINVAL' ? false : undefined;
    }
  }
}
