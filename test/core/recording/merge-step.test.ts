// SPDX-License-Identifier: Apache-2.0
// The steps by which the parts of a recording become one profile, and what holds a step up.
import { expect } from 'chai';
import { ANNOTATION, FINALIZER, LABEL } from '../../../src/core/names.ts';
import { printEvidence } from '../../../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../../../src/core/recording/runs.ts';
import { finalStep, gatheringStep } from '../../../src/core/recording/merge-step.ts';
import type { MergeStep } from '../../../src/core/recording/merge-step.ts';
import type { MergedProfile } from '../../../src/core/recording/merged-profile.ts';
import type { SeccompProfile, SeccompProfileSpec } from '../../../src/gen/crd/seccomp-profile.ts';
import { seccompProfile } from '../../fakes/profiles.ts';

interface PartOptions {
  readonly isRunning?: boolean;
  readonly isLeaving?: boolean;
  readonly spec?: Partial<SeccompProfileSpec>;
}

function part(pod: string, names: readonly string[], options: PartOptions = {}): SeccompProfile {
  const until = options.isRunning === true ? {} : { until: '2026-01-01T00:01:00Z' };
  const evidence = printEvidence({
    version: 'v1',
    recorder: 'bpf',
    earlier: NO_EARLIER_RUNS,
    instances: {
      [Buffer.from(pod).toString('hex')]: { pod, node: 'n', from: '2026-01-01T00:00:00Z', lost: {}, ...until },
    },
    nodes: ['n'],
    images: [],
    kernels: [],
    runtimes: [],
  });
  const metadata = {
    namespace: 'shop',
    labels: { [LABEL.partial]: 'true' },
    annotations: { [ANNOTATION.recordingEvidence]: evidence },
    finalizers: [FINALIZER.partialProfile],
    ...(options.isLeaving === true ? { deletionTimestamp: '2026-01-02T00:00:00Z' } : {}),
  };
  const spec = { architectures: ['SCMP_ARCH_X86_64'] as const, ...options.spec };
  return seccompProfile(`rec-c-${pod}`, names, { metadata, spec });
}

function group(profiles: readonly SeccompProfile[]) {
  return { namespace: 'shop', recording: 'rec', container: 'c', profiles };
}

/** The profiles after a step, as the cluster has them when all of it was written. */
function after(
  profiles: readonly SeccompProfile[],
  { target, finished, name }: MergeStep<SeccompProfile>,
): readonly SeccompProfile[] {
  const kept = profiles.filter(
    (one) => !finished.includes(one) && (target === undefined || one.metadata.name !== name),
  );
  return target === undefined ? kept : [...kept, written(target)];
}

function written(target: MergedProfile<SeccompProfile>): SeccompProfile {
  return { ...target, metadata: { ...target.metadata, uid: target.metadata.name, generation: 1 } };
}

function allowed(profile: MergedProfile<SeccompProfile> | undefined): readonly string[] {
  return (profile?.spec.syscalls ?? []).flatMap(({ names }) => names).sort();
}

const names = (profiles: readonly SeccompProfile[]): readonly string[] => profiles.map(({ metadata }) => metadata.name);

