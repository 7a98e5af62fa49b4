// SPDX-License-Identifier: Apache-2.0
// The merging of parts: what comes out, what is held meanwhile, and that a merge which breaks off loses nothing.
import { expect } from 'chai';
import fc from 'fast-check';
import { ANNOTATION, FINALIZER, LABEL } from '../../../src/core/names.ts';
import { parseCoverage, sumCoverages } from '../../../src/core/recording/coverage.ts';
import type { Coverage } from '../../../src/core/recording/coverage.ts';
import { evidenceOf } from '../../../src/core/recording/merge-partials.ts';
import { printEvidence, summaryOf } from '../../../src/core/recording/evidence.ts';
import type { ProfileRecording } from '../../../src/gen/crd/profile-recording.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import type { Outcome } from '../../../src/runtime/outcome.ts';
import { deleted, labels, PartCluster } from './part-cluster.ts';

const goingOn: ProfileRecording = { ...deleted(), metadata: { name: 'rec', namespace: 'shop', uid: 'u' } };

const coverageOf = (profile: SeccompProfile | undefined): Coverage | undefined =>
  parseCoverage(profile?.metadata.annotations?.[ANNOTATION.syscallCoverage] ?? '');
const reasons = (outcomes: readonly Outcome<ProfileRecording>[]) =>
  outcomes.flatMap(({ events = [] }) => events.map(({ reason }) => reason));
const held = ({ metadata }: Outcome<ProfileRecording>) => metadata?.finalizers?.[FINALIZER.unmergedProfiles];

