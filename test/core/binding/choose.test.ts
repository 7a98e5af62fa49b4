// SPDX-License-Identifier: Apache-2.0
// Which binding wins, as a table, and as laws over namespaces full of bindings.
import { expect } from 'chai';
import fc from 'fast-check';
import { choose, indexBindings } from '../../../src/core/binding/choose.ts';
import type { BoundKind, Choice, PodImages } from '../../../src/core/binding/choose.ts';
import { matchImage, MATCHES } from '../../../src/core/binding/image-match.ts';
import type { ProfileBinding } from '../../../src/gen/crd/profile-binding.ts';
import { binding, ending } from './objects.ts';

const DIGEST = `sha256:${'1a'.repeat(32)}`;

function podOf(...images: readonly string[]): PodImages {
  return { labels: { app: 'web' }, containers: images.map((image, index) => ({ name: `c${String(index)}`, image })) };
}

const ALL_BIND: (choice: Choice) => boolean = () => true;

/** `container=binding` of every choice. */
function names(bindings: readonly ProfileBinding[], pod: PodImages, binds = ALL_BIND): readonly string[] {
  return choose(indexBindings(bindings), pod, binds).map(
    (choice) => `${choice.container}=${choice.binding.metadata.name}`,
  );
}

interface Row {
  readonly title: string;
  readonly bindings: readonly ProfileBinding[];
  readonly pod: PodImages;
  readonly expected: readonly string[];
}

const ONLY_DB = { podSelector: { matchLabels: { app: 'db' } } };
const ONLY_WEB = { podSelector: { matchLabels: { app: 'web' } } };
const ANY = binding({ name: 'any', image: '*' });

const ROWS: readonly Row[] = [
  { title: 'nothing without bindings', bindings: [], pod: podOf('nginx'), expected: [] },
  { title: 'nothing of another image', bindings: [binding()], pod: podOf('redis'), expected: [] },
  {
    title: 'every container of the image',
    bindings: [binding({ image: 'nginx' })],
    pod: podOf('nginx', 'redis', 'docker.io/library/nginx:latest'),
    expected: ['c0=web', 'c2=web'],
  },
  {
    title: 'the literal image before the other spelling, though younger',
    bindings: [
      binding({ name: 'old', image: 'docker.io/library/nginx', created: '2020-01-01T00:00:00Z' }),
      binding({ name: 'new', image: 'nginx' }),
    ],
    pod: podOf('nginx'),
    expected: ['c0=new'],
  },
  {
    title: 'the same reference before the same digest',
    bindings: [
      binding({ name: 'a', image: `nginx@${DIGEST}` }),
      binding({ name: 'b', image: `docker.io/nginx:1@${DIGEST}` }),
    ],
    pod: podOf(`nginx:1@${DIGEST}`),
    expected: ['c0=b'],
  },
  {
    title: 'the older of equals',
    bindings: [binding({ name: 'a' }), binding({ name: 'b', created: '2025-12-31T23:59:59Z' })],
    pod: podOf('nginx:1.27'),
    expected: ['c0=b'],
  },
  {
    title: 'the first by name of twins',
    bindings: [binding({ name: 'b' }), binding({ name: 'a' })],
    pod: podOf('nginx:1.27'),
    expected: ['c0=a'],
  },
  {
    title: 'one of each kind',
    bindings: [binding({ name: 'a' }), binding({ name: 'b', kind: 'SelinuxProfile' }), binding({ name: 'c' })],
    pod: podOf('nginx:1.27'),
    expected: ['c0=a', 'c0=b'],
  },
  {
    title: 'the next one where a selector excludes the pod',
    bindings: [binding({ name: 'a', spec: ONLY_DB }), binding({ name: 'b', spec: ONLY_WEB })],
    pod: podOf('nginx:1.27'),
    expected: ['c0=b'],
  },
  {
    title: 'the next one where the first is being deleted',
    bindings: [ending(binding({ name: 'a' })), binding({ name: 'b' }), ending(binding({ name: 'c', image: 'redis' }))],
    pod: podOf('nginx:1.27', 'redis'),
    expected: ['c0=b'],
  },
  {
    title: '* where all others are being deleted',
    bindings: [ANY, ending(binding({ image: 'nginx' }))],
    pod: podOf('nginx'),
    expected: ['c0=any'],
  },
  {
    title: 'all containers for *',
    bindings: [ANY, binding({ image: 'redis' })],
    pod: podOf('nginx', 'busybox'),
    expected: ['c0=any', 'c1=any'],
  },
  {
    title: 'no * where another container has a binding of its own',
    bindings: [ANY, binding({ image: 'redis' })],
    pod: podOf('nginx', 'redis'),
    expected: ['c1=web'],
  },
  {
    title: 'no * where a binding of another kind applies',
    bindings: [ANY, binding({ name: 'se', kind: 'SelinuxProfile', image: 'redis' })],
    pod: podOf('nginx', 'redis'),
    expected: ['c1=se'],
  },
  {
    title: '* where the selectors of all others exclude the pod',
    bindings: [ANY, binding({ image: 'nginx', spec: ONLY_DB })],
    pod: podOf('nginx'),
    expected: ['c0=any'],
  },
  {
    title: 'no * whose own selector excludes the pod',
    bindings: [binding({ name: 'any', image: '*', spec: ONLY_DB })],
    pod: podOf('nginx'),
    expected: [],
  },
  {
    title: 'an image that is no reference by its text',
    bindings: [binding({ image: 'No Reference' })],
    pod: podOf('No Reference', 'no reference'),
    expected: ['c0=web'],
  },
];

