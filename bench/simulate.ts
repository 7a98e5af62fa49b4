// SPDX-License-Identifier: Apache-2.0
// How long a profile takes to meet the recordings of a thousand containers. Beside it the least that could be done: to
// look up all of their calls in one set.
import { callsOfRecording } from '../src/core/evidence/made-calls.ts';
import { simulate } from '../src/core/evidence/simulate.ts';
import type { Profile } from '../src/core/seccomp/model.ts';
import { syscallName, syscallNumbers } from '../src/core/seccomp/syscalls.ts';
import type { SeccompProfile } from '../src/gen/crd/seccomp-profile.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const CONTAINERS = 1000;
const ROUNDS = 9;

/** As many names as a web server's recording has. */
const COMMON = 90;

const NATIVE = 'SCMP_ARCH_X86_64';

function recordings(all: readonly string[]): readonly SeccompProfile[] {
  return Array.from({ length: CONTAINERS }, (_, container) => ({
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name: `part-${String(container)}` },
    spec: {
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: [NATIVE],
      syscalls: [
        { names: all.filter((_name, at) => at < COMMON || (at + container) % 97 === 0), action: 'SCMP_ACT_ALLOW' },
      ],
    },
  }));
}

function timeOf(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** Simulates, a few times. */
export function measureSimulate(): readonly Figure[] {
  const all = syscallNumbers(NATIVE).flatMap((number) => syscallName(NATIVE, number) ?? []);
  const parts = recordings(all);
  const rule = { names: all.slice(0, COMMON), action: 'SCMP_ACT_ALLOW', args: [] } as const;
  const profile: Profile = { defaultAction: 'SCMP_ACT_ERRNO', architectures: [NATIVE], rules: [rule] };
  const allowed = new Set(rule.names);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    whole: timeOf(() =>
      simulate(
        profile,
        NATIVE,
        parts.flatMap((part, at) => callsOfRecording(part, String(at)).calls),
      ),
    ),
    lookUp: timeOf(() =>
      parts.flatMap(({ spec }) =>
        (spec.syscalls ?? []).flatMap(({ names }) => names.filter((name) => !allowed.has(name))),
      ),
    ),
  }));
  return [
    {
      what: `simulation of ${String(CONTAINERS)} containers' recordings`,
      value: median(rounds.map(({ whole }) => whole)),
      unit: 'ms',
      floor: { what: 'to look up their calls', value: median(rounds.map(({ lookUp }) => lookUp)) },
      bar: 100,
    },
  ];
}
