// SPDX-License-Identifier: Apache-2.0
// The work for a pod grows with its size and no faster: one process answers for a whole cluster, and a question may
// have 3 MB, which is thirty thousand containers. Reads of containers and bindings are counted, and nothing is timed.
import { expect } from 'chai';
import { BindingImageWebhook } from '../../src/admission/binding-image.ts';
import { BindingWebhook } from '../../src/admission/binding.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import { APPARMOR_ANNOTATION_PREFIX } from '../../src/core/apparmor/pod-uses.ts';
import type { PodContainer } from '../../src/core/binding/pod.ts';
import { ANNOTATION } from '../../src/core/names.ts';
import { binding, container, localhost, pod } from '../core/binding/objects.ts';
import { creation, NO_OBSTACLES, stateOf, update } from './requests.ts';

/** Counts what is read of objects, and of the objects in them. */
class Reads {
  count = 0;

  of<T extends object>(object: T): T {
    return new Proxy(object, {
      get: (target, key) => {
        this.count += 1;
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'object' && value !== null ? this.of(value) : value;
      },
    });
  }
}

const ANY = binding({ name: 'any', image: '*', profile: 'basic' });
const KINDS = [
  ANY,
  binding({ name: 'any-selinux', image: '*', kind: 'SelinuxProfile' }),
  binding({ name: 'any-apparmor', image: '*', kind: 'AppArmorProfile' }),
];

type Make = (at: number) => PodContainer;

function containers(count: number, make: Make, reads: Reads): readonly PodContainer[] {
  return Array.from({ length: count }, (_, at) => reads.of(make(at)));
}

const namesUpTo = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `c${String(at)}`);

/** A pod that is created, with so many containers. */
function created(make: Make, annotations: (count: number) => object = () => ({})) {
  return (count: number, reads: Reads): AdmissionRequest =>
    creation(pod(containers(count, make, reads), {}, { annotations: annotations(count) }));
}

/** A pod whose containers all get other images. */
function changed(make: (at: number, image: string) => PodContainer, spec: object = {}) {
  return (count: number, reads: Reads): AdmissionRequest => {
    const marks = namesUpTo(count).map((name) => `${name}=any`);
    const annotations = { [ANNOTATION.profileBindings]: marks.join(',') };
    const [before, after] = ['old', 'new'].map((image) =>
      pod(
        containers(count, (at) => make(at, image), reads),
        { ...spec },
        { annotations },
      ),
    );
    return update(before ?? {}, after ?? {});
  };
}

const named = (at: number, context: object): PodContainer => container(`c${String(at)}`, 'x', { ...context });

const QUESTIONS: Readonly<Record<string, (count: number, reads: Reads) => AdmissionRequest>> = {
  'an image each': created((at) => container(`c${String(at)}`, `nginx:${String(at)}`)),
  'a seccomp profile each': created((at) => named(at, { seccompProfile: localhost(`p${String(at)}`) })),
  'a SELinux type each': created((at) => named(at, { seLinuxOptions: { type: `t${String(at)}` } })),
  'an AppArmor profile each': created((at) =>
    named(at, { appArmorProfile: { type: 'Localhost', localhostProfile: `a${String(at)}` } }),
  ),
  'an annotation each': created(
    (at) => named(at, {}),
    (count) =>
      Object.fromEntries(namesUpTo(count).map((name) => [APPARMOR_ANNOTATION_PREFIX + name, `localhost/${name}`])),
  ),
  'one name, of which an annotation tells as many bindings': created(
    () => container('c', 'x'),
    (count) => ({
      [ANNOTATION.profileBindings]: namesUpTo(count)
        .map(() => 'c=any')
        .join(','),
    }),
  ),
  'another image for each': changed((at, image) => container(`c${String(at)}`, image)),
  'another image for each, under the profile of the pod': changed((at, image) => container(`c${String(at)}`, image), {
    securityContext: { seccompProfile: localhost('basic') },
  }),
};

describe('admission/binding of large pods', () => {
  for (const [what, question] of Object.entries(QUESTIONS)) {
    it(`reads in proportion to its containers: ${what}`, () => {
      const readsFor = (count: number): number => {
        const reads = new Reads();
        const states = { SelinuxProfile: 'installed', AppArmorProfile: 'installed' } as const;
        const state = stateOf(
          KINDS.map((one) => reads.of(one)),
          states,
        );
        const request = question(count, reads);
        const webhook = request.operation === 'CREATE' ? new BindingWebhook(state) : new BindingImageWebhook(state);
        webhook.review(request);
        return reads.count;
      };
      expect(readsFor(400)).to.be.lessThan(10 * readsFor(50));
    });
  }

  it('compares bindings of one digest once, not with each of the names by which containers have it', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const readsFor = (count: number): number => {
      const reads = new Reads();
      const bindings = namesUpTo(count).map((name) =>
        reads.of(binding({ name, image: `repository/web:${name}@${digest}` })),
      );
      const webhook = new BindingWebhook(stateOf(bindings));
      const make: Make = (at) => container(`c${String(at)}`, `repository/web:${String(at)}@${digest}`);
      expect(webhook.review(created(make)(count, reads))).to.have.property('outcome', 'bound');
      return reads.count;
    };
    expect(readsFor(400)).to.be.lessThan(10 * readsFor(50));
  });

  it('goes through the nodes once for all containers', () => {
    let rounds = 0;
    const nodes = () => {
      rounds += 1;
      return ['a', 'b'].map((name) => ({ name, labels: { 'kubernetes.io/hostname': name } }));
    };
    const facts = { ...NO_OBSTACLES, nodes, withoutAppArmor: new Set(['a']) };
    const state = { ...stateOf(KINDS, { AppArmorProfile: 'installed' }), obstacleFacts: () => facts };
    const roundsFor = (count: number): number => {
      rounds = 0;
      new BindingWebhook(state).review(created((at) => named(at, {}))(count, new Reads()));
      return rounds;
    };
    expect(roundsFor(20)).to.equal(roundsFor(1));
  });
});
