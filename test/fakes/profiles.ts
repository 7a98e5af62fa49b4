// SPDX-License-Identifier: Apache-2.0
// SeccompProfiles, disks and stores for the tests of handlers: values that work, no mocks.
import type { SeccompProfile, SeccompProfileSpec } from '../../src/gen/crd/seccomp-profile.ts';
import type { ProfileFile } from '../../src/core/seccomp/files.ts';
import type { BaseArtifacts } from '../../src/handlers/sources/base-artifacts.ts';
import type { KubeObject, ObjectMeta } from '../../src/runtime/object.ts';
import { Store } from '../../src/runtime/store.ts';

/** A cluster whose profiles name no artifact. */
export const NO_ARTIFACTS: BaseArtifacts = {
  find: (name) => {
    throw new Error(`${name} is looked for`);
  },
  get: () => undefined,
};

/** A kernel that can do everything. */
export const KERNEL = {
  release: '6.1.0',
  machine: 'x86_64',
  actions: ['kill_process', 'kill_thread', 'trap', 'errno', 'user_notif', 'trace', 'log', 'allow'],
};

/** A profile of the namespace `ns` that allows what is named; its uid is its name. */
export function seccompProfile(
  name: string,
  names: readonly string[] = ['read'],
  more: { readonly spec?: Partial<SeccompProfileSpec>; readonly metadata?: Partial<ObjectMeta> } = {},
): SeccompProfile {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name, namespace: 'ns', uid: name, generation: 1, ...(more.metadata as object) },
    spec: {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ action: 'SCMP_ACT_ALLOW', names }],
      ...more.spec,
    },
  };
}

/** A store whose objects a test sets; it is read as handlers read. */
export class Shelf<T extends KubeObject> extends Store<T> {
  private version = 0;

  /** Puts an object in, as a watch would. Returns it as stored. */
  set(object: T): T {
    this.version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
    this.upsert('', stored, 'fresh');
    return stored;
  }

  /** Takes an object out. */
  take(name: string, namespace: string | undefined = 'ns'): void {
    this.remove({ namespace, name }, 'fresh');
  }
}

/** A directory in memory, with faults on demand. */
export class MemoryFiles {
  readonly texts = new Map<string, string>();
  fault: Error | undefined;

  async write(file: ProfileFile, text: string): Promise<boolean> {
    if (this.fault !== undefined) throw this.fault;
    const key = `${file.directory}/${file.file}`;
    if (this.texts.get(key) === text) return false;
    this.texts.set(key, text);
    return true;
  }

  async read(file: ProfileFile): Promise<string | undefined> {
    if (this.fault !== undefined) throw this.fault;
    return this.texts.get(`${file.directory}/${file.file}`);
  }

  async remove(file: ProfileFile): Promise<boolean> {
    if (this.fault !== undefined) throw this.fault;
    return this.texts.delete(`${file.directory}/${file.file}`);
  }
}