describe('finalStep()', () => {
  it('writes the profile first, deletes parts when it is there, and ends with nothing to do', () => {
    const parts = [part('a', ['read']), part('b', ['write'])];
    const first = finalStep(group(parts), false);
    expect(allowed(first.target)).to.deep.equal(['read', 'write']);
    expect(first).to.include({ name: 'rec-c', taken: 2, running: 0, isUnfinished: true });
    expect(first.finished).to.deep.equal([]);
    expect(first.target?.metadata.labels).to.not.have.property(LABEL.partial);
    const merged = after(parts, first);
    const second = finalStep(group(merged), false);
    expect(second.target).to.equal(undefined);
    expect(names(second.finished)).to.deep.equal(['rec-c-a', 'rec-c-b']);
    const clean = after(merged, second);
    const third = finalStep(group(clean), false);
    expect(third.target?.metadata.annotations).to.not.have.property(ANNOTATION.mergedParts);
    expect(finalStep(group(after(clean, third)), false)).to.include({ taken: 0, isUnfinished: false });
  });

  it('counts a part again by its new calls only, when it has changed after it was merged', () => {
    const parts = [part('a', ['read']), part('b', ['read'])];
    const merged = after(parts, finalStep(group(parts), false));
    const changed = { ...part('a', ['read', 'write']), metadata: { ...part('a', []).metadata, generation: 2 } };
    const grown = merged.map((one) => (one.metadata.name === 'rec-c-a' ? changed : one));
    const step = finalStep(group(grown), false);
    expect(step.taken).to.equal(1);
    const coverage: unknown = JSON.parse(step.target?.metadata.annotations?.[ANNOTATION.syscallCoverage] ?? '');
    expect(coverage).to.deep.equal({ version: 'v1', total: 2, syscalls: { read: 2, write: 1 }, alone: [['write']] });
  });

  it('leaves parts of running containers, until it is told to take them', () => {
    const parts = [part('a', ['read']), part('b', ['write'], { isRunning: true })];
    const patient = finalStep(group(parts), false);
    expect(patient).to.include({ taken: 1, running: 1, isUnfinished: true });
    expect(patient.target?.metadata.labels).to.have.property(LABEL.partial, 'true');
    expect(patient.target?.metadata.finalizers).to.deep.equal([FINALIZER.partialProfile]);
    const last = finalStep(group(after(parts, patient)), true);
    expect(allowed(last.target)).to.deep.equal(['read', 'write']);
    expect(last.target?.metadata.annotations?.[ANNOTATION.recordingIncomplete]).to.match(/end of .* was not seen/);
    expect(last.target?.metadata).to.not.have.property('finalizers');
  });

  it('says which part has no union with the others, and merges those', () => {
    const odd = part('z', ['read'], { spec: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] } });
    const broken = { ...odd, spec: { ...odd.spec, architectures: ['SCMP_ARCH_NONE'] } } as unknown as SeccompProfile;
    const step = finalStep(group([part('a', ['read']), broken]), false);
    expect(step.taken).to.equal(1);
    expect(step.faults).to.have.length(1);
    expect(step.isUnfinished).to.equal(true);
    const left = finalStep(
      group([part('a', ['read']), { ...broken, metadata: part('z', [], { isLeaving: true }).metadata }]),
      false,
    );
    expect(left.faults).to.deep.equal([]);
    expect(names(left.finished)).to.deep.equal(['rec-c-z']);
  });

  it('writes into no profile that is being deleted', () => {
    const target = part('x', ['read'], { isLeaving: true });
    const leaving = { ...target, metadata: { ...target.metadata, name: 'rec-c', uid: 'old', labels: {} } };
    const step = finalStep(group([part('a', ['read']), leaving]), false);
    expect(step.target).to.equal(undefined);
    expect(step.faults).to.deep.equal(['SeccompProfile rec-c is being deleted']);
  });

  it('has nothing to do where there is nothing', () => {
    expect(finalStep(group([]), true)).to.deep.include({ taken: 0, finished: [], faults: [], isUnfinished: false });
  });
});

describe('gatheringStep()', () => {
  const many = (count: number): readonly SeccompProfile[] =>
    Array.from({ length: count }, (_, index) => part(`p${String(index)}`, [index % 2 === 0 ? 'read' : 'write']));

  it('lets fifty ended parts be', () => {
    const step = gatheringStep(group(many(50)));
    expect(step).to.not.have.property('target');
    expect(step.taken).to.equal(0);
  });

  it('puts more of them into one part, which counts them all and waits to be merged itself', () => {
    const parts = [...many(51), part('r', ['openat'], { isRunning: true })];
    const step = gatheringStep(group(parts));
    expect(step).to.include({ taken: 51, running: 1 });
    expect(allowed(step.target)).to.deep.equal(['read', 'write']);
    expect(step.target?.metadata.labels).to.have.property(LABEL.partial, 'true');
    const coverage: unknown = JSON.parse(step.target?.metadata.annotations?.[ANNOTATION.syscallCoverage] ?? '');
    expect(coverage).to.deep.equal({ version: 'v1', total: 51, syscalls: { read: 26, write: 25 } });
    const kept = after(after(parts, step), gatheringStep(group(after(parts, step))));
    expect(names(kept).toSorted()).to.deep.equal(['rec-c-r', step.name].toSorted());
  });

  it('takes two hundred at a time', () => {
    const parts = many(230);
    const step = gatheringStep(group(parts));
    expect(step).to.include({ taken: 200, isUnfinished: true });
  });
});
