// SPDX-License-Identifier: Apache-2.0
// Bindings as a user meets them: pods of an image run under a profile that they do not name, and everything that is not
// bound says why.
import { expect } from 'chai';
import { BUSYBOX_IMAGE } from '../../tools/lab/images.ts';
import { inNamespace, profileBinding, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { BindingScene, BOUND, DENY_MKDIR, TRY_MKDIR, WAIT } from './binding-scene.ts';

describe('a ProfileBinding', function () {
  this.timeout(600_000);
  const namespace = 'e2e-binding';
  let cluster: Cluster;
  let scene: BindingScene;

  inNamespace(namespace, (ready) => {
    cluster = ready;
    scene = new BindingScene(cluster, namespace);
  });

  before(() => scene.install('deny-mkdir', DENY_MKDIR));

  afterEach(() => scene.clear());

  it('puts the profile on containers of its image, and counts the pod', async () => {
    await scene.bind('by-image', 'deny-mkdir', { image: BUSYBOX_IMAGE });
    cluster.apply(shellPod(namespace, 'hello', TRY_MKDIR + '; ' + WAIT));
    await cluster.untilPod(namespace, 'hello', 'Running');
    expect(JSON.parse(scene.pod('hello', '{.spec.containers[0].securityContext.seccompProfile}'))).to.deep.equal({
      type: 'Localhost',
      localhostProfile: scene.localhost('deny-mkdir'),
    });
    expect(scene.pod('hello', BOUND)).to.equal('shell=by-image');
    await cluster.until(
      'the log',
      () => scene.log('hello'),
      (text) => /Operation not permitted\nstatus 1/.test(text),
    );
    const users = () => scene.binding('by-image', '{.status.activeWorkloads[*]} {.metadata.finalizers[*]}');
    await cluster.until('the user', users, (text) => text === `${namespace}/hello active-workload-lock`);
    const held = () =>
      cluster.value('sp', 'deny-mkdir', namespace, '{.status.activeWorkloads[*]} {.metadata.finalizers}');
    await cluster.until('the profile', held, (text) => text.includes('in-use-by-active-pods'));
    expect(held()).to.include(`${namespace}/hello`);
    const shown = scene.kubectl('get', 'profilebindings', '-o', 'wide');
    expect(shown).to.match(/^NAME +STATE +PODS +LAST MATCH +AGE +KIND +PROFILE +IMAGE +MESSAGE\n/);
    expect(shown).to.match(/^by-image +InUse +1 +\w+ +\w+ +SeccompProfile +deny-mkdir +\S*busybox:1\.35 /m);
    scene.kubectl('delete', 'pod', 'hello', '--now');
    await cluster.until('no user', users, (text) => text.trim() === '');
  });

  it('binds by another spelling of the image, init containers and sidecars too', async () => {
    await scene.bind('spelt', 'deny-mkdir', { image: 'busybox:1.35' });
    const made = shellPod(namespace, 'spelt', TRY_MKDIR) as {
      spec: { containers: object[]; initContainers?: object[] };
    };
    const [container] = made.spec.containers;
    made.spec.initContainers = [
      { ...container, name: 'first' },
      { ...container, name: 'beside', command: ['sh', '-c', WAIT], restartPolicy: 'Always' },
    ];
    cluster.apply(made);
    await cluster.untilPod(namespace, 'spelt', 'Succeeded');
    expect(scene.pod('spelt', BOUND)).to.equal('beside=spelt,first=spelt,shell=spelt');
    expect(scene.kubectl('logs', 'spelt', '-c', 'first')).to.include('Operation not permitted');
  });

  it('with the image "*" takes what no other binding took', async () => {
    await scene.bind('default', 'deny-mkdir', { image: '*' });
    cluster.apply(shellPod(namespace, 'star', TRY_MKDIR));
    await cluster.untilPod(namespace, 'star', 'Succeeded');
    expect(scene.log('star')).to.include('Operation not permitted');
    cluster.apply(seccompProfile(namespace, 'lenient', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'lenient', 'Installed');
    await scene.bind('special', 'lenient', { image: BUSYBOX_IMAGE });
    cluster.apply(shellPod(namespace, 'not-star', TRY_MKDIR));
    await cluster.untilPod(namespace, 'not-star', 'Succeeded');
    expect(scene.log('not-star')).to.equal('status 0\n');
    expect(scene.pod('not-star', BOUND)).to.equal('shell=special');
  });

  it('does nothing in a namespace without the label, and says so', async () => {
    const other = `${namespace}-off`;
    cluster.namespace(other);
    try {
      cluster.apply(
        seccompProfile(other, 'deny-mkdir', DENY_MKDIR),
        profileBinding(other, 'off', 'deny-mkdir', { image: BUSYBOX_IMAGE }),
        shellPod(other, 'free', TRY_MKDIR),
      );
      await cluster.untilPod(other, 'free', 'Succeeded');
      expect(cluster.kubectl(['-n', other, 'logs', 'free'])).to.equal('status 0\n');
      const state = () => cluster.value('profilebinding', 'off', other, '{.status.state}: {.status.message}');
      await cluster.until('the reason', state, (text) => text.startsWith('NamespaceNotLabelled'));
      expect(state()).to.include('spo.x-k8s.io/enable-binding');
    } finally {
      cluster.kubectl(['delete', 'namespace', other, '--wait=false']);
    }
  });

  it('says which images it saw when none matches', async () => {
    cluster.apply(shellPod(namespace, 'other-image', 'true'));
    await scene.bind('misspelt', 'deny-mkdir', { image: 'busibox:1.35' });
    const message = () => scene.binding('misspelt', '{.status.state}: {.status.message}');
    await cluster.until('the nearest', message, (text) => text.startsWith('NoMatch') && text.includes('busybox:1.35'));
  });

  it('never overrides what the author of a pod set', async () => {
    await scene.bind('by-image', 'deny-mkdir', { image: BUSYBOX_IMAGE });
    cluster.apply(shellPod(namespace, 'own', TRY_MKDIR, scene.localhost('lenient')));
    await cluster.untilPod(namespace, 'own', 'Succeeded');
    expect(scene.log('own')).to.equal('status 0\n');
    await scene.untilEvent('own', 'ProfileSetByAuthor');
  });

  it('binds the pods of Deployments and StatefulSets, and lets go of them', async () => {
    await scene.bind('by-image', 'deny-mkdir', { image: BUSYBOX_IMAGE });
    const template = {
      metadata: { labels: { app: 'many' } },
      spec: (shellPod(namespace, 'x', WAIT) as { spec: { restartPolicy?: string } }).spec,
    };
    delete template.spec.restartPolicy;
    const common = { replicas: 2, selector: { matchLabels: { app: 'many' } }, template };
    cluster.apply(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name: 'many' }, spec: common },
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { namespace, name: 'set' },
        spec: {
          ...common,
          serviceName: 'set',
          selector: { matchLabels: { app: 'set' } },
          template: { ...template, metadata: { labels: { app: 'set' } } },
        },
      },
    );
    const count = () => scene.binding('by-image', '{.status.activeWorkloadCount}');
    await cluster.until('four pods', count, (text) => text === '4');
    scene.kubectl('delete', 'deployment/many', 'statefulset/set', '--wait=true');
    const left = () => scene.binding('by-image', '{.status.activeWorkloadCount} {.metadata.finalizers}');
    await cluster.until('no pod and no finalizer', left, (text) => ['', '0'].includes(text.trim()));
  });

  it('keeps the image of a running container that is bound', async () => {
    await scene.bind('by-image', 'deny-mkdir', { image: BUSYBOX_IMAGE });
    cluster.apply(shellPod(namespace, 'fixed', WAIT));
    await cluster.untilPod(namespace, 'fixed', 'Running');
    const change = (image: string) =>
      cluster.tryKubectl(['-n', namespace, 'set', 'image', 'pod/fixed', `shell=${image}`]);
    expect(change('nginx:1').stderr).to.include('by-image');
    expect(change('busybox:1.35').status).to.equal(0);
  });

  it('takes names of 72 characters', async () => {
    const name = `long-${'n'.repeat(67)}`;
    cluster.apply(seccompProfile(namespace, name, DENY_MKDIR));
    await scene.bind(name, name, { image: BUSYBOX_IMAGE });
    cluster.apply(shellPod(namespace, 'long', TRY_MKDIR));
    await cluster.untilPod(namespace, 'long', 'Succeeded');
    expect(scene.log('long')).to.include('Operation not permitted');
    expect(scene.pod('long', BOUND)).to.equal(`shell=${name}`);
  });

  it('reaches an ephemeral container', async () => {
    await scene.bind('by-image', 'deny-mkdir', { image: BUSYBOX_IMAGE });
    cluster.apply(shellPod(namespace, 'debugged', WAIT));
    await cluster.untilPod(namespace, 'debugged', 'Running');
    const debug = ['debug', 'debugged', `--image=${BUSYBOX_IMAGE}`, '--image-pull-policy=IfNotPresent'];
    scene.kubectl(...debug, '-c', 'look', '--', 'sh', '-c', TRY_MKDIR);
    const look = () => cluster.tryKubectl(['-n', namespace, 'logs', 'debugged', '-c', 'look']).stdout;
    await cluster.until('its log', look, (text) => text.includes('Operation not permitted'));
  });
});
