// SPDX-License-Identifier: Apache-2.0
// Events about pods that bindings are for.
import { expect } from 'chai';
import { BindingWorld } from './binding-world.ts';
import type { PodParts } from './binding-world.ts';

describe('handlers/manager/pod-events', () => {
  let world: BindingWorld;
  beforeEach(() => {
    world = new BindingWorld();
    world.namespace();
    world.binding('b');
  });

  const told = async (parts: PodParts = {}): Promise<readonly string[]> => {
    const { events = [] } = await world.podEvents.apply(world.pod('p', parts));
    expect(events.every(({ once }) => once)).to.equal(true);
    return events.map(({ type, reason, message }) => `${type} ${reason} ${message}`);
  };

  it('tell for each container that was left alone by which binding, and why', async () => {
    expect(await told({ skipped: 'c=b:ProfileSetByAuthor,d=b:PrivilegedContainer,e=b:Nonsense' })).to.deep.equal([
      'Warning ProfileSetByAuthor The binding b is not applied to the container c: the pod sets a profile of its own',
      'Warning PrivilegedContainer The binding b is not applied to the container d: ' +
        'privileged containers run without a profile',
    ]);
  });

  it('tell that the webhook was not reached for a pod that is younger than its binding', async () => {
    const [message, ...more] = await told();
    expect(more).to.deep.equal([]);
    expect(message).to.match(
      /^Warning PodUnbound The binding b is for the container c, but the pod was created without/,
    );
    expect(await told({ created: '2026-01-01T00:00:00Z' }), 'as old').to.deep.equal([]);
    expect(await told({ created: '2025-12-31T23:59:00Z' }), 'older').to.deep.equal([]);
    expect(await told({ image: 'redis' }), 'another image').to.deep.equal([]);
    expect(await told({ bound: 'c=b', profile: 'a' }), 'bound').to.deep.equal([]);
    expect(await told({ phase: 'Succeeded' }), 'ended').to.deep.equal([]);
    world.webhookOption({ objectSelector: { matchLabels: { tier: 'web' } } });
    expect(await told({ labels: { tier: 'db' } }), 'not selected').to.deep.equal([]);
    expect(await told({ labels: { tier: 'web' } }), 'selected').to.have.length(1);
    world.namespace({});
    expect(await told(), 'not labelled').to.deep.equal([]);
  });

  it('tell nothing that may have changed since, and nothing of long ago', async () => {
    world.time += 300_000;
    expect(await told()).to.deep.equal([]);
    expect(await told({ skipped: 'c=b:WindowsPod' })).to.have.length(1);
    world.time += 3_600_000;
    expect(await told({ skipped: 'c=b:WindowsPod' })).to.deep.equal([]);
  });

  it('tell of two bindings with different profiles, of which the older one was taken', async () => {
    world.binding('z', { profile: 'x' }, { creationTimestamp: '2026-01-01T00:00:05Z' });
    expect(await told({ bound: 'c=b', profile: 'a' })).to.deep.equal([
      'Warning ProfileBindingConflict The bindings b and z are both for the image nginx:1, with different profiles. ' +
        'b is older, so pods that both match get its profile a',
    ]);
    world.binding('z', { profile: 'x', podSelector: { matchLabels: { app: 'other' } } }, { generation: 2 });
    expect(await told({ bound: 'c=b', profile: 'a' })).to.deep.equal([]);
  });

  describe('about images that are changed', () => {
    const TOLD =
      'Warning PodUnbound The image of the container c was changed to nginx:1, which the binding b is for, but a ' +
      'running pod gets no profile. Delete the pod and create it anew to bind it';

    const changed = async (from: PodParts, to: PodParts): Promise<readonly string[]> => {
      const [before, after] = [world.pod('p', from), world.pod('p', to)];
      expect(world.podEvents.predicate(before, after)).to.equal(true);
      return told(to);
    };

    it('tell that a pod which is not bound runs an image that is, however old it is', async () => {
      expect(await changed({ image: 'redis' }, {})).to.deep.equal([TOLD]);
      world.time += 86_400_000;
      expect(await told()).to.deep.equal([TOLD]);
      await world.podEvents.gone({ namespace: 'ns', name: 'p' });
      expect(await told()).to.deep.equal([]);
    });

    it('tell nothing where the pod is bound or was left alone, or the binding is for both images', async () => {
      expect(await changed({ image: 'redis' }, { bound: 'c=b', profile: 'a' })).to.deep.equal([]);
      expect(await changed({ image: 'redis' }, { image: 'busybox' })).to.deep.equal([]);
      expect(await changed({ image: 'redis' }, { skipped: 'c=b:PrivilegedContainer' })).to.have.length(1);
      const other = { image: 'docker.io/library/nginx:1', created: '2025-01-01T00:00:00Z' };
      await world.podEvents.gone({ namespace: 'ns', name: 'p' });
      expect(await changed(other, { created: other.created })).to.deep.equal([]);
    });
  });

  it('are looked at again when marks or images change only', () => {
    const pod = world.pod('p');
    expect(world.podEvents.predicate(pod, world.pod('p', { phase: 'Pending' }))).to.equal(false);
    expect(world.podEvents.predicate(pod, world.pod('p', { labels: { tier: 'x' } }))).to.equal(false);
    expect(world.podEvents.predicate(pod, world.pod('p', { image: 'redis' }))).to.equal(true);
    expect(world.podEvents.predicate(pod, world.pod('p', { bound: 'c=b' }))).to.equal(true);
  });
});
