// SPDX-License-Identifier: Apache-2.0
// The guard of bound containers' images: which changes of a running pod pass.
import { expect } from 'chai';
import { BindingImageWebhook } from '../../src/admission/binding-image.ts';
import { BindingWebhook } from '../../src/admission/binding.ts';
import type { AdmittedPod } from '../../src/core/binding/pod.ts';
import type { ProfileBinding } from '../../src/gen/crd/profile-binding.ts';
import { binding, container, ending, pod } from '../core/binding/objects.ts';
import { admitted, creation, stateOf, update } from './requests.ts';
import type { States } from './requests.ts';

const DIGEST = `sha256:${'1a'.repeat(32)}`;

interface Row {
  readonly title: string;
  /** The bindings when the pod is created. */
  readonly bindings: readonly ProfileBinding[];
  /** The bindings when it is changed, where they are others. */
  readonly later?: readonly ProfileBinding[];
  /** The images of the containers `web` and `db`, before and after. */
  readonly from: readonly [string, string];
  readonly to: readonly [string, string];
  /** A part of the refusal; undefined where the change passes. */
  readonly refused?: string;
}

const RUN_UNBOUND = { policy: 'RunUnbound' } as const;
const WEB = binding();
const ANY = binding({ name: 'any', image: '*', profile: 'basic' });
const REDIS = binding({ name: 'redis', image: 'redis', profile: 'quiet' });

const ROWS: readonly Row[] = [
  { title: 'no image', bindings: [WEB], from: ['nginx:1.27', 'db'], to: ['nginx:1.27', 'db'] },
  { title: 'the image of an unbound container', bindings: [WEB], from: ['nginx:1.27', 'db'], to: ['nginx:1.27', 'x'] },
  {
    title: 'the spelling of the image',
    bindings: [WEB],
    from: ['nginx:1.27', 'db'],
    to: ['docker.io/library/nginx:1.27', 'db'],
  },
  {
    title: 'the tag of an image that is bound by its digest',
    bindings: [binding({ image: `nginx@${DIGEST}` })],
    from: [`nginx:1.27@${DIGEST}`, 'db'],
    to: [`nginx:1.28@${DIGEST}`, 'db'],
  },
  {
    title: 'an image to one that nothing binds',
    bindings: [WEB],
    from: ['nginx:1.27', 'db'],
    to: ['nginx:1.28', 'db'],
    refused: 'container web cannot be changed to nginx:1.28, because ProfileBinding web is not for that image',
  },
  {
    title: 'an image to one with another profile',
    bindings: [WEB, REDIS],
    from: ['nginx:1.27', 'db'],
    to: ['redis', 'db'],
    refused: 'because ProfileBinding redis binds SeccompProfile quiet to that image',
  },
  {
    title: 'an image to one with the same profile',
    bindings: [WEB, binding({ name: 'next', image: 'nginx:1.28' })],
    from: ['nginx:1.27', 'db'],
    to: ['nginx:1.28', 'db'],
  },
  { title: 'the image of a container bound by *', bindings: [ANY], from: ['a', 'b'], to: ['c', 'b'] },
  {
    title: 'the image of a container bound by * to one with a binding of its own',
    bindings: [ANY, REDIS],
    from: ['a', 'b'],
    to: ['redis', 'b'],
    refused: 'ProfileBinding redis binds',
  },
  {
    title: 'the image of a container bound by *, when another has a binding of its own by now',
    bindings: [ANY],
    later: [ANY, binding({ name: 'b', image: 'b' })],
    from: ['a', 'b'],
    to: ['c', 'b'],
  },
  {
    title: 'the image of a container whose binding is gone',
    bindings: [WEB],
    later: [],
    from: ['nginx:1.27', 'db'],
    to: ['x', 'db'],
  },
  {
    title: 'the image of a container whose binding is going',
    bindings: [WEB],
    later: [ending(WEB)],
    from: ['nginx:1.27', 'db'],
    to: ['nginx:1.28', 'db'],
  },
  {
    title: 'the same to an image with another profile',
    bindings: [WEB],
    later: [REDIS],
    from: ['nginx:1.27', 'db'],
    to: ['redis', 'db'],
    refused: 'ProfileBinding redis binds',
  },
  {
    title: 'the same to an image with the same profile',
    bindings: [WEB],
    later: [binding({ name: 'other', image: 'x' })],
    from: ['nginx:1.27', 'db'],
    to: ['x', 'db'],
  },
  {
    title: 'the image to one that a kind binds which is not installed',
    bindings: [WEB, binding({ name: 'next', image: 'x' }), binding({ name: 'se', image: 'x', kind: 'SelinuxProfile' })],
    from: ['nginx:1.27', 'db'],
    to: ['x', 'db'],
  },
  {
    title: 'an image to the one that its binding is for by now, with another profile',
    bindings: [WEB],
    later: [binding({ image: 'x', profile: 'quiet' })],
    from: ['nginx:1.27', 'db'],
    to: ['x', 'db'],
    refused: 'ProfileBinding web binds SeccompProfile quiet',
  },
  {
    title: 'an image to one with the profile that the pod has, though its binding names another by now',
    bindings: [WEB],
    later: [binding({ image: 'y', profile: 'quiet' }), binding({ name: 'other', image: 'x' })],
    from: ['nginx:1.27', 'db'],
    to: ['x', 'db'],
  },
  {
    title: 'an image that its binding, which names another profile by now, is not for',
    bindings: [WEB],
    later: [binding({ image: 'y', profile: 'quiet' })],
    from: ['nginx:1.27', 'db'],
    to: ['x', 'db'],
    refused: 'ProfileBinding web is not for that image',
  },
  {
    title: 'the image of a container bound by *, which names another profile by now',
    bindings: [ANY],
    later: [binding({ name: 'any', image: '*', profile: 'quiet' })],
    from: ['a', 'b'],
    to: ['c', 'b'],
    refused: 'ProfileBinding any binds SeccompProfile quiet',
  },
  {
    title: 'the image of an unbound container beside a bound one to an image with a binding',
    bindings: [WEB, REDIS],
    from: ['nginx:1.27', 'pause'],
    to: ['nginx:1.27', 'redis'],
    refused: 'the image of container db cannot be changed to redis, because ProfileBinding redis binds',
  },
  {
    title: 'the spelling of an unbound image that was bound later',
    bindings: [WEB],
    later: [WEB, REDIS],
    from: ['nginx:1.27', 'redis'],
    to: ['nginx:1.27', 'docker.io/library/redis'],
  },
  {
    title: 'an unbound image beside a bound one whose binding is gone, with one for all images since',
    bindings: [WEB],
    later: [ANY],
    from: ['nginx:1.27', 'db'],
    to: ['nginx:1.27', 'x'],
  },
  {
    title: 'an unbound image to one whose binding would not bind a new pod yet',
    bindings: [WEB, binding({ name: 'late', image: 'x', profile: 'late', spec: { profileNotReady: RUN_UNBOUND } })],
    from: ['nginx:1.27', 'db'],
    to: ['nginx:1.27', 'x'],
  },
];

