// SPDX-License-Identifier: Apache-2.0
// The status of a binding: a word and a sentence for each situation.
import { expect } from 'chai';
import { bindingStatus, bindingUrgency, seenImages } from '../../../src/core/binding/binding-status.ts';
import type { BindingFacts } from '../../../src/core/binding/binding-status.ts';
import type { ProfileBinding } from '../../../src/gen/crd/profile-binding.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

const binding: ProfileBinding = {
  apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
  kind: 'ProfileBinding',
  metadata: { name: 'b', namespace: 'ns', generation: 3 },
  spec: { profileRef: { kind: 'SeccompProfile', name: 'a' }, image: 'nginx:1.19.1' },
};

function facts(more: Partial<BindingFacts> = {}): BindingFacts {
  return {
    binding,
    isSupported: true,
    missing: undefined,
    isForbidden: false,
    isSelected: true,
    profile: 'installed',
    users: [],
    outdated: 0,
    gated: 0,
    youngest: undefined,
    rivalry: { type: 'none' },
    seenImages: () => ({ near: false, images: [] }),
    ...more,
  };
}

const CASES: readonly (readonly [string, Partial<BindingFacts>, string, string])[] = [
  ['one pod', { users: ['ns/p'] }, 'InUse', '1 pod runs under the SeccompProfile a because of this binding'],
  ['two', { users: ['ns/p', 'ns/q'] }, 'InUse', '2 pods run under the SeccompProfile a because of this binding'],
  [
    'pods that run though the profile has been deleted',
    { users: ['ns/p'], profile: 'missing' },
    'InUse',
    '1 pod runs under the SeccompProfile a because of this binding',
  ],
  [
    'pods under the profile that it named before, and one under the new one',
    { users: ['ns/p', 'ns/q', 'ns/r'], outdated: 2 },
    'InUse',
    '1 pod runs under the SeccompProfile a because of this binding, and 2 pods run under a profile that it named ' +
      'before: created anew, they get this one',
  ],
  [
    'pods under the profile that it named before only',
    { users: ['ns/p'], outdated: 1 },
    'InUse',
    '1 pod runs under a profile that this binding named before: created anew, it gets the SeccompProfile a',
  ],
  [
    'the same while the new one does not exist',
    { users: ['ns/p', 'ns/q'], outdated: 1, gated: 1, profile: 'missing' },
    'ProfileNotFound',
    'there is no SeccompProfile a in the namespace; 1 pod waits for it',
  ],
  [
    'a kind of later versions',
    { isSupported: false },
    'KindNotSupported',
    'this version does not install profiles of the kind SeccompProfile, so none can be bound',
  ],
  [
    'no label',
    { isSelected: false, profile: 'missing' },
    'NamespaceNotLabelled',
    'the webhook binding.spo.io is not called for pods of this namespace: label it spo.x-k8s.io/enable-binding, or as ' +
      'webhookOptions of the spod say',
  ],
  ['no profile', { profile: 'missing' }, 'ProfileNotFound', 'there is no SeccompProfile a in the namespace'],
  [
    'a pod that waits for the profile',
    { profile: 'missing', users: ['ns/p'], gated: 1 },
    'ProfileNotFound',
    'there is no SeccompProfile a in the namespace; 1 pod waits for it',
  ],
  [
    'a profile on its way',
    { profile: 'pending', users: ['ns/p', 'ns/q'], gated: 2 },
    'ProfileNotReady',
    'the SeccompProfile a is not on all nodes; 2 pods wait for it',
  ],
  [
    'a profile that failed',
    { profile: 'pending', profileSays: '1 of 1 node failed; n: no room' },
    'ProfileNotReady',
    'the SeccompProfile a is not on all nodes: 1 of 1 node failed; n: no room',
  ],
  [
    'an older binding',
    { rivalry: { type: 'outranked', by: 'x', why: 'older' } },
    'Outranked',
    'the binding x is as exact and older, and gets the pods that this one matches',
  ],
  [
    'a more exact one',
    { rivalry: { type: 'outranked', by: 'x', why: 'more exact' } },
    'Outranked',
    'the binding x names the image more exactly, and gets the pods that this one matches',
  ],
  [
    'pods that were there before',
    { rivalry: { type: 'older pods', pods: ['ns/1', 'ns/2', 'ns/3', 'ns/4', 'ns/5'] } },
    'NoMatch',
    'pods get a profile when they are created, and these were created without it: ns/1, ns/2, ns/3 and 2 more',
  ],
  [
    'a container that was left alone',
    { rivalry: { type: 'skipped', pod: 'container c of ns/p', why: 'the pod sets a profile of its own' } },
    'NoMatch',
    'container c of ns/p was not bound: the pod sets a profile of its own',
  ],
  ['no pod at all', {}, 'NoMatch', 'no pod runs in the namespace'],
  [
    'near images',
    { seenImages: () => ({ near: true, images: ['nginx:1.19.2', 'nginx:1.20'] }) },
    'NoMatch',
    'no pod of the binding has the image nginx:1.19.1; the nearest that were seen are nginx:1.19.2, nginx:1.20',
  ],
  [
    'other images',
    { seenImages: () => ({ near: false, images: ['redis'] }) },
    'NoMatch',
    'no pod of the binding has the image nginx:1.19.1; seen were redis',
  ],
];

