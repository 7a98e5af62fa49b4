// SPDX-License-Identifier: Apache-2.0
// Containers that came and went while no recorder was there: the profile says that it lacks them, or the pod does.
import { expect } from 'chai';
import { recordingPrefix } from '../../../src/core/recording/request.ts';
import { SECCOMP_PROFILE } from '../../../src/gen/kinds.ts';
import { containerId, RecordingNodeWorld } from './recorded-pods-world.ts';

const A = containerId('a');
const B = containerId('b');
const NEVER = { restartPolicy: 'Never' };

describe('handlers/node/recorded-pods of containers that no recorder saw', function () {
  this.timeout(120_000);
  let world: RecordingNodeWorld;

  beforeEach(async () => {
    world = new RecordingNodeWorld();
    world.recording();
    await world.start();
  });

  afterEach(async () => {
    await world.stop();
  });

  /** The status of the pod tells of a run, and no recorder has by the time that one would have. */
  async function unseen(name: string, id: string, facts: object = {}): Promise<void> {
    const pod = { spec: NEVER, containers: [{ id, exit: 0 }], ...facts };
    world.pod(name, pod);
    for (const again of ['once', 'twice', 'three times']) {
      await world.looked(name);
      world.time += 11;
      world.pod(name, { ...pod, labels: { again } });
    }
    await world.looked(name);
  }

  /** The profile of a container that was recorded. */
  async function recorded(): Promise<void> {
    world.pod('web', { spec: NEVER, containers: [{ id: A }] });
    world.found(A, 'web');
    world.calls(A, 'listen');
    world.ended(A);
    world.pod('web', { spec: NEVER, containers: [{ id: A, exit: 0 }], phase: 'Succeeded' });
    await world.until('it is finished', () => world.profile('rec-main') !== undefined && !world.isPartial('rec-main'));
    await world.until('it is forgotten', () => world.captures.get(A) === undefined);
  }

  it('is told on the pod where there is no profile', async () => {
    await unseen('web', A);
    await world.until('the event', () => world.reasons().includes('NothingRecorded'));
    expect(world.events('NothingRecorded')).to.have.length(1);
    expect(world.events('NothingRecorded')[0]).to.match(
      /^web: No profile tells of container main, which ran from 2026-\S+ to 2026-\S+Z, and the recorder that runs now/,
    );
    expect(world.profile('rec-main')).to.equal(undefined);
  });

  it('is not told of one that the recorder tells of late, as on a node whose processors others have', async () => {
    const pod = { spec: NEVER, containers: [{ id: A, exit: 0 }] };
    world.pod('web', pod);
    await world.looked('web');
    world.time += 25;
    world.pod('web', { ...pod, labels: { again: 'once' } });
    await world.looked('web');
    world.found(A, 'web');
    world.calls(A, 'listen');
    world.ended(A);
    await world.until('the profile', () => world.seen('rec-main').includes('listen'));
    expect(world.evidence('rec-main')?.instances[A.slice(0, 13)]?.lost).to.deep.equal({});
    expect(world.reasons()).not.to.include('NothingRecorded');
  });

  it('is told by the profile that there is', async () => {
    await recorded();
    await unseen('other', B);
    await world.until('the gap', () => JSON.stringify(world.profile('rec-main')).includes('unseen-run'));
    expect(world.evidence('rec-main')?.instances[B.slice(0, 13)]?.lost).to.deep.equal({ 'unseen-run': 1 });
    expect(world.profile('rec-main')?.metadata.annotations?.['spo.x-k8s.io/recording-incomplete']).to.equal(
      '1 containers ran without having been seen: nothing of them is in the profile',
    );
    expect(world.seen('rec-main')).to.deep.equal(['listen']);
    expect(world.reasons()).not.to.include('NothingRecorded');
  });

  it('is not said of a run that the profile tells of, after the recorder has come again', async () => {
    await recorded();
    const before = world.profile('rec-main');
    await world.stop();
    await world.start();
    await unseen('web', A, { phase: 'Succeeded' });
    expect(world.profile('rec-main')).to.deep.equal(before);
    expect(world.reasons()).not.to.include('NothingRecorded');
  });

  for (const [kind, isTold] of [
    ['SeccompProfile', true],
    ['SelinuxProfile', false],
  ] as const) {
    it(`is ${isTold ? '' : 'not '}told of a container without a record, from which a ${kind} is made`, async () => {
      await world.stop();
      world = new RecordingNodeWorld('logs');
      world.recording('rec', { kind });
      await world.start();
      const key = `${recordingPrefix(kind, 'logs') ?? ''}main`;
      await unseen('web', A, { annotations: { [key]: 'rec_main_abcde_1767225600' } });
      if (isTold) await world.until('the event', () => world.reasons().includes('NothingRecorded'));
      else expect(world.reasons()).not.to.include('NothingRecorded');
    });
  }

  it('makes no profile again that was deleted', async () => {
    await recorded();
    world.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name: 'rec-main' });
    await world.stop();
    await world.start();
    await unseen('web', A, { phase: 'Succeeded' });
    await world.until('the event', () => world.reasons().includes('NothingRecorded'));
    expect(world.profile('rec-main')).to.equal(undefined);
  });
});