const STATES: States = { late: 'pending' };

function podOf([web, db]: readonly [string, string], of?: AdmittedPod): AdmittedPod {
  const made = pod([container('web', web), container('db', db)]);
  if (of === undefined) return made;
  const images = [web, db];
  const containers = (of.spec?.containers ?? []).map((one, at) => ({ ...one, image: images[at] ?? '' }));
  return { ...of, spec: { ...of.spec, containers } };
}

describe('admission/binding-image', () => {
  for (const { title, bindings, later = bindings, from, to, refused } of ROWS) {
    it(`${refused === undefined ? 'lets pass' : 'refuses'} a change of ${title}`, () => {
      const before = admitted(new BindingWebhook(stateOf(bindings)), creation(podOf(from)));
      const answer = new BindingImageWebhook(stateOf(later, STATES)).review(update(before, podOf(to, before)));
      if (refused === undefined) {
        expect(answer).to.deep.equal({ allowed: true, outcome: 'allowed', patch: [], warnings: [] });
        return;
      }
      expect(answer).to.include({ allowed: false, outcome: 'denied', code: 403, reason: 'Forbidden' });
      expect(answer).property('message').to.include(refused).and.to.include('Delete pod p and create it anew');
    });
  }

  it('leaves unbound containers alone that a new pod would leave alone', () => {
    const bindings = stateOf([WEB, REDIS]);
    const contexts = [{ privileged: true }, { seccompProfile: { type: 'Unconfined' } }, { seLinuxOptions: {} }];
    const codes = contexts.map((context) => {
      const given = pod([container('web', 'nginx:1.27'), container('db', 'db', context)]);
      const before = admitted(new BindingWebhook(bindings), creation(given));
      const answer = new BindingImageWebhook(bindings).review(update(before, podOf(['nginx:1.27', 'redis'], before)));
      return answer.allowed ? 200 : answer.code;
    });
    expect(codes).to.deep.equal([200, 200, 403]);
  });

  it('judges init containers as well', () => {
    const webhook = new BindingWebhook(stateOf([WEB]));
    const before = admitted(webhook, creation(pod([], { initContainers: [container('i', 'nginx:1.27')] })));
    const after = { ...before, spec: { ...before.spec, initContainers: [container('i', 'x')] } };
    const guard = new BindingImageWebhook(stateOf([WEB]));
    expect(guard.review(update(before, after))).to.include({ allowed: false, code: 403 });
  });

  it('is for changes of pods only, and throws for what is none', () => {
    const guard = new BindingImageWebhook(stateOf([WEB]));
    const given = pod([container('web', 'x')]);
    expect(guard.review(creation(given))).to.include({ allowed: true });
    expect(guard.review(update(given, given, 'ephemeralcontainers'))).to.include({ allowed: true });
    const broken = { spec: { containers: 7 } } as unknown as AdmittedPod;
    expect(() => guard.review(update(given, broken))).to.throw(TypeError);
  });
});
