// SPDX-License-Identifier: Apache-2.0
// A recorder that is told to end while containers run: what it has seen is in the profiles, though it would have been
// written later.
import { expect } from 'chai';
import { asking, containerId, RecordingNodeWorld } from './recorded-pods-world.ts';

const A = containerId('a');
const B = containerId('b');

describe('handlers/node/recorded-pods at the end of the recorder', function () {
  this.timeout(30_000);
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

  it('waits for nothing where nothing is recorded', async () => {
    world.pod('other', { annotations: {} });
    await world.flush();
  });
});
