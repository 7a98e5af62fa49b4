// SPDX-License-Identifier: Apache-2.0
// How long a thousand recordings of one container take to become one profile. Beside it the least that such a merge
// could do: to count all names of all of them.
import { ANNOTATION } from '../src/core/names.ts';
import { printEvidence } from '../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../src/core/recording/runs.ts';
import { mergeRecordings } from '../src/core/recording/merge-partials.ts';
import { syscallName, syscallNumbers } from '../src/core/seccomp/syscalls.ts';
import type { SeccompProfile } from '../src/gen/crd/seccomp-profile.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const PARTS = 1000;
const ROUNDS = 9;

/** As many names as a web server's recording has. */
const COMMON = 90;

/** The account of one run. */
function evidence(part: number): string {
  const run = {
    pod: `pod-${String(part)}`,
    node: 'node',
    from: '2026-01-01T00:00:00Z',
    until: '2026-01-01T00:01:00Z',
    lost: {},
  };
  const instances = { [part.toString(16).padStart(13, '0')]: run };
  const where = { nodes: ['node'], images: ['sha256:1'], kernels: ['6.1.0'], runtimes: ['containerd://2'] };
  return printEvidence({ version: 'v1', recorder: 'logs', earlier: NO_EARLIER_RUNS, instances, ...where });
}

/** All have most calls in common, and each some that few others have. */
function partials(): readonly SeccompProfile[] {
  const all = syscallNumbers('SCMP_ARCH_X86_64').flatMap((number) => syscallName('SCMP_ARCH_X86_64', number) ?? []);
  return Array.from({ length: PARTS }, (_, part): SeccompProfile => {
    const names = all.filter((_name, at) => at < COMMON || (at * 7919 + part * 104_729) % 97 < 5);
    return {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
      kind: 'SeccompProfile',
      metadata: { name: `part-${String(part)}`, annotations: { [ANNOTATION.recordingEvidence]: evidence(part) } },
      spec: {
        defaultAction: 'SCMP_ACT_ERRNO',
        architectures: ['SCMP_ARCH_X86_64'],
        syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }],
      },
    };
  });
}

function timeOf(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function countNames(parts: readonly SeccompProfile[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { spec } of parts)
    for (const { names } of spec.syscalls ?? [])
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Merges them, a few times. */
export function measurePartials(): readonly Figure[] {
  const parts = partials();
  const rounds = Array.from({ length: ROUNDS }, () => ({
    merge: timeOf(() => mergeRecordings(parts)),
    count: timeOf(() => countNames(parts)),
  }));
  return [
    {
      what: `merge of ${String(PARTS)} partial profiles`,
      value: median(rounds.map(({ merge }) => merge)),
      unit: 'ms',
      floor: { what: 'to count their names', value: median(rounds.map(({ count }) => count)) },
      bar: 50,
    },
  ];
}
