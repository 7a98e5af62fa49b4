// SPDX-License-Identifier: Apache-2.0
// The objects of a tenant besides SeccompProfiles, each nearly as large as its schema lets it be: bindings and
// recordings for every kind of profile, and profiles of the other kinds.
import { syscallNumbers } from '../src/core/seccomp/syscalls.ts';
import { SELINUX_PROFILE } from '../src/gen/kinds.ts';

const GROUP = 'security-profiles-operator.x-k8s.io';

/** Half a megabyte of labels, none of which any pod has. */
const POD_SELECTOR = {
  matchExpressions: Array.from({ length: 32 }, (_, i) => ({
    key: `k${String(i)}`,
    operator: 'In',
    values: Array.from({ length: 256 }, (_unused, n) => `${String(n)}-`.padEnd(63, 'v')),
  })),
};

/** Half a megabyte of accesses, to types that no node has. */
const ALLOWED = Object.fromEntries(
  Array.from({ length: 1000 }, (_, i) => [
    `type${String(i)}_t`,
    { file: Array.from({ length: 20 }, (_unused, n) => `permission_${String(n)}`.padEnd(24, 'x')) },
  ]),
);

const BOUND = ['SeccompProfile', 'SelinuxProfile', 'AppArmorProfile'] as const;

/** An object, and the path that it is created at. */
export interface Creation {
  readonly path: string;
  readonly object: object;
}

function creation(
  namespace: string,
  version: string,
  kind: string,
  plural: string,
  name: string,
  spec: object,
): Creation {
  const object = { apiVersion: `${GROUP}/${version}`, kind, metadata: { name }, spec };
  return { path: `/apis/${GROUP}/${version}/namespaces/${namespace}/${plural}`, object };
}

/** So many objects of each sort in a namespace. */
export function otherKinds(namespace: string, count: number): readonly Creation[] {
  const numbers = syscallNumbers('SCMP_ARCH_X86_64');
  const paths = Array.from(
    { length: 2000 },
    (_, i) => `/srv/${String(numbers[i % numbers.length])}/${'p'.repeat(80)}-${String(i)}`,
  );
  return Array.from({ length: count }, (_, i) => {
    const kind = BOUND[i % BOUND.length] ?? 'SeccompProfile';
    const name = `other-${String(i)}`;
    const binding = { profileRef: { kind, name: 'absent' }, image: `image-${String(i)}`, podSelector: POD_SELECTOR };
    const recording = { kind, recorder: 'logs', mergeStrategy: 'containers', podSelector: POD_SELECTOR };
    const abstract = { filesystem: { readOnlyPaths: paths } };
    const selinux = { inherit: [{ kind: 'System', name: 'container' }], allow: ALLOWED };
    return [
      creation(namespace, 'v1alpha1', 'ProfileBinding', 'profilebindings', name, binding),
      creation(namespace, 'v1alpha1', 'ProfileRecording', 'profilerecordings', name, recording),
      creation(namespace, 'v1alpha1', 'AppArmorProfile', 'apparmorprofiles', name, { abstract }),
      creation(namespace, SELINUX_PROFILE.version, 'SelinuxProfile', 'selinuxprofiles', name, selinux),
    ];
  }).flat();
}
