// SPDX-License-Identifier: Apache-2.0
// The first write of a recorded profile, where another writer makes one of its name between the look and the write.
import { expect } from 'chai';
import { printEvidence } from '../../../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../../../src/core/recording/runs.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { containerId, RecordingNodeWorld } from './recorded-pods-world.ts';

const A = containerId('a');
const SPEC = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['acct', 'swapon'] }] };
const RUN = { pod: 'p', node: 'other', from: '2026-01-01T00:00:00Z', until: '2026-01-01T00:00:01Z', lost: {} };
const OF_RECORDING = {
  labels: { 'spo.x-k8s.io/recording-id': 'rec', 'spo.x-k8s.io/container-id': 'main' },
  annotations: {
    'spo.x-k8s.io/recording-evidence': printEvidence({
      version: 'v1',
      recorder: 'bpf',
      instances: { bbbbbbbbbbbbb: RUN },
      earlier: NO_EARLIER_RUNS,
      nodes: ['other'],
      images: [],
      kernels: [],
      runtimes: [],
    }),
  },
};

describe('the first write of a recorded profile', function () {
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

  /** A container has ended, and a profile comes to be just before that of the container is written. */
  function overtake(metadata: object): void {
    let isThere = false;
    world.server.fault = ({ method, path }) => {
      if (isThere || method === 'GET' || !path.includes('/seccompprofiles')) return undefined;
      isThere = true;
      world.server.put({
        apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
        kind: 'SeccompProfile',
        metadata: { name: 'rec-main', namespace: 'ns', ...metadata },
        spec: SPEC,
      } as KubeObject);
      return undefined;
    };
    world.pod('web', { spec: { restartPolicy: 'Never' }, containers: [{ id: A }] });
    world.found(A, 'web');
    world.calls(A, 'mkdir');
    world.ended(A);
  }

  it('leaves the profile of somebody else as it is', async () => {
    overtake({});
    await world.until('it is told', () => world.reasons().includes('ProfileNotOurs'));
    expect(world.profile('rec-main')?.spec).to.deep.equal(SPEC);
  });

  it('adds to what another node has recorded of the container', async () => {
    overtake(OF_RECORDING);
    await world.until('its calls are there', () => world.seen('rec-main').includes('mkdir'));
    expect(world.seen('rec-main')).to.include.members(['acct', 'swapon', 'mkdir']);
    expect(world.evidence('rec-main')?.instances).to.have.all.keys('a'.repeat(13), 'b'.repeat(13));
  });
});
