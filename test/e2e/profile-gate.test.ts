// SPDX-License-Identifier: Apache-2.0
// No pod starts before its profile is there: pods wait behind a scheduling gate, are told why, and not for ever.
import { expect } from 'chai';
import { BUSYBOX_IMAGE } from '../../tools/lab/images.ts';
import { inNamespace, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { BindingScene, DENY_MKDIR, GATES, TRY_MKDIR } from './binding-scene.ts';

describe('a pod whose profile is not there yet', function () {
  this.timeout(600_000);
  const namespace = 'e2e-gate';
  let cluster: Cluster;
  let scene: BindingScene;

  inNamespace(namespace, (ready) => {
    cluster = ready;
    scene = new BindingScene(cluster, namespace);
  });

  before(() => scene.install('deny-mkdir', DENY_MKDIR));

  afterEach(() => scene.clear());

  it('starts pods that come with their profile, without one failed start', async () => {
    for (let round = 0; round < 5; round++) {
      const name = `together-${String(round)}`;
      await scene.bind(name, name, { image: BUSYBOX_IMAGE, podSelector: { matchLabels: { round: name } } });
      const made = shellPod(namespace, name, TRY_MKDIR) as { metadata: object };
      cluster.apply(seccompProfile(namespace, name, DENY_MKDIR), {
        ...made,
        metadata: { ...made.metadata, labels: { round: name } },
      });
      await cluster.untilPod(namespace, name, 'Succeeded');
      expect(scene.log(name)).to.include('Operation not permitted');
      expect(scene.events(name)).to.not.match(/\sFailed\s/);
      scene.kubectl('delete', 'pod', name, '--now');
    }
  });

  it('holds a pod back until its profile is there, and tells it', async () => {
    await scene.bind('early', 'late-profile', { image: BUSYBOX_IMAGE });
    cluster.apply(shellPod(namespace, 'waits', TRY_MKDIR));
    expect(scene.pod('waits', GATES)).to.equal('spo.x-k8s.io/profile-installed');
    await scene.untilEvent('waits', 'late-profile');
    await cluster.until(
      'the state',
      () => scene.binding('early', '{.status.state}'),
      (state) => state === 'ProfileNotFound',
    );
    cluster.apply(seccompProfile(namespace, 'late-profile', DENY_MKDIR));
    await cluster.untilPod(namespace, 'waits', 'Succeeded');
    expect(scene.log('waits')).to.include('Operation not permitted');
    expect(scene.events('waits')).to.not.match(/\sFailed\s/);
  });

  it('lets nobody but the manager take the gate away', async () => {
    await scene.bind('early', 'never-there', { image: BUSYBOX_IMAGE });
    cluster.apply(shellPod(namespace, 'held', TRY_MKDIR));
    const answer = cluster.tryKubectl([
      ...['-n', namespace, 'patch', 'pod', 'held', '--type=json', '-p'],
      '[{"op":"remove","path":"/spec/schedulingGates/0"}]',
    ]);
    expect(answer.stderr)
      .to.match(/Forbidden|forbidden/)
      .and.to.include('spo.x-k8s.io/profile-installed');
    expect(scene.pod('held', GATES)).to.equal('spo.x-k8s.io/profile-installed');
  });

  it('gives up after the time of the binding, and says so', async () => {
    await scene.bind('short', 'never-there', { image: BUSYBOX_IMAGE, profileNotReady: { timeoutSeconds: 3 } });
    cluster.apply(shellPod(namespace, 'released', TRY_MKDIR));
    await cluster.until(
      'no gate',
      () => scene.pod('released', GATES),
      (gates) => gates === '',
    );
    await scene.untilEvent('released', 'Warning');
    cluster.apply(seccompProfile(namespace, 'never-there', DENY_MKDIR));
    await cluster.untilPod(namespace, 'released', 'Succeeded');
    expect(scene.log('released')).to.include('Operation not permitted');
    scene.kubectl('delete', 'sp', 'never-there', '--wait=false');
  });

  it('runs a pod without a profile that is not there, where the binding says so', async () => {
    const spec = { image: BUSYBOX_IMAGE, profileNotReady: { policy: 'RunUnbound' } };
    await scene.bind('unbound', 'not-there', spec);
    cluster.apply(shellPod(namespace, 'unbound', TRY_MKDIR));
    await cluster.untilPod(namespace, 'unbound', 'Succeeded');
    expect(scene.log('unbound')).to.equal('status 0\n');
    await scene.untilEvent('unbound', 'ProfileNotReady');
  });
});