const IMAGES = ['nginx', 'docker.io/library/nginx:latest', 'nginx:1', `nginx:1@${DIGEST}`, `nginx@${DIGEST}`, 'A B'];
const images = fc.constantFrom(...IMAGES);
const bindingsOfAll = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-f]{1,2}$/),
      image: fc.oneof({ weight: 5, arbitrary: images }, { weight: 1, arbitrary: fc.constant('*') }),
      kind: fc.constantFrom<BoundKind>('SeccompProfile', 'SelinuxProfile'),
      created: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
      spec: fc.constantFrom({}, ONLY_WEB, ONLY_DB),
    }),
    { selector: ({ name }) => name },
  )
  .map((all) => all.map(binding));
const pods = fc.array(images, { maxLength: 4 }).map((list) => podOf(...list));

/** Whether the binding is for the image, told in the plainest way. */
function isFor({ spec }: ProfileBinding, image: string): boolean {
  return spec.podSelector !== ONLY_DB.podSelector && matchImage(spec.image, image) !== undefined;
}

function imageOf(pod: PodImages, choice: Choice): string {
  return pod.containers.find(({ name }) => name === choice.container)?.image ?? '';
}

describe('core/binding/choose', () => {
  for (const { title, bindings, pod, expected } of ROWS) {
    it(`takes ${title}`, () => {
      expect(names(bindings, pod)).to.deep.equal(expected);
      expect(names([...bindings].reverse(), pod)).to.deep.equal(expected);
    });
  }

  it('does not depend on the order of the bindings', () => {
    fc.assert(
      fc.property(
        bindingsOfAll.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
        ),
        pods,
        ([all, shuffled], pod) => {
          expect(names(shuffled, pod)).to.deep.equal(names(all, pod));
        },
      ),
    );
  });

  it('takes nothing less exact than what it leaves', () => {
    fc.assert(
      fc.property(bindingsOfAll, pods, (all, pod) => {
        for (const choice of choose(indexBindings(all), pod, ALL_BIND)) {
          const image = imageOf(pod, choice);
          expect(matchImage(choice.binding.spec.image, image)).to.equal(choice.match);
          const rivals = all.filter((other) => other.spec.profileRef.kind === choice.kind && isFor(other, image));
          const ranks = rivals.map((rival) => MATCHES.indexOf(matchImage(rival.spec.image, image) ?? 'any'));
          expect(MATCHES.indexOf(choice.match)).to.equal(Math.min(...ranks));
        }
      }),
    );
  });

  it('takes * for all containers or for none', () => {
    fc.assert(
      fc.property(bindingsOfAll, pods, (all, pod) => {
        const matches = new Set(choose(indexBindings(all), pod, ALL_BIND).map(({ match }) => match));
        const specific = all.some(
          (one) => one.spec.image !== '*' && pod.containers.some(({ image }) => isFor(one, image)),
        );
        if (specific) expect(matches.has('any')).to.equal(false);
        else expect([...matches].every((match) => match === 'any')).to.equal(true);
      }),
    );
  });

  it('takes * beside bindings without effect, for kinds of profile that these are not for', () => {
    const se = binding({ name: 'se', kind: 'SelinuxProfile', image: 'redis' });
    const web = binding({ image: 'nginx' });
    const pod = podOf('busybox', 'redis', 'nginx');
    const isSeccomp = ({ kind }: Choice): boolean => kind === 'SeccompProfile';
    expect(names([ANY, se], pod, isSeccomp)).to.deep.equal(['c0=any', 'c1=se', 'c1=any', 'c2=any']);
    expect(names([ANY, se, web], pod, isSeccomp)).to.deep.equal(['c1=se', 'c2=web']);
    expect(names([ANY, se, web], pod, () => false)).to.deep.equal(['c0=any', 'c1=se', 'c1=any', 'c2=web']);
  });

  it('judges each container by itself but for *', () => {
    fc.assert(
      fc.property(bindingsOfAll, pods, (all, pod) => {
        const specific = all.filter(({ spec }) => spec.image !== '*');
        const alone = pod.containers.flatMap((one) => names(specific, { ...pod, containers: [one] }));
        expect(names(specific, pod)).to.deep.equal(alone);
      }),
    );
  });
});
