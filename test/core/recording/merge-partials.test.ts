// SPDX-License-Identifier: Apache-2.0
// Recordings of several containers put together: cases, and the laws of the sum.
import { expect } from 'chai';
import fc from 'fast-check';
import { ANNOTATION } from '../../../src/core/names.ts';
import { printEvidence } from '../../../src/core/recording/evidence.ts';
import type { Evidence } from '../../../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../../../src/core/recording/runs.ts';
import { mergeRecordings } from '../../../src/core/recording/merge-partials.ts';
import type { MergedRecordings } from '../../../src/core/recording/merge-partials.ts';
import { EMPTY_LEDGER } from '../../../src/core/recording/ledger.ts';
import { profileObject, profileOf } from '../../../src/core/recording/profile.ts';
import { syscallNumber } from '../../../src/core/seccomp/syscalls.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';

const NATIVE = 'SCMP_ARCH_X86_64';

/** A recording of a container that made these calls, as its profile. */
function recorded(names: readonly string[], change: Partial<typeof EMPTY_LEDGER> = {}): SeccompProfile {
  const numbers = names.map((name) => syscallNumber(NATIVE, name) ?? -1);
  const ledger = { ...EMPTY_LEDGER, calls: new Map([[NATIVE, new Set(numbers)]] as const), ...change };
  return profileObject('part', profileOf(ledger, NATIVE, ['execve', 'openat']));
}

function asPart({ spec, annotations }: MergedRecordings<SeccompProfile>): SeccompProfile {
  return { ...recorded([]), metadata: { name: 'merged', annotations }, spec };
}

const disabled = (part: SeccompProfile): SeccompProfile => ({ ...part, spec: { ...part.spec, disabled: true } });

describe('mergeRecordings()', () => {
  it('permits what any part permits, and counts in how many a call was seen', () => {
    const { spec, annotations } = mergeRecordings([recorded(['read', 'mknod']), recorded(['read']), recorded([])]);
    expect(spec.syscalls?.flatMap(({ names }) => names)).to.include.members(['read', 'mknod', 'execve']);
    expect(JSON.parse(annotations[ANNOTATION.syscallCoverage] ?? '')).to.deep.equal({
      version: 'v1',
      total: 3,
      alone: [['mknod']],
      syscalls: { mknod: 1, read: 2 },
    });
  });

  it('says of a call that was seen anywhere no longer that it was added', () => {
    const added = (parts: readonly SeccompProfile[]) => mergeRecordings(parts).annotations[ANNOTATION.addedSyscalls];
    expect(added([recorded(['read']), recorded(['read'])])).to.include('base syscalls: execve, openat');
    expect(added([recorded(['read']), recorded(['openat'])])).to.include('base syscalls: execve;');
  });

  it('lacks what any part lacks', () => {
    const { annotations } = mergeRecordings([
      recorded(['read']),
      recorded(['read'], { running: 2 }),
      recorded(['read'], { running: 2, earlier: 1 }),
    ]);
    expect(annotations[ANNOTATION.recordingIncomplete]?.split('; ')).to.have.length(2);
    expect(mergeRecordings([recorded(['read'])]).annotations).not.to.have.property(ANNOTATION.recordingIncomplete);
  });

  it('tells of many gaps the first ones, and that there are more', () => {
    const parts = Array.from({ length: 80 }, (_, at) => recorded([], { running: 100 + at }));
    const gaps = mergeRecordings(parts).annotations[ANNOTATION.recordingIncomplete]?.split('; ') ?? [];
    expect(gaps).to.have.length(31);
    expect(gaps.at(-1)).to.equal('there are more gaps than are listed here');
  });

  it('is learnt by the runs of all parts, each once', () => {
    const run = { pod: 'p', node: 'n', from: '2026-01-01T00:00:00Z', until: '2026-01-01T00:01:00Z', lost: {} };
    const known = { earlier: NO_EARLIER_RUNS, nodes: ['n'], images: [], kernels: [], runtimes: [] };
    const told = (instances: Evidence['instances']): SeccompProfile => {
      const evidence: Evidence = { ...known, version: 'v1', recorder: 'bpf', instances };
      const annotations = { [ANNOTATION.recordingEvidence]: printEvidence(evidence) };
      return { ...recorded(['read']), metadata: { name: 'part', annotations } };
    };
    const { annotations } = mergeRecordings([told({ a1: run }), told({ a1: run, b2: run }), recorded([])]);
    expect(JSON.parse(annotations[ANNOTATION.recordingEvidence] ?? '')).to.deep.include({
      state: 'ended',
      pods: 1,
      runs: 2,
      seconds: 120,
    });
  });

  it('is disabled as soon as a part is', () => {
    expect(mergeRecordings([recorded(['read']), disabled(recorded(['read']))]).spec.disabled).to.equal(true);
    expect(mergeRecordings([recorded(['read'])]).spec).not.to.have.property('disabled');
  });

  it('refuses parts that have no union', () => {
    const based = (baseProfileName: string): SeccompProfile => ({
      ...recorded([]),
      spec: { ...recorded([]).spec, baseProfileName },
    });
    expect(() => mergeRecordings([based('a'), based('b')])).to.throw(RangeError, 'baseProfileName');
  });
});

const parts = fc.array(
  fc
    .record({
      names: fc.subarray(['read', 'write', 'openat', 'execve', 'clone3', 'statx', 'mknod']),
      running: fc.nat({ max: 40 }),
      isDisabled: fc.boolean(),
    })
    .map(({ names, running, isDisabled }) =>
      isDisabled ? disabled(recorded(names, { running })) : recorded(names, { running }),
    ),
  { minLength: 1, maxLength: 8 },
);

describe('the sum of recordings', () => {
  it('is the same in any order', () => {
    fc.assert(
      fc.property(parts, (all) => {
        expect(mergeRecordings([...all].reverse())).to.deep.equal(mergeRecordings(all));
      }),
      { numRuns: 30 },
    );
  });

  it('is the same in any groups', () => {
    fc.assert(
      fc.property(parts, parts, parts, (first, second, third) => {
        const group = (...some: readonly SeccompProfile[]): SeccompProfile => asPart(mergeRecordings(some));
        const whole = mergeRecordings([...first, ...second, ...third]);
        expect(mergeRecordings([group(...first), ...second, ...third])).to.deep.equal(whole);
        expect(mergeRecordings([group(group(...first), ...second), group(...third)])).to.deep.equal(whole);
      }),
      { numRuns: 30 },
    );
  });
});
