// SPDX-License-Identifier: Apache-2.0
// A profile as a recording in a cluster leaves it: with evidence of three runs of replicas that lost nothing.
import { ANNOTATION } from '../../src/core/names.ts';
import { printEvidence } from '../../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../../src/core/recording/runs.ts';

/** Whose recording a profile is of, in tests of one node. */
export const ORIGIN = {
  kind: 'SeccompProfile',
  recording: 'rec',
  namespace: 'ns',
  container: 'main',
  recorder: 'bpf',
  isPart: false,
  isDisabled: false,
} as const;

const at = (minute: number): string => `2026-01-01T00:0${String(minute)}:00Z`;

/** The profile as JSON. */
export function recordedProfileText(): string {
  const run = (minute: number) => ({
    pod: `pod-${String(minute)}`,
    node: 'node-of-ours',
    from: at(minute),
    until: at(minute + 1),
    lost: {},
  });
  const evidence = printEvidence({
    version: 'v1',
    recorder: 'bpf',
    instances: { a1: run(1), a2: run(3), a3: run(5) },
    earlier: NO_EARLIER_RUNS,
    nodes: ['node-of-ours'],
    images: ['registry.example/web@sha256:0123'],
    kernels: ['6.1.0-1'],
    runtimes: ['containerd://1.7.1'],
    firstCall: at(1),
    lastNewCall: at(2),
  });
  const coverage = JSON.stringify({ version: 'v1', total: 3, syscalls: { read: 3, mknod: 1 }, alone: [['mknod']] });
  return JSON.stringify({
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: {
      name: 'web',
      annotations: {
        [ANNOTATION.recordingEvidence]: evidence,
        [ANNOTATION.syscallCoverage]: coverage,
        [ANNOTATION.addedSyscalls]: 'base syscalls: execve',
      },
    },
    spec: {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['execve', 'mknod', 'read'] }],
    },
  });
}
