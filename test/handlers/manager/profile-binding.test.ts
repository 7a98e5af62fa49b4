// SPDX-License-Identifier: Apache-2.0
// The manager's part of bindings: status, finalizer, events, and what concerns which binding.
import { expect } from 'chai';
import type { Watch } from '../../../src/runtime/handler.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { seccompProfile } from '../../fakes/profiles.ts';
import { BindingWorld } from './binding-world.ts';

const LOCK = 'active-workload-lock';

describe('handlers/manager/profile-binding', () => {
  let world: BindingWorld;
  beforeEach(() => {
    world = new BindingWorld();
    world.namespace();
    world.profile('a');
  });

  const finalizersOf = async (name: string) => (await world.settled(name)).metadata?.finalizers;

  it('counts the pods that are bound by it and use its profile, and holds the binding for them', async () => {
    world.binding('b');
    world.pod('p1', { bound: 'c=b', profile: 'a', created: '2026-01-01T00:00:10Z' });
    world.pod('p2', { bound: 'c=b', profile: 'a', created: '2026-01-01T00:00:20Z' });
    world.pod('forged', { bound: 'c=b' });
    world.pod('other', { bound: 'c=other', profile: 'a' });
    world.pod('ended', { bound: 'c=b', profile: 'a', phase: 'Succeeded' });
    const { status, metadata } = await world.settled('b');
    expect(status).to.deep.include({
      state: 'InUse',
      activeWorkloads: ['ns/p1', 'ns/p2'],
      activeWorkloadCount: 2,
      lastMatchTime: '2026-01-01T00:00:20Z',
    });
    expect(metadata).to.deep.equal({ finalizers: { [LOCK]: true } });
  });

  it('proposes to enforce a profile that only logs, once, when its pods have shown nothing', async () => {
    const said = { type: 'DenialsObserved', status: 'False', reason: 'NoDenials', observedGeneration: 1 } as const;
    const conditions = [{ ...said, message: 'none', lastTransitionTime: '2026-01-01T00:00:00Z' }];
    const logging = seccompProfile('a', [], { spec: { defaultAction: 'SCMP_ACT_LOG' } });
    world.profiles.set({ ...logging, status: { status: 'Installed', observedGeneration: 1, conditions } });
    const enforcement = { promote: { afterSeconds: 60, replicas: 1 } };
    const binding = world.binding('b', { enforcement });
    const first = await world.settled('b');
    const promotable = ({ status }: typeof first) => status?.conditions?.find(({ type }) => type === 'Promotable');
    expect(promotable(first)?.reason).to.equal('TooFewReplicas');
    expect(first.status?.trial?.since).to.equal('2026-01-01T00:01:01Z');
    world.bindings.set({ ...binding, status: first.status! });
    world.pod('p', { bound: 'c=b', profile: 'a', created: '2026-01-01T00:01:10Z' });
    const second = await world.settled('b');
    expect(promotable(second)?.reason).to.equal('TooEarly');
    expect(second.requeueAfterMs).to.be.within(1, 120_000);
    world.bindings.set({ ...binding, status: second.status! });
    world.time += 120_000;
    const third = await world.settled('b');
    expect(promotable(third)?.status).to.equal('True');
    expect(third.events?.map(({ reason }) => reason)).to.deep.equal(['PromotionProposed']);
    world.bindings.set({ ...world.binding('b'), status: third.status! });
    expect(promotable(await world.settled('b'))).to.equal(undefined);
  });

  it('is released with its last pod', async () => {
    const binding = world.binding('b', {}, { finalizers: [LOCK], deletionTimestamp: '2026-01-01T00:00:40Z' });
    world.pod('p', { bound: 'c=b', profile: 'a' });
    expect((await world.handler.cleanup(binding)).metadata?.finalizers).to.deep.equal({ [LOCK]: true });
    world.pods.take('p');
    expect((await world.handler.cleanup(binding)).metadata?.finalizers).to.deep.equal({ [LOCK]: false });
  });

  it('counts pods that run under a profile which it named before, until the last has ended', async () => {
    world.binding('b');
    world.pod('p', { bound: 'c=b', profile: 'a' });
    world.profile('x');
    const edited = world.binding('b', { profile: 'x' }, { generation: 2, finalizers: [LOCK] });
    const { status, metadata } = await world.settled('b');
    expect(metadata?.finalizers).to.deep.equal({ [LOCK]: true });
    expect(status).to.deep.include({ state: 'InUse', activeWorkloads: ['ns/p'], activeWorkloadCount: 1 });
    expect((await world.handler.cleanup(edited)).metadata?.finalizers).to.deep.equal({ [LOCK]: true });
    world.binding('b', { kind: 'SelinuxProfile' }, { generation: 3, finalizers: [LOCK] });
    expect(await finalizersOf('b'), 'another kind').to.deep.equal({ [LOCK]: true });
    world.pods.take('p');
    expect(await finalizersOf('b')).to.deep.equal({ [LOCK]: false });
  });

  it('cannot be held any more once it is being deleted without', async () => {
    const binding = world.binding('b', {}, { deletionTimestamp: '2026-01-01T00:00:40Z' });
    world.pod('p', { bound: 'c=b', profile: 'a' });
    expect((await world.handler.cleanup(binding)).metadata?.finalizers).to.deep.equal({ [LOCK]: false });
  });

  it('says why it binds nothing', async () => {
    world.binding('b');
    expect(await world.verdict('b')).to.equal('NoMatch: no pod runs in the namespace');
    expect(await finalizersOf('b')).to.deep.equal({ [LOCK]: false });
    world.binding('missing', { profile: 'x' });
    expect(await world.verdict('missing')).to.match(/^ProfileNotFound: there is no SeccompProfile x/);
    world.binding('impossible', { profile: 'Not_A_Name' });
    expect(await world.verdict('impossible')).to.match(/^ProfileNotFound: there is no SeccompProfile Not_A_Name/);
    world.profile('slow', 'Pending');
    world.binding('waiting', { profile: 'slow' });
    expect(await world.verdict('waiting')).to.match(/^ProfileNotReady: /);
    world.binding('later', { kind: 'SelinuxProfile' });
    expect(await world.verdict('later')).to.match(/^KindNotSupported: .*SelinuxProfile/);
    world.namespace({});
    expect(await world.verdict('b')).to.match(/^NamespaceNotLabelled: /);
  });

  it('names the images that are nearest to the one that it is for', async () => {
    world.binding('b', { image: 'nginx:1.19' });
    world.pod('p', { image: 'nginx:1.20' });
    world.pod('q', { image: 'redis:7' });
    expect(await world.verdict('b')).to.equal(
      'NoMatch: no pod of the binding has the image nginx:1.19; the nearest that were seen are nginx:1.20',
    );
  });

  it('takes images of other spellings for the same', async () => {
    world.binding('b', { image: 'docker.io/library/nginx:1' });
    world.pod('p');
    expect(await world.verdict('b')).to.match(/^NoMatch: pods get a profile when they are created.*: ns\/p$/);
  });

  it('tells of pods that were left alone, and why', async () => {
    world.binding('b');
    world.pod('p', { skipped: 'c=b:ProfileSetByAuthor' });
    expect(await world.verdict('b')).to.equal(
      'NoMatch: container c of ns/p was not bound: the pod sets a profile of its own',
    );
  });

  it('counts pods that wait at the gate as waiting, not as running', async () => {
    world.profile('a', 'Pending');
    world.binding('b');
    world.pod('p', { bound: 'c=b', profile: 'a', gated: true });
    const { status } = await world.settled('b');
    expect(status).to.deep.include({ state: 'ProfileNotReady', activeWorkloadCount: 1 });
    expect(status?.message).to.match(/; 1 pod waits for it$/);
  });

  it('follows the options of the webhook', async () => {
    world.binding('b');
    world.webhookOption({ namespaceSelector: { matchLabels: { here: 'yes' } } });
    expect(await world.verdict('b')).to.match(/^NamespaceNotLabelled/);
    world.namespace({ here: 'yes' });
    expect(await world.verdict('b')).to.match(/^NoMatch/);
  });

  describe('beside others', () => {
    it('is outranked by an older one of the same image, and both profiles make it a conflict', async () => {
      world.profile('x');
      world.binding('old', { profile: 'x' }, { creationTimestamp: '2025-01-01T00:00:00Z' });
      world.binding('young');
      const { status, events } = await world.settled('young');
      expect(status).to.include({ state: 'Outranked' });
      expect(status?.message).to.equal(
        'the binding old is as exact and older, and gets the pods that this one matches',
      );
      expect(events?.map(({ reason, once }) => [reason, once])).to.deep.equal([['ProfileBindingConflict', true]]);
      expect(await world.verdict('old')).to.match(/^NoMatch/);
      expect((await world.settled('old')).events).to.deep.equal([]);
    });

    it('does not contradict one that selects other pods, as long as no pod is selected by both', async () => {
      world.profile('x');
      const at = { creationTimestamp: '2025-01-01T00:00:00Z' };
      world.binding('old', { profile: 'x', podSelector: { matchLabels: { app: 'one' } } }, at);
      world.binding('young', { podSelector: { matchLabels: { tier: 'two' } } });
      expect((await world.settled('young')).events).to.deep.equal([]);
      world.pod('p', { labels: { app: 'one', tier: 'two' } });
      const { status, events } = await world.settled('young');
      expect(status?.state).to.equal('Outranked');
      expect(events?.[0]?.reason).to.equal('ProfileBindingConflict');
    });

    it('contradicts one that spells the image otherwise, where pods spell it in a third way', async () => {
      world.profile('x');
      const at = { creationTimestamp: '2025-01-01T00:00:00Z' };
      world.binding('old', { profile: 'x', image: 'docker.io/library/nginx:1' }, at);
      world.binding('young', { image: 'docker.io/nginx:1' });
      world.pod('p', { image: 'docker.io/nginx:1' });
      expect((await world.settled('young')).events).to.deep.equal([]);
      world.pod('q', { image: 'nginx:1' });
      const { events } = await world.settled('young');
      expect(events?.[0]?.reason).to.equal('ProfileBindingConflict');
      expect(events?.[0]?.message).to.match(/old is older, so pods that both match get its profile x$/);
      expect((await world.settled('old')).events).to.deep.equal([]);
    });

    it('is outranked by one that names the image more exactly, and `*` by any', async () => {
      world.binding('any', { image: '*' }, { creationTimestamp: '2025-01-01T00:00:00Z' });
      world.binding('spelled', { image: 'docker.io/library/nginx:1' }, { creationTimestamp: '2025-01-01T00:00:00Z' });
      world.pod('p', { image: 'nginx:1' });
      expect(await world.verdict('any')).to.match(/^Outranked: the binding spelled names the image more exactly/);
      world.binding('literal', { image: 'nginx:1' });
      expect(await world.verdict('spelled')).to.match(/^Outranked: the binding literal names the image more exactly/);
      world.pod('q', { image: 'redis' });
      expect(await world.verdict('any')).to.match(/^NoMatch: pods get a profile.*: ns\/q$/);
    });
  });

  it('is not outranked by a binding of a kind that is not installed', async () => {
    world.binding('any', { image: '*' });
    world.binding('se', { kind: 'SelinuxProfile' });
    world.pod('p');
    expect(await world.verdict('any')).to.match(/^NoMatch: pods get a profile.*: ns\/p$/);
  });

  it('writes once where nothing changes, and a number together with those that follow', async () => {
    world.binding('b');
    world.pod('p1', { bound: 'c=b', profile: 'a' });
    const first = await world.handler.apply(world.bindings.get({ namespace: 'ns', name: 'b' })!);
    expect(first.status?.state, 'at once').to.equal('InUse');
    const stored = world.bindings.set({
      ...world.bindings.get({ namespace: 'ns', name: 'b' })!,
      status: first.status!,
    });
    expect((await world.handler.apply(stored)).status).to.equal(undefined);
    world.pod('p2', { bound: 'c=b', profile: 'a' });
    expect((await world.handler.apply(stored)).requeueAfterMs).to.equal(1000);
    world.pod('p3', { bound: 'c=b', profile: 'a' });
    world.time += 1000;
    expect((await world.handler.apply(stored)).status?.activeWorkloadCount).to.equal(3);
    await world.handler.gone({ namespace: 'ns', name: 'b' });
  });

  describe('is concerned', () => {
    const names = (keys: readonly { readonly name: string }[] = []) => keys.map(({ name }) => name).sort();
    const watchOf = (plural: string): Watch => world.watches.find(({ resource }) => resource.plural === plural)!;

    it('by pods that name it, or whose image it may be for, however that is spelled', () => {
      for (const image of ['nginx:1', 'docker.io/library/nginx:1', 'redis'])
        world.binding(`of-${image.length}`, { image });
      world.binding('named', { image: 'busybox' });
      world.binding('any', { image: '*' });
      const pods = watchOf('pods');
      expect(names(pods.mapToKeys(world.pod('p', { bound: 'c=named' })))).to.deep.equal([
        'any',
        'named',
        'of-25',
        'of-7',
      ]);
      const [pod, ended] = [world.pod('q'), world.pod('q', { phase: 'Failed' })];
      expect(pods.predicate?.(pod, ended)).to.equal(true);
      expect(pods.predicate?.(pod, { ...pod })).to.equal(false);
    });

    it('by the first pod of an image while it looks for one', () => {
      const status = { state: 'NoMatch' } as const;
      world.bindings.set({ ...world.binding('b', { image: 'other' }), status });
      const pods = watchOf('pods');
      expect(names(pods.mapToKeys(world.pod('p')))).to.deep.equal(['b']);
      expect(names(pods.mapToKeys(world.pod('q')))).to.deep.equal([]);
    });

    it('by its profile, its namespace, its rivals and the options of the webhook', () => {
      world.binding('b');
      world.binding('c', { profile: 'x' });
      world.binding('any', { image: '*' });
      expect(names(watchOf('seccompprofiles').mapToKeys(seccompProfile('x')))).to.deep.equal(['c']);
      const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' } };
      expect(names(watchOf('namespaces').mapToKeys(namespace))).to.deep.equal(['any', 'b', 'c']);
      expect(names(watchOf('profilebindings').mapToKeys(world.binding('b')))).to.deep.equal(['any', 'c']);
      expect(names(watchOf('securityprofilesoperatordaemons').mapToKeys(namespace))).to.have.length(3);
    });
  });
});
