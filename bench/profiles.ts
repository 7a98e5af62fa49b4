// SPDX-License-Identifier: Apache-2.0
// Profiles by the hundred, for benchmarks of the lab: made, waited for, removed.
import { setTimeout as sleep } from 'node:timers/promises';
import { profilesPath } from './api.ts';
import type { Api } from './api.ts';

/** Where benchmarks put their profiles. */
export const NAMESPACE = 'bench';

/** A profile, as far as it is read. */
export interface Seen {
  readonly metadata: { readonly name: string; readonly finalizers?: readonly string[] };
  readonly status?: { readonly status?: string };
}

/** A profile of ten calls. */
export function profile(name: string): object {
  const names = ['read', 'write', 'close', 'execve', 'exit_group', 'futex', 'mmap', 'openat', 'brk', 'fstat'];
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names }] };
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name },
    spec,
  };
}

/** A profile that refuses nothing, for pods that are only to have one. */
export function lenientProfile(name: string): object {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name },
    spec: { defaultAction: 'SCMP_ACT_ALLOW' },
  };
}

/** Resolves when all the named profiles are Installed. */
export async function untilInstalled(api: Api, names: ReadonlySet<string>): Promise<number> {
  const left = new Set(names);
  await api.watch(profilesPath(NAMESPACE), ({ object }) => {
    const { metadata, status } = object as Seen;
    if (status?.status === 'Installed') left.delete(metadata.name);
    return left.size === 0;
  });
  return performance.now();
}

/** Deletes all profiles and waits until the last one has gone. */
export async function removeAll(api: Api): Promise<void> {
  await api.send('DELETE', profilesPath(NAMESPACE));
  for (;;) {
    // A list of all of them would be work for the API server beside the deletions.
    const one = await api.send('GET', `${profilesPath(NAMESPACE)}?limit=1`);
    const list = JSON.parse(one) as { items: readonly unknown[] };
    if (list.items.length === 0) return;
    await sleep(10);
  }
}

/** Installs profiles and waits for the last one. */
export async function installAll(api: Api, prefix: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${String(index)}`);
  const installed = untilInstalled(api, new Set(names));
  await Promise.all(names.map((name) => api.send('POST', profilesPath(NAMESPACE), profile(name))));
  await installed;
}
