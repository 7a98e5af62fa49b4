// SPDX-License-Identifier: Apache-2.0
// A machine on which nothing is amiss, for tests that change one thing.
import type { NodeFacts } from '../../../src/core/doctor/node-facts.ts';

/** Something that was seen. */
export function seen<T>(value: T) {
  return { type: 'seen', value } as const;
}

/** Something that was not, for want of a right. */
export const UNSEEN = { type: 'unseen', why: 'read /x: permission denied' } as const;

/** The machine. */
export const HEALTHY: NodeFacts = {
  version: '0.1.0',
  nodeVersion: 'v24.0.0',
  kernel: { release: '6.1.0-28-amd64', machine: 'x86_64', actions: ['errno', 'log', 'allow'] },
  loggedActions: seen(['errno', 'log']),
  bootOptions: seen(['quiet']),
  modules: seen(['capability', 'apparmor']),
  hasBtf: true,
  cgroupVersion: 2,
  auditLogs: [
    { path: '/var/log/audit/audit.log', state: 'missing' },
    { path: '/var/log/syslog', state: 'readable' },
  ],
  selinux: { isOn: false, isEnforcing: UNSEEN, policy: undefined, hasStore: false },
  appArmor: { isOn: true, hasParser: true },
  runtimes: {
    sockets: ['/run/containerd/containerd.sock'],
    programs: [{ path: '/usr/bin/runc', version: seen('runc version 1.1.5') }],
  },
  kubelet: {
    directory: '/var/lib/kubelet',
    isThere: true,
    room: seen({ bytes: 1 << 30, inodes: 100_000, allInodes: 200_000 }),
    link: seen('/var/lib/security-profiles-operator'),
    profiles: seen(3),
    daemonRuns: seen(true),
  },
  missingPrograms: [],
};
