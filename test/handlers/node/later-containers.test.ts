// SPDX-License-Identifier: Apache-2.0
// Ephemeral containers of a pod that is recorded: nothing could be noted on the pod when they came.
import { expect } from 'chai';
import { asking, containerId, RecordingNodeWorld } from './recorded-pods-world.ts';

const A = containerId('a');
const D = containerId('d');

describe('handlers/node/recorded-pods of ephemeral containers', function () {
  this.timeout(120_000);
  let world: RecordingNodeWorld;

  afterEach(async () => {
    await world.stop();
  });

  /** A pod to which a container has come. */
  async function debugged(recorder: 'bpf' | 'logs', containers: readonly string[], securityContext: object) {
    world = new RecordingNodeWorld(recorder);
    world.recording('rec', { containers: [...containers] });
    await world.start();
    const later = { name: 'debug', securityContext };
    const annotations = asking(recorder, 'main', 'rec');
    world.pod('web', { annotations, containers: [{ id: A }] });
    world.found(A, 'web');
    world.calls(A, 'listen');
    await world.until('the profile is there', () => world.profile('rec-main') !== undefined);
    world.pod('web', {
      annotations,
      spec: { ephemeralContainers: [later] },
      containers: [{ id: A }],
      laterContainers: [{ id: D, name: 'debug' }],
    });
    world.found(D, 'web');
    world.calls(D, 'ptrace');
    return annotations;
  }

  it('are recorded into profiles of their own', async () => {
    const annotations = await debugged('bpf', [], {});
    await world.until('the other one is there', () => world.profile('rec-debug') !== undefined);
    world.ended(D);
    world.pod('web', {
      annotations,
      spec: { ephemeralContainers: [{ name: 'debug' }] },
      containers: [{ id: A }],
      laterContainers: [{ id: D, name: 'debug', exit: 0 }],
    });
    await world.until('it is finished', () => !world.isPartial('rec-debug'));
    expect(world.seen('rec-debug')).to.deep.equal(['ptrace']);
    expect(world.seen('rec-main')).to.deep.equal(['listen']);
  });

  it('are recorded from logs where they run under the profile that logs all calls', async () => {
    const localhostProfile = 'operator/security-profiles-operator/log-enricher-trace.json';
    await debugged('logs', [], { seccompProfile: { type: 'Localhost', localhostProfile } });
    await world.until('the other one is there', () => world.profile('rec-debug') !== undefined);
    expect(world.seen('rec-debug')).to.deep.equal(['ptrace']);
  });

  it('are left alone where the recording names other containers', async () => {
    await debugged('bpf', ['main'], {});
    world.ended(D);
    await world.until('it is forgotten', () => world.captures.get(D) === undefined);
    expect(world.profile('rec-debug')).to.equal(undefined);
  });
});
