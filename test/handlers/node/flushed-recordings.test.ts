// SPDX-License-Identifier: Apache-2.0
// A recorder that is told to end while containers run: what it has seen is in the profiles, though it would have been
// written later.
import { expect } from 'chai';
import { ANNOTATION, FINALIZER } from '../../../src/core/names.ts';
import { asking, containerId, RecordingNodeWorld } from './recorded-pods-world.ts';

const A = containerId('a');
const B = containerId('b');

describe('handlers/node/recorded-pods at the end of the recorder', function () {
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

  it('writes at once what was seen, of all pods', async () => {
    world.pod('one', { annotations: asking('bpf', 'main', 'rec'), containers: [{ id: A }] });
    world.pod('two', { annotations: asking('bpf', 'side', 'rec'), containers: [{ id: B, name: 'side' }] });
    for (const [id, pod] of [
      [A, 'one'],
      [B, 'two'],
    ] as const) {
      world.found(id, pod);
      world.calls(id, 'listen');
    }
    await world.until('both are there', () =>
      [world.profile('rec-main'), world.profile('rec-side')].every((one) => one !== undefined),
    );
    world.calls(A, 'mkdir');
    world.calls(B, 'unlink');
    await world.flush();
    expect(world.seen('rec-main')).to.include('mkdir');
    expect(world.seen('rec-side')).to.include('unlink');
    expect(world.isPartial('rec-main')).to.equal(true);
  });

  describe('of a recording with parts', () => {
    beforeEach(() => world.recording('rec', { mergeStrategy: 'containers' }));

    /** Whether the part is held by a finalizer, and whether it has the mark of one that an operator has let go. */
    const holds = (): readonly boolean[] => {
      const { finalizers = [], annotations = {} } = world.profile('rec-main-one')?.metadata ?? {};
      return [finalizers.includes(FINALIZER.partialProfile), ANNOTATION.unmergedPart in annotations];
    };

    it('leaves a part held that the manager holds, and never holds one again that it has let go', async () => {
      world.pod('one', { containers: [{ id: A }] });
      world.found(A, 'one');
      world.calls(A, 'listen');
      await world.until('the part', () => holds()[1] === true);
      world.hold('rec-main-one', true);
      world.calls(A, 'chmod');
      await world.flush();
      expect(world.seen('rec-main-one')).to.include('chmod');
      expect(holds()).to.deep.equal([true, true]);
      world.hold('rec-main-one', false);
      world.calls(A, 'mkdir');
      await world.flush();
      expect(world.seen('rec-main-one')).to.include('mkdir');
      expect(holds()).to.deep.equal([false, true]);
    });

    it('marks a part that it makes at its end, and holds it by nothing', async () => {
      world.pod('one', { containers: [{ id: A }] });
      world.found(A, 'one');
      await world.looked('one');
      world.calls(A, 'listen');
      await world.flush();
      world.calls(A, 'mkdir');
      await world.flush();
      expect(world.seen('rec-main-one')).to.include.members(['listen', 'mkdir']);
      expect(holds()).to.deep.equal([false, true]);
    });
  });

  it('waits for nothing where nothing is recorded', async () => {
    world.pod('other', { annotations: {} });
    await world.flush();
  });
});