describe('handlers/manager/partial-profiles', () => {
  let cluster: PartCluster;
  beforeEach(() => {
    cluster = new PartCluster();
  });

  it('makes one profile of the parts of each container, and nothing else is left', () => {
    cluster.part('a', ['read', 'mknod']);
    cluster.part('b', ['read']);
    cluster.part('a', ['listen'], { container: 'side' });
    expect(reasons(cluster.settle())).to.deep.equal(['ProfilesMerged', 'ProfilesMerged']);
    expect(cluster.names()).to.deep.equal(['rec-c', 'rec-side']);
    const merged = cluster.profiles.get('rec-c');
    expect(merged?.metadata.labels).to.deep.equal(labels());
    expect(merged?.metadata).to.not.have.property('finalizers');
    expect(merged?.metadata.annotations).to.not.have.property(ANNOTATION.mergedParts);
    expect(coverageOf(merged)).to.deep.equal({
      total: 2,
      names: new Map(Object.entries({ mknod: 1, read: 2 })),
      alone: [['mknod']],
    });
  });

  it('is held while the recording has parts, and merges none of them before', () => {
    const merging = cluster.merging();
    expect(held(merging.apply(goingOn))).to.equal(false);
    cluster.part('a', ['read']);
    const outcome = merging.apply(goingOn);
    expect([held(outcome), outcome.desired, outcome.toDelete]).to.deep.equal([true, [], []]);
    expect(held(merging.cleanup(deleted(), true))).to.equal(true);
    expect(merging.cleanup(deleted(), true).desired).to.deep.equal([]);
  });

  it('merges nothing of a recording that is only seen later than its parts', () => {
    const key = { namespace: 'shop', name: 'rec' };
    const merging = cluster.merging();
    cluster.part('a', ['read']);
    expect(merging.gone(key)).to.deep.equal({ requeueAfterMs: 10_000 });
    cluster.now += 9000;
    expect(held(merging.apply(goingOn))).to.equal(true);
    cluster.now += 9000;
    expect(merging.gone(key)).to.deep.equal({ requeueAfterMs: 10_000 });
    cluster.now += 10_000;
    for (let pass = 0; pass < 5; pass += 1) cluster.write(merging.gone(key));
    expect(cluster.names()).to.deep.equal(['rec-c']);
    cluster.part('b', ['write']);
    expect(merging.gone(key)).to.deep.equal({ requeueAfterMs: 10_000 });
  });

  it('cannot be held any more once it is being deleted without', () => {
    const late: ProfileRecording = { ...deleted(), metadata: { ...deleted().metadata, finalizers: [] } };
    cluster.part('a', ['read']);
    expect(held(cluster.merging().cleanup(late, false))).to.equal(false);
    expect(held(cluster.merging().cleanup(late, true))).to.equal(undefined);
  });

  it('takes up parts that an operator has let go when it was uninstalled', () => {
    const part = cluster.part('a', ['read']);
    cluster.put({ ...part, metadata: { ...part.metadata, finalizers: [] } });
    cluster.settle();
    expect(cluster.names()).to.deep.equal(['rec-c']);
  });

  it('holds no profile that parts are merged into when it has them all, though an operator has let it go meanwhile', () => {
    cluster.part('a', ['read']);
    cluster.part('b', ['write'], { isRunning: true });
    const merging = cluster.merging();
    cluster.write(merging.cleanup(deleted(), false));
    const target = cluster.profiles.get('rec-c')!;
    const annotations = { ...target.metadata.annotations, [ANNOTATION.unmergedPart]: 'true' };
    cluster.put({ ...target, metadata: { ...target.metadata, annotations, finalizers: [] } });
    cluster.write({});
    // The first pass meets the handler that holds it anew, and waits once more.
    for (let pass = 0; pass < 3; pass += 1) {
      cluster.now += 60_000;
      cluster.write(merging.cleanup(deleted(), false));
    }
    cluster.settle(merging);
    expect(cluster.names()).to.deep.equal(['rec-c']);
    expect(cluster.profiles.get('rec-c')?.metadata).to.not.have.property('finalizers');
  });

  it('leaves profiles alone that are no parts', () => {
    const alone = cluster.part('a', ['read']);
    const told = Object.entries(alone.metadata.annotations ?? {});
    const annotations = Object.fromEntries(told.filter(([name]) => name !== ANNOTATION.unmergedPart));
    cluster.put({ ...alone, metadata: { ...alone.metadata, annotations, finalizers: [] } });
    const outcomes = cluster.settle();
    expect(reasons(outcomes)).to.deep.equal([]);
    expect(cluster.names()).to.deep.equal(['rec-c-a']);
  });

  it('keeps a profile disabled', () => {
    cluster.part('a', ['read'], { isDisabled: true });
    cluster.part('b', ['read'], { isDisabled: true });
    cluster.settle();
    expect(cluster.profiles.get('rec-c')?.spec.disabled).to.equal(true);
  });

  it('adds to the profile of an earlier recording of that name', () => {
    cluster.part('a', ['read']);
    cluster.settle();
    cluster.part('b', ['write']);
    cluster.settle();
    expect(coverageOf(cluster.profiles.get('rec-c'))?.total).to.equal(2);
    expect(cluster.profiles.get('rec-c')?.spec.syscalls?.[0]?.names).to.deep.equal(['read', 'write']);
  });

  it('never writes a profile that is not its own', () => {
    const part = cluster.part('a', ['read']);
    const theirs = { ...part, metadata: { name: 'rec-c', namespace: 'shop' } };
    cluster.put(theirs);
    const outcome = cluster.merging().cleanup(deleted(), false);
    expect([held(outcome), outcome.desired]).to.deep.equal([true, []]);
    expect(outcome.events?.map(({ reason, message }) => `${reason}: ${message}`)).to.deep.equal([
      'CannotCreateUpdateMergedProfile: SeccompProfile rec-c is there already and not of recording rec; delete or rename it',
    ]);
    cluster.profiles.delete('rec-c');
    cluster.settle();
    expect(cluster.names()).to.deep.equal(['rec-c']);
  });

  it('writes none that came to be or has changed since it was looked for', () => {
    cluster.part('a', ['read']);
    const first = cluster.merging().cleanup(deleted(), false);
    const theirs = cluster.put({ ...cluster.part('x', ['write']), metadata: { name: 'rec-c', namespace: 'shop' } });
    expect(cluster.write(first)).to.equal(true);
    expect(cluster.profiles.get('rec-c')).to.equal(theirs);
    cluster.profiles.delete('rec-c');
    cluster.settle();
    cluster.part('b', ['mkdir']);
    const second = cluster.merging().cleanup(deleted(), false);
    const target = cluster.profiles.get('rec-c');
    if (target === undefined) throw new Error('it was merged');
    const edited = cluster.put({ ...target, spec: { defaultAction: 'SCMP_ACT_ALLOW' } });
    expect(cluster.write(second)).to.equal(true);
    expect(cluster.profiles.get('rec-c')).to.equal(edited);
  });

  it('waits for parts in progress, and merges them in the end as what they are', () => {
    cluster.part('a', ['read']);
    cluster.part('b', ['write'], { isRunning: true });
    const merging = cluster.merging();
    for (let pass = 0; pass < 5; pass += 1) cluster.write(merging.cleanup(deleted(), false));
    expect(cluster.names()).to.deep.equal(['rec-c', 'rec-c-b']);
    expect(cluster.profiles.get('rec-c')?.metadata.labels?.[LABEL.partial]).to.equal('true');
    const waiting = merging.cleanup(deleted(), false);
    expect([held(waiting), waiting.requeueAfterMs]).to.deep.equal([true, 60_000]);
    cluster.now += 60_000;
    cluster.settle(merging);
    const merged = cluster.profiles.get('rec-c');
    expect(cluster.names()).to.deep.equal(['rec-c']);
    expect(merged?.metadata.annotations?.[ANNOTATION.recordingIncomplete]).to.match(/the end of .* was not seen/);
    const evidence = merged === undefined ? undefined : evidenceOf(merged);
    expect(evidence === undefined ? undefined : summaryOf(evidence)).to.deep.include({ state: 'ended', runs: 2 });
  });

  it('takes a part that has changed since it was merged once more, and counts it once', () => {
    cluster.part('a', ['read']);
    const merging = cluster.merging();
    cluster.write(merging.cleanup(deleted(), false));
    cluster.part('a', ['read', 'write']);
    cluster.settle(merging);
    expect(coverageOf(cluster.profiles.get('rec-c'))).to.deep.equal({
      total: 1,
      names: new Map(Object.entries({ read: 1, write: 1 })),
    });
  });

  it('counts no run twice of a part that changes after it was merged with many others', () => {
    for (let number = 0; number < 70; number += 1) cluster.part(`p${String(number).padStart(3, '0')}`, ['read']);
    const merging = cluster.merging();
    cluster.write(merging.cleanup(deleted(), false));
    const part = cluster.profiles.get('rec-c-p000')!;
    const learnt = printEvidence({ ...evidenceOf(part)!, lastNewCall: '2026-02-01T00:00:00Z' });
    const annotations = { ...part.metadata.annotations, [ANNOTATION.recordingEvidence]: learnt };
    cluster.put({ ...part, metadata: { ...part.metadata, annotations } });
    cluster.settle(merging);
    const merged = cluster.profiles.get('rec-c')!;
    expect([coverageOf(merged)?.total, summaryOf(evidenceOf(merged)!).runs]).to.deep.equal([70, 70]);
  });

  it('says which part cannot be merged, and merges the others', () => {
    cluster.part('a', ['read']);
    const bad = cluster.part('b', ['write'], { spec: { architectures: ['SCMP_ARCH_NONE' as never] } });
    const merging = cluster.merging();
    cluster.write(merging.cleanup(deleted(), false));
    const outcome = merging.cleanup(deleted(), false);
    expect(reasons([outcome])).to.deep.equal(['CannotCreateUpdateMergedProfile']);
    expect(outcome.events?.[0]?.message).to.include('rec-c-b');
    expect(held(outcome)).to.equal(true);
    cluster.put({ ...bad, metadata: { ...bad.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
    cluster.settle(merging);
    expect(cluster.names()).to.deep.equal(['rec-c']);
  });

  it('tells of a recording that has left nothing', () => {
    expect(reasons(cluster.settle())).to.deep.equal(['NoPartialProfiles']);
    expect(reasons([cluster.merging().cleanup(deleted({ mergeStrategy: 'none' }), false)])).to.deep.equal([]);
    cluster.part('a', []);
    expect(reasons(cluster.settle())).to.deep.equal(['ProfilesMerged', 'MergedEmptyProfile']);
  });

  it('lets parts go with their namespace', () => {
    cluster.part('a', ['read']);
    cluster.isTerminating = true;
    const outcome = cluster.merging().cleanup(deleted(), false);
    cluster.write(outcome);
    expect([held(outcome), outcome.desired]).to.deep.equal([false, undefined]);
    expect(cluster.profiles.get('rec-c-a')?.metadata.finalizers).to.deep.equal([]);
  });

  it('merges parts that came after their recording had gone', () => {
    cluster.part('a', ['read']);
    const merging = cluster.merging();
    merging.gone({ namespace: 'shop', name: 'rec' });
    cluster.now += 10_000;
    for (let pass = 0; pass < 4; pass += 1) cluster.write(merging.gone({ namespace: 'shop', name: 'rec' }));
    expect(cluster.names()).to.deep.equal(['rec-c']);
  });

  it('keeps a long recording small, with the counts of all', () => {
    const merging = cluster.merging();
    for (let pod = 0; pod < 300; pod += 1) {
      cluster.part(`p${String(pod)}`, pod % 2 === 0 ? ['read'] : ['read', 'write']);
      for (let pass = 0; pass < 3; pass += 1) cluster.write(merging.apply(goingOn));
      expect(cluster.profiles.size).to.be.at.most(54);
    }
    cluster.settle(merging);
    expect(cluster.names()).to.deep.equal(['rec-c']);
    expect(coverageOf(cluster.profiles.get('rec-c'))).to.deep.equal({
      total: 300,
      names: new Map(Object.entries({ read: 300, write: 150 })),
    });
    const evidence = evidenceOf(cluster.profiles.get('rec-c') ?? cluster.part('x', []));
    expect(evidence === undefined ? undefined : summaryOf(evidence)).to.deep.include({ runs: 300, pods: 300 });
  });

  it('merges more parts than fit into one step', () => {
    for (let pod = 0; pod < 450; pod += 1) cluster.part(`p${String(pod)}`, ['read']);
    cluster.settle();
    expect(cluster.names()).to.deep.equal(['rec-c']);
    expect(coverageOf(cluster.profiles.get('rec-c'))?.total).to.equal(450);
  });

  it('loses no part and counts none twice, wherever it breaks off', () => {
    const parts = fc.array(fc.subarray(['read', 'write', 'listen', 'mknod'], { minLength: 1 }), {
      minLength: 1,
      maxLength: 70,
    });
    fc.assert(
      fc.property(parts, fc.array(fc.nat({ max: 40 }), { maxLength: 12 }), fc.nat(), (all, kills, late) => {
        const broken = new PartCluster();
        const lateAt = late % (all.length + 1);
        all.slice(lateAt).forEach((names, at) => broken.part(`p${String(at)}`, names));
        for (const kill of kills) broken.write(broken.merging().apply(goingOn), kill);
        all.slice(0, lateAt).forEach((names, at) => broken.part(`late${String(at)}`, names));
        for (const kill of kills) broken.write(broken.merging().cleanup(deleted(), false), kill);
        broken.settle();
        expect(broken.names()).to.deep.equal(['rec-c']);
        const atOnce = sumCoverages(all.map((names) => ({ total: 1, names: new Map(names.map((name) => [name, 1])) })));
        expect(coverageOf(broken.profiles.get('rec-c'))).to.deep.equal(atOnce);
      }),
      { numRuns: 60 },
    );
  });
});
