// SPDX-License-Identifier: Apache-2.0
// A made-up recording of many replicas, as a cluster has it before it is merged: calls that all make, calls of features
// that some use, and calls that one replica alone has made.
import { ANNOTATION, LABEL } from '../src/core/names.ts';
import { ADDED_REASON } from '../src/core/recording/added-calls.ts';
import { printEvidence } from '../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../src/core/recording/runs.ts';
import { syscallName, syscallNumbers } from '../src/core/seccomp/syscalls.ts';
import type { SeccompProfile } from '../src/gen/crd/seccomp-profile.ts';

const NATIVE = 'SCMP_ARCH_X86_64';

/** Shares of the calls: made by all, by some, by one replica each. */
const COMMON = 0.6;
const RARE = 0.05;

/** Calls that a recording permits on the runtime's account. */
const BASE = ['close_range', 'execveat', 'faccessat2', 'seccomp', 'setns'];

/** The replicas start so far apart, in milliseconds, and run for so long. */
const APART_MS = 60_000;
const RUN_MS = 900_000;
const BEGIN = Date.UTC(2026, 0, 5, 9);

function time(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A whole number that looks random, the same one for the same pair. */
function mixed(call: number, replica: number): number {
  const product = Math.imul(call * 2_654_435 + replica * 40_503 + 12_345, 2_246_822_519);
  return (product ^ (product >>> 15)) >>> 0;
}

function isMade(call: number, calls: number, replica: number, replicas: number): boolean {
  if (call < calls * COMMON) return true;
  if (call >= calls * (1 - RARE)) return mixed(call, 0) % replicas === replica;
  return mixed(call, replica) % calls < (calls * (1 - RARE) - call) * 2;
}

function evidenceOfReplica(replica: number): string {
  const from = BEGIN + replica * APART_MS;
  const pod = `00000000-0000-4000-8000-${replica.toString(16).padStart(12, '0')}`;
  const node = `worker-${String(replica % 5)}.example.com`;
  const run = { pod, node, from: time(from), until: time(from + RUN_MS), lost: {} };
  return printEvidence({
    version: 'v1',
    recorder: 'bpf',
    instances: { [mixed(1, replica).toString(16).padStart(13, '0')]: run },
    earlier: NO_EARLIER_RUNS,
    nodes: [node],
    images: [`registry.example.com/team/web@sha256:${'0123456789abcdef'.repeat(4)}`],
    kernels: [replica % 2 === 0 ? '6.8.0-31-generic' : '6.1.0-18-amd64'],
    runtimes: ['containerd://1.7.12'],
    firstCall: time(from),
    lastNewCall: time(from + 42_000),
  });
}

/** The partial profiles of so many replicas that have made so many different calls together. */
export function recordedReplicas(replicas: number, calls: number): readonly SeccompProfile[] {
  const all = syscallNumbers(NATIVE).flatMap((number) => syscallName(NATIVE, number) ?? []);
  return Array.from({ length: replicas }, (_, replica) => ({
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: {
      name: `web-nginx-${String(replica)}`,
      namespace: 'shop',
      labels: { [LABEL.recordingId]: 'web', [LABEL.containerId]: 'nginx' },
      annotations: {
        [ANNOTATION.addedSyscalls]: `${ADDED_REASON.base}: ${BASE.join(', ')}`,
        [ANNOTATION.recordingEvidence]: evidenceOfReplica(replica),
      },
    },
    spec: {
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: [NATIVE],
      syscalls: [
        {
          action: 'SCMP_ACT_ALLOW',
          names: [...all.slice(0, calls).filter((_name, call) => isMade(call, calls, replica, replicas)), ...BASE],
        },
      ],
    },
  }));
}
