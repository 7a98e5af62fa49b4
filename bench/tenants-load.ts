// SPDX-License-Identifier: Apache-2.0
// Everything that one tenant creates: profiles of a megabyte, of a hundred kilobytes in ten more namespaces, and half
// megabytes of the other kinds. TENANTS_SCALE says how much of it.
import { syscallName, syscallNumbers } from '../src/core/seccomp/syscalls.ts';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import { profilesPath } from '../tools/lab/operator.ts';
import { otherKinds } from './tenants-kinds.ts';
import type { Creation } from './tenants-kinds.ts';

const SCALE = Number(process.env['TENANTS_SCALE'] ?? '1');
const scaled = (count: number): number => Math.max(1, Math.round(count * SCALE));
/** The namespace of the large ones. */
export const LARGE = { namespace: 'large', count: scaled(40), rules: 240 };
/** Where those of a hundred kilobytes are. */
export const MIDDLE = { namespaces: 10, count: scaled(30), rules: 24 };
/** Bindings, recordings, AppArmorProfiles and SelinuxProfiles of the first of them, each. */
const OTHER_KINDS = scaled(30);
/** The beginning of every SeccompProfile. */
export const KIND = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };

/** All calls of the machine. */
const CALLS = syscallNumbers('SCMP_ARCH_X86_64').flatMap((number) => syscallName('SCMP_ARCH_X86_64', number) ?? []);

/**
 * A profile whose rules name nearly all calls, again and again: 4.5 KB a rule, and a filter that every kernel takes.
 */
function large(name: string, rules: number): object {
  const syscalls = Array.from({ length: rules }, (_, rule) => ({
    action: 'SCMP_ACT_ALLOW',
    names: CALLS.slice(rule % 50),
  }));
  return { ...KIND, metadata: { name }, spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls } };
}

/**
 * Validating a profile of 1 MB takes the API server seconds, and where others work beside it more than it gives itself.
 */
async function createWith(plane: ControlPlane, { path: resource, object }: Creation): Promise<void> {
  for (;;) {
    const { status, body } = await plane.admin.request('POST', resource, object);
    if (status < 300 || status === 409) return;
    if (status !== 504) throw new Error(`${resource} was not created: ${String(status)} ${JSON.stringify(body)}`);
  }
}

function creations(): readonly Creation[] {
  const profiles = (count: number, rules: number, prefix: string, namespace: (i: number) => string): Creation[] =>
    Array.from({ length: count }, (_, i) => ({
      path: profilesPath(namespace(i)),
      object: large(`${prefix}-${String(i)}`, rules),
    }));
  return [
    ...profiles(LARGE.count, LARGE.rules, 'large', () => LARGE.namespace),
    ...profiles(MIDDLE.count, MIDDLE.rules, 'middle', (i) => `middle-${String(i % MIDDLE.namespaces)}`),
    ...otherKinds(LARGE.namespace, OTHER_KINDS),
  ];
}

/** Creates all of it, one after the other, as `kubectl create` does. */
export async function createAll(plane: ControlPlane): Promise<void> {
  for (const creation of creations()) await createWith(plane, creation);
}