describe('core/binding/binding-status', () => {
  for (const [name, more, state, message] of CASES) {
    it(`says ${state} of ${name}`, () => {
      const status = bindingStatus(facts(more), NOW);
      expect(status).to.include({ state, message, observedGeneration: 3 });
      expect(status.conditions).to.deep.equal([
        {
          type: 'Ready',
          status: state === 'InUse' || state === 'NoMatch' ? 'True' : 'False',
          reason: state,
          message,
          observedGeneration: 3,
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ]);
    });
  }

  it('lists a thousand pods and counts the others', () => {
    const users = Array.from({ length: 1200 }, (_, index) => `ns/p${String(index)}`);
    const status = bindingStatus(facts({ users }), NOW);
    expect(status.activeWorkloads).to.have.length(1000);
    expect(status.activeWorkloadCount).to.equal(1200);
  });

  it('keeps the time of the last match when the pod has gone, and never goes back', () => {
    const before = bindingStatus(facts({ users: ['ns/p'], youngest: '2026-01-01T00:00:00Z' }), NOW);
    const kept = facts({ binding: { ...binding, status: before } });
    expect(bindingStatus(kept, NOW).lastMatchTime).to.equal('2026-01-01T00:00:00Z');
    expect(bindingStatus({ ...kept, youngest: '2025-01-01T00:00:00Z' }, NOW).lastMatchTime).to.equal(
      '2026-01-01T00:00:00Z',
    );
    expect(bindingStatus({ ...kept, youngest: '2026-02-01T00:00:00Z' }, NOW).lastMatchTime).to.equal(
      '2026-02-01T00:00:00Z',
    );
  });

  it('cuts a message to what the schema takes', () => {
    const { message = '' } = bindingStatus(
      facts({
        binding: { ...binding, spec: { ...binding.spec, image: 'x'.repeat(1024) } },
        seenImages: () => ({ near: false, images: ['y'] }),
      }),
      NOW,
    );
    expect(message).to.have.length(1024);
  });

  it('is written at once when pods come to run under it, soon for other changes, and never without one', () => {
    const inUse = bindingStatus(facts({ users: ['ns/p'] }), NOW);
    const more = bindingStatus(facts({ users: ['ns/p', 'ns/q'] }), NOW);
    const none = bindingStatus(facts(), NOW);
    expect(bindingUrgency(undefined, none)).to.equal('soon');
    expect(bindingUrgency(none, inUse)).to.equal('now');
    expect(bindingUrgency(inUse, more)).to.equal('soon');
    expect(bindingUrgency(inUse, { ...inUse })).to.equal('never');
  });
});

describe('core/binding/binding-status: images', () => {
  const seen = ['redis:7', 'nginx:1.20', 'redis:7', 'zoo', 'x'.repeat(4096)];

  it('are those near the wanted one, or else the first of all', () => {
    expect(seenImages('nginx:1.19', seen)).to.deep.equal({ near: true, images: ['nginx:1.20'] });
    const { near, images } = seenImages('postgres', seen);
    expect(near).to.equal(false);
    expect(images.slice(0, 2)).to.deep.equal(['nginx:1.20', 'redis:7']);
    expect(images[2]).to.have.length(201);
    expect(seenImages('postgres', [])).to.deep.equal({ near: false, images: [] });
  });
});
