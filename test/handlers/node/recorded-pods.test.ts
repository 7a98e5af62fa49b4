// SPDX-License-Identifier: Apache-2.0
// The profiles of recorded pods: as they run, end, are started anew, vanish, and as two recorders or recordings meet.
import { expect } from 'chai';
import { SECCOMP_PROFILE } from '../../../src/gen/kinds.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { asking, containerId, RecordingNodeWorld } from './recorded-pods-world.ts';

const A = containerId('a');
const B = containerId('b');
const PAUSE = containerId('f');

describe('handlers/node/recorded-pods', function () {
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

  /** A pod with one container that runs and has made calls. */
  async function running(name = 'web', spec: object = {}): Promise<void> {
    world.pod(name, { spec, containers: [{ id: A }] });
    world.found(A, name);
    world.calls(A, 'listen', 'mkdir');
    await world.until('the profile is there', () => world.profile('rec-main') !== undefined);
  }

  it('shows the profile of a container that runs, which no node installs yet', async () => {
    await running();
    const { labels, annotations } = world.profile('rec-main')?.metadata ?? {};
    expect(labels).to.deep.equal({
      'spo.x-k8s.io/recording-id': 'rec',
      'spo.x-k8s.io/recording-namespace': 'ns',
      'spo.x-k8s.io/container-id': 'main',
      'spo.x-k8s.io/partial': 'true',
    });
    expect(world.seen('rec-main')).to.deep.equal(['listen', 'mkdir']);
    expect(JSON.parse(annotations?.['spo.x-k8s.io/recording-evidence'] ?? '')).to.deep.include({
      version: 'v1',
      recorder: 'bpf',
      state: 'in-progress',
      pods: 1,
      runs: 1,
      lost: { total: 0 },
      nodes: ['n'],
      images: ['registry/image@sha256:1'],
      kernels: ['6.18.1'],
      runtimes: ['containerd://2.3.7'],
      firstCall: '2026-01-01T00:00:00Z',
    });
    expect(annotations).not.to.have.property('spo.x-k8s.io/recording-incomplete');
  });

  for (const [how, spec] of [
    ['for good', { restartPolicy: 'Never' }],
    ['and its pod is deleted', {}],
  ] as const) {
    it(`finishes the profile when the container has ended ${how}`, async () => {
      await running('web', spec);
      const pod = world.uidOf('web');
      if (how !== 'for good') world.deletePod('web');
      world.time = 7;
      world.calls(A, 'unlink');
      world.ended(A);
      await world.until(
        'it is finished',
        () => world.profile('rec-main') !== undefined && !world.isPartial('rec-main'),
      );
      expect(world.seen('rec-main')).to.deep.equal(['listen', 'mkdir', 'unlink']);
      expect(Object.values(world.evidence('rec-main')?.instances ?? {})).to.deep.equal([
        { pod, node: 'n', from: '2026-01-01T00:00:00Z', until: '2026-01-01T00:00:07Z', lost: {} },
      ]);
      await world.until('all is forgotten', () => world.captures.get(A) === undefined);
      expect(world.measured).to.include.keys('rec-main 2', 'rec-main 3', 'a gone');
      await world.until('it is told', () => world.reasons().includes('ProfileCreated'));
    });
  }

  it('waits with the end while the container will be started anew, and unites its runs', async () => {
    await running();
    world.calls(A, 'unlink');
    world.ended(A);
    await world.until('the end is written', () => world.seen('rec-main').includes('unlink'));
    expect(world.isPartial('rec-main')).to.equal(true);
    world.pod('web', { containers: [{ id: B, before: A }] });
    world.found(B, 'web');
    world.calls(B, 'chmod');
    await world.until('both are in it', () => Object.keys(world.evidence('rec-main')?.instances ?? {}).length === 2);
    expect(world.seen('rec-main')).to.deep.equal(['chmod', 'listen', 'mkdir', 'unlink']);
    world.ended(B);
    world.pod('web', { phase: 'Succeeded', containers: [{ id: B, exit: 0, before: A }] });
    await world.until('it is finished', () => !world.isPartial('rec-main'));
  });

  it('keeps the profiles of containers and of recordings apart', async () => {
    world.recording('other', { disableProfileAfterRecording: true, containers: ['main'] });
    const annotations = { ...asking('bpf', 'main', 'other', 'rec'), ...asking('bpf', 'side', 'rec', 'other') };
    world.pod('web-x7', {
      annotations,
      generateName: 'web-',
      spec: { restartPolicy: 'Never' },
      containers: [{ id: A }, { id: B, name: 'side' }],
    });
    world.found(A, 'web-x7');
    world.found(B, 'web-x7');
    world.calls(A, 'listen');
    world.calls(B, 'mkdir');
    world.ended(A);
    world.ended(B);
    const names = ['other-main-x7', 'rec-main-x7', 'rec-side-x7'];
    for (const name of names)
      await world.until(name, () => world.profile(name) !== undefined && !world.isPartial(name));
    expect(names.map((name) => world.seen(name))).to.deep.equal([['listen'], ['listen'], ['mkdir']]);
    expect(names.map((name) => world.profile(name)?.spec.disabled)).to.deep.equal([true, undefined, undefined]);
    expect(world.server.list(SECCOMP_PROFILE)).to.have.length(3);
  });

  it('leaves parts to be merged as parts, with a mark and no finalizer: the manager may have gone for good', async () => {
    world.recording('all', { mergeStrategy: 'containers' });
    const annotations = asking('bpf', 'main', 'all');
    world.pod('web', { annotations, spec: { restartPolicy: 'Never' }, containers: [{ id: A }] });
    world.found(A, 'web');
    world.calls(A, 'listen');
    world.ended(A);
    await world.until('it is there', () => world.captures.get(A) === undefined);
    const { finalizers = [], annotations: marks } = world.profile('all-main-web')?.metadata ?? {};
    expect(finalizers).to.deep.equal([]);
    expect(marks).to.have.property('spo.x-k8s.io/unmerged-part', 'true');
    expect(world.isPartial('all-main-web')).to.equal(true);
  });

  it('leaves a finished profile to those that use it while another pod is recorded into it', async () => {
    world.recording('rec', { disableProfileAfterRecording: true });
    await running('web', { restartPolicy: 'Never' });
    world.ended(A);
    await world.until('it is finished', () => world.captures.get(A) === undefined);
    const profile = world.profile('rec-main');
    world.server.put({ ...profile, spec: { ...profile?.spec, disabled: false } } as KubeObject);
    world.pod('two', { spec: { restartPolicy: 'Never' }, containers: [{ id: B }] });
    world.found(B, 'two');
    world.calls(B, 'chmod');
    await world.until('its calls are there', () => world.seen('rec-main').includes('chmod'));
    expect([world.isPartial('rec-main'), world.profile('rec-main')?.spec.disabled]).to.deep.equal([false, false]);
    expect(world.evidence('rec-main')?.instances['b'.repeat(13)]?.until).to.equal(undefined);
    world.ended(B);
    await world.until('the end is there', () => world.captures.get(B) === undefined);
    expect(world.evidence('rec-main')?.instances['b'.repeat(13)]?.until).to.equal('2026-01-01T00:00:00Z');
  });

  it('misses no sandbox of a pod, which is recorded and has no name', async () => {
    await running('web', { restartPolicy: 'Never' });
    world.found(PAUSE, 'web');
    world.calls(PAUSE, 'pause');
    world.ended(A);
    world.ended(PAUSE);
    world.deletePod('web');
    await world.until('all is forgotten', () => world.captures.get(PAUSE) === undefined);
    world.pod('brief');
    world.found(PAUSE, 'brief');
    world.found(B, 'brief');
    world.calls(B, 'listen');
    world.ended(B);
    world.ended(PAUSE);
    world.deletePod('brief');
    await world.until('it is told', () => world.reasons().includes('NothingRecorded'));
    expect(world.events('NothingRecorded')).to.deep.equal([
      'brief: What 1 containers of the pod called could not be written to a profile',
    ]);
  });

  it('believes no annotation without a recording that says the same', async () => {
    world.recording('picky', { podSelector: { matchLabels: { app: 'x' } } });
    world.pod('web', { annotations: asking('bpf', 'main', 'picky', 'missing'), containers: [{ id: A }] });
    world.pod('true', { annotations: asking('bpf', 'main', 'rec'), containers: [{ id: B }] });
    world.found(A, 'web');
    world.calls(A, 'listen');
    world.found(B, 'true');
    world.calls(B, 'mkdir');
    await world.until('the other is there', () => world.profile('rec-main') !== undefined);
    expect(world.server.list(SECCOMP_PROFILE)).to.have.length(1);
    world.recording('missing');
    await world.until('the recording has come', () => world.profile('missing-main') !== undefined);
  });

  it('never overwrites a profile that is not its own', async () => {
    const foreign = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
      kind: 'SeccompProfile',
      metadata: { name: 'rec-main', namespace: 'ns' },
      spec: { defaultAction: 'SCMP_ACT_ALLOW' },
    };
    world.server.put(foreign);
    await running();
    await world.until('it is told', () => world.reasons().includes('ProfileNotOurs'));
    expect(world.profile('rec-main')?.spec).to.deep.equal({ defaultAction: 'SCMP_ACT_ALLOW' });
    world.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name: 'rec-main' });
    await world.until('there is room', () => world.seen('rec-main').includes('listen'));
  });

  it('joins what is there already: an earlier pod of that name, or what it wrote before it was started anew', async () => {
    await running('web', { restartPolicy: 'Never' });
    world.ended(A);
    await world.until('it is finished', () => world.captures.get(A) === undefined);
    await world.stop();
    await world.start();
    world.deletePod('web');
    world.pod('web', { spec: { restartPolicy: 'Never' }, containers: [{ id: B }] });
    world.found(B, 'web');
    world.captures.lost(B, 'start', 1);
    world.calls(B, 'chmod');
    world.ended(B);
    await world.until('both are in it', () => world.seen('rec-main').length === 3);
    await world.until('it is finished', () => !world.isPartial('rec-main'));
    expect(world.seen('rec-main')).to.deep.equal(['chmod', 'listen', 'mkdir']);
    expect(world.evidence('rec-main')?.instances).to.have.all.keys('a'.repeat(13), 'b'.repeat(13));
    expect(world.profile('rec-main')?.metadata.annotations?.['spo.x-k8s.io/recording-incomplete']).to.equal(
      '1 containers ran before they were recorded: what they did until then may be missing',
    );
  });

  it('writes again what another writer has overwritten, and nothing that was deleted when it was complete', async () => {
    await running('web', { restartPolicy: 'Never' });
    const other = world.profile('rec-main');
    world.calls(A, 'unlink');
    world.ended(A);
    await world.until('it is finished', () => !world.isPartial('rec-main'));
    world.pod('two', { spec: { restartPolicy: 'Never' }, containers: [{ id: B }] });
    world.found(B, 'two');
    world.calls(B, 'chmod');
    await world.until('it is in progress again', () => world.seen('rec-main').includes('chmod'));
    world.server.put({ ...other, spec: { defaultAction: 'SCMP_ACT_ERRNO' } } as KubeObject);
    world.ended(B);
    await world.until('its calls are there', () => world.seen('rec-main').includes('chmod'));
    await world.until('it is forgotten', () => world.captures.get(B) === undefined);
    world.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name: 'rec-main' });
    world.pod('two', { phase: 'Succeeded', spec: { restartPolicy: 'Never' }, containers: [{ id: B, exit: 0 }] });
    world.deletePod('two');
    world.pod('three', { annotations: asking('bpf', 'side', 'rec'), containers: [{ id: A, name: 'side' }] });
    world.found(A, 'three');
    world.calls(A, 'listen');
    await world.until('another is there', () => world.profile('rec-side') !== undefined);
    expect(world.profile('rec-main')).to.equal(undefined);
  });

  it('says that the end was not seen, where a recorder does not tell of it', async () => {
    await running();
    world.pod('web', { phase: 'Failed', containers: [{ id: A, exit: 137 }] });
    world.time = 60;
    world.calls(A, 'unlink');
    await world.until('it is finished', () => {
      world.time += 1;
      world.pod('web', { phase: 'Failed', labels: { time: String(world.time) }, containers: [{ id: A, exit: 137 }] });
      return world.profile('rec-main') !== undefined && !world.isPartial('rec-main');
    });
    expect(world.profile('rec-main')?.metadata.annotations?.['spo.x-k8s.io/recording-incomplete']).to.equal(
      'the end of containers that were recorded was not seen',
    );
  });

  it('finishes an init container that is done while its pod runs', async () => {
    const spec = { initContainers: [{ name: 'main' }], containers: [{ name: 'side' }] };
    world.pod('web', { spec, initContainers: [{ id: A }] });
    world.found(A, 'web');
    world.calls(A, 'listen');
    world.ended(A);
    world.pod('web', { spec, initContainers: [{ id: A, exit: 0 }], containers: [{ id: B, name: 'side' }] });
    await world.until('it is finished', () => world.captures.get(A) === undefined);
    expect(world.isPartial('rec-main')).to.equal(false);
  });

  it('tries the others where the API server refuses one, and tells of it', async () => {
    world.server.fault = ({ method, path }) =>
      method === 'PATCH' && path.includes('rec-main')
        ? { status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'a policy forbids it' } }
        : undefined;
    const annotations = { ...asking('bpf', 'main', 'rec'), ...asking('bpf', 'side', 'rec') };
    world.pod('web', { annotations, containers: [{ id: A }, { id: B, name: 'side' }] });
    world.found(A, 'web');
    world.found(B, 'web');
    world.calls(A, 'listen');
    world.calls(B, 'mkdir');
    await world.until('the other is there', () => world.profile('rec-side') !== undefined);
    await world.until('it is told', () => world.reasons().includes('CannotCreateProfile'));
    world.server.fault = () => undefined;
    await world.until('it is there at last', () => world.profile('rec-main') !== undefined);
  });

  it('ends what ended while no recorder was there, and says so', async () => {
    await running();
    world.calls(A, 'unlink');
    await world.stop();
    world.deletePod('web');
    await world.start();
    await world.until('it is finished', () => !world.isPartial('rec-main'));
    const gaps = world.profile('rec-main')?.metadata.annotations?.['spo.x-k8s.io/recording-incomplete'];
    expect(gaps).to.equal('the end of containers that were recorded was not seen');
    expect(world.evidence('rec-main')?.instances['a'.repeat(13)]?.lost).to.deep.equal({ 'end-not-seen': 1 });
  });

  it('goes on with a container that still runs when the recorder is there again', async () => {
    await running();
    await world.stop();
    await world.start();
    world.found(A, 'web');
    world.captures.lost(A, 'start', 1);
    world.calls(A, 'chmod');
    world.deletePod('web');
    world.ended(A);
    await world.until('it is finished', () => !world.isPartial('rec-main'));
    expect(world.seen('rec-main')).to.deep.equal(['chmod', 'listen', 'mkdir']);
    expect(world.evidence('rec-main')?.instances['a'.repeat(13)]?.lost).to.deep.equal({ start: 1 });
  });
});
