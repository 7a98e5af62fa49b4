// SPDX-License-Identifier: Apache-2.0
// Profiles of containers that are recorded from the log, when the log enricher begins anew: what it could have missed
// is told, and nothing else is touched.
import { expect } from 'chai';
import { LoggedRecords } from '../../../src/core/recording/logged-records.ts';
import { SECCOMP_PROFILE } from '../../../src/gen/kinds.ts';
import { containerId, RecordingNodeWorld } from './recorded-pods-world.ts';

const A = containerId('a');
const RUN = 'a'.repeat(13);
const START = Date.parse('2026-01-01T00:00:00Z');
const INCOMPLETE = 'spo.x-k8s.io/recording-incomplete';

describe('handlers/node, a log enricher that begins anew', function () {
  this.timeout(120_000);
  let world: RecordingNodeWorld;

  beforeEach(async () => {
    world = new RecordingNodeWorld('logs');
    world.recording();
    await world.start();
    world.pod('web', { spec: { restartPolicy: 'Never' }, containers: [{ id: A }] });
    await world.until('its container is known', () => world.captures.get(A) !== undefined);
    world.calls(A, 'mkdir');
    await world.until('its profile is there', () => world.profile('rec-main') !== undefined);
  });

  afterEach(() => world.stop());

  /** The container ends, at the time of the world. */
  function end(): void {
    world.pod('web', { spec: { restartPolicy: 'Never' }, phase: 'Succeeded', containers: [{ id: A, exit: 0 }] });
  }

  /** Another process, which reads the log from now on; it hears of the container's times first. */
  async function anew(ended?: number, goesOn = false): Promise<void> {
    await world.stop();
    world.measured.clear();
    const started = world.start();
    const calls = new LoggedRecords(world.captures, { since: START + world.time * 1000, goesOn });
    const times = { started: START, ...(ended === undefined ? {} : { ended: START + ended * 1000 }) };
    calls.placed(A, { isRecorded: true, ...times });
    world.captures.placed(A, { pod: world.uidOf('web') });
    await started;
  }

  it('leaves alone the profile of a container that had ended, and one of it that was deleted', async () => {
    world.time = 10;
    end();
    await world.until('it is finished', () => !world.isPartial('rec-main'));
    const before = world.profile('rec-main');
    world.time = 100;
    await anew(10);
    await world.until('it is looked at', () => world.measured.has('a gone'));
    expect(world.profile('rec-main')).to.deep.equal(before);
    expect(before?.metadata.annotations?.[INCOMPLETE]).to.equal(undefined);
    world.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name: 'rec-main' });
    await anew(10);
    await world.looked('web');
    world.time = 200;
    world.pod('web', {
      labels: { seen: 'again' },
      spec: { restartPolicy: 'Never' },
      phase: 'Succeeded',
      containers: [{ id: A, exit: 0 }],
    });
    await world.until('it is told', () => world.reasons().includes('NothingRecorded'));
    expect(world.profile('rec-main')).to.equal(undefined);
  });

  it('says of a container that still runs that calls may be missing', async () => {
    world.time = 100;
    await anew();
    await world.until('it is told', () => world.profile('rec-main')?.metadata.annotations?.[INCOMPLETE] !== undefined);
    expect(world.evidence('rec-main')?.instances[RUN]?.lost).to.deep.equal({ start: 1 });
  });

  it('says so, too, where it goes on in the log: what was not yet written went with the one before', async () => {
    world.calls(A, 'unlink');
    world.time = 100;
    await anew(undefined, true);
    world.calls(A, 'rename');
    world.time = 110;
    end();
    world.time = 200;
    await world.until('it is finished', () => !world.isPartial('rec-main'));
    expect(world.evidence('rec-main')?.instances[RUN]?.lost).to.deep.equal({ 'enricher-restart': 1 });
    expect(world.profile('rec-main')?.metadata.annotations?.[INCOMPLETE]).to.contain(
      'started anew while containers ran',
    );
  });

  it('ends the run of a container that ended meanwhile, though its pod is still looked at', async () => {
    await world.stop();
    world.time = 10;
    end();
    world.time = 20;
    await anew(10);
    world.time = 10;
    const labels = { seen: 'again' };
    world.pod('web', {
      labels,
      spec: { restartPolicy: 'Never' },
      phase: 'Succeeded',
      containers: [{ id: A, exit: 0 }],
    });
    world.time = 100;
    await world.until('it is finished', () => !world.isPartial('rec-main'));
    expect(world.evidence('rec-main')?.instances[RUN]?.lost).to.deep.equal({ 'end-not-seen': 1 });
  });
});
