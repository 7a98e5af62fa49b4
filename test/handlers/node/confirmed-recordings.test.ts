// SPDX-License-Identifier: Apache-2.0
// Pods and recordings that are changed while a container is recorded: its profile is finished as it was begun.
import { expect } from 'chai';
import { SECCOMP_PROFILE } from '../../../src/gen/kinds.ts';
import { asking, containerId, RecordingNodeWorld } from './recorded-pods-world.ts';

const A = containerId('a');
const B = containerId('b');

/** A recording that chooses pods, and a pod with a container that runs. */
const PICKY = { podSelector: { matchLabels: { app: 'x' } } } as const;
const STAYING = { spec: { restartPolicy: 'Never' }, containers: [{ id: A }] } as const;

describe('handlers/node/recorded-pods, when what was asked for changes', function () {
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

  for (const [what, change] of [
    ['the labels of its pod', () => world.pod('web', { ...STAYING, labels: { app: 'other' } })],
    ['the annotations of its pod', () => world.pod('web', { ...STAYING, labels: { app: 'x' }, annotations: {} })],
    ['the containers of the recording', () => world.recording('rec', { ...PICKY, containers: ['side'] })],
    ['the merging of the recording', () => world.recording('rec', { ...PICKY, mergeStrategy: 'containers' })],
  ] as const) {
    it(`goes on with a profile that was begun when ${what} change`, async () => {
      world.recording('rec', PICKY);
      world.pod('web', { ...STAYING, labels: { app: 'x' } });
      world.found(A, 'web');
      world.calls(A, 'listen');
      await world.until('the profile is there', () => world.profile('rec-main') !== undefined);
      change();
      // Its watches have told of the change when they have told of what came later.
      world.pod('next', { annotations: asking('bpf', 'side', 'later'), containers: [{ id: B, name: 'side' }] });
      world.recording('later');
      world.found(B, 'next');
      world.calls(B, 'chmod');
      await world.until('the change has come', () => world.profile('later-side') !== undefined);
      world.calls(A, 'unlink');
      world.ended(A);
      world.deletePod('web');
      await world.until('it is forgotten', () => world.captures.get(A) === undefined);
      expect(world.seen('rec-main')).to.deep.equal(['listen', 'unlink']);
      expect(world.isPartial('rec-main')).to.equal(false);
      expect(world.server.list(SECCOMP_PROFILE)).to.have.length(2);
    });
  }
});
