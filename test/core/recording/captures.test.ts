// SPDX-License-Identifier: Apache-2.0
// Containers that are recorded: laws about the order of what comes, and bounds.
import { expect } from 'chai';
import fc from 'fast-check';
import { Captures } from '../../../src/core/recording/captures.ts';
import type { CaptureLimits } from '../../../src/core/recording/captures.ts';

interface Heard {
  readonly captures: Captures;
  readonly changed: string[];
  readonly dropped: string[];
}

function listening(limits?: CaptureLimits): Heard {
  const changed: string[] = [];
  const dropped: string[] = [];
  const listener = { changed: (pod: string) => changed.push(pod), dropped: (why: string) => dropped.push(why) };
  return { captures: new Captures(listener, limits), changed, dropped };
}

type Step = (captures: Captures) => void;

const id = fc.constantFrom('a', 'b');
const time = fc.integer({ min: 0, max: 50 });
const architecture = fc.constantFrom('SCMP_ARCH_X86_64' as const, 'SCMP_ARCH_X86' as const);
const numbers = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(id, architecture, numbers, time).map(
    ([of, arch, calls, now]): Step =>
      (captures) =>
        captures.note(of, arch, calls, now),
  ),
  fc.tuple(id, fc.constantFrom('process', 'ring'), fc.integer({ min: 0, max: 3 })).map(
    ([of, why, count]): Step =>
      (captures) =>
        captures.lost(of, why, count),
  ),
  fc.tuple(id, time).map(
    ([of, now]): Step =>
      (captures) =>
        captures.began(of, now),
  ),
  id.map(
    (of): Step =>
      (captures) =>
        captures.placed(of, { pod: 'uid' }),
  ),
  id.map(
    (of): Step =>
      (captures) =>
        captures.placed(of, { pod: 'uid', container: `name-${of}`, image: `sha256:${of}` }),
  ),
);

function after(steps: readonly Step[]) {
  const { captures } = listening();
  for (const take of steps) take(captures);
  return ['a', 'b'].map((one) => captures.get(one));
}

describe('Captures', () => {
  it('are the same in whatever order news come', () => {
    const shuffled = fc
      .array(step, { maxLength: 20 })
      .chain((steps) => fc.tuple(fc.constant(steps), fc.shuffledSubarray(steps, { minLength: steps.length })));
    fc.assert(
      fc.property(shuffled, ([steps, others]) => {
        expect(after(others)).to.deep.equal(after(steps));
      }),
    );
  });

  it('keep the first time of each call, and the last time at which one was new', () => {
    const { captures } = listening();
    captures.note('a', 'SCMP_ARCH_X86_64', [1, 2], 20);
    captures.note('a', 'SCMP_ARCH_X86_64', [1], 90);
    captures.note('a', 'SCMP_ARCH_X86', [1], 40);
    expect(captures.get('a')).to.include({ firstCall: 20, lastNewCall: 40 });
  });

  it('are of a pod when the pod is known, with what came before', () => {
    const { captures, changed } = listening();
    captures.note('a', 'SCMP_ARCH_X86_64', [1], 20);
    expect([captures.of('uid'), changed]).to.deep.equal([[], []]);
    captures.placed('a', { pod: 'uid' });
    expect(captures.of('uid').map(({ calls }) => calls.get('SCMP_ARCH_X86_64'))).to.deep.equal([new Set([1])]);
    expect(changed).to.deep.equal(['uid']);
  });

  it('tell of the first time of a call, of losses and of ends, and of nothing else', () => {
    const { captures, changed } = listening();
    captures.placed('a', { pod: 'uid', container: 'web' });
    changed.length = 0;
    captures.note('a', 'SCMP_ARCH_X86_64', [1], 20);
    captures.note('a', 'SCMP_ARCH_X86_64', [1], 21);
    captures.placed('a', { pod: 'uid', container: 'web' });
    expect(changed).to.have.length(1);
    captures.lost('a', 'ring', 0);
    expect(changed).to.have.length(1);
    captures.lost('a', 'ring', 2);
    captures.ended('a', 30);
    captures.ended('a', 31);
    expect(changed).to.have.length(3);
    expect(captures.get('a')).to.deep.include({ ended: 30, lost: new Map([['ring', 2]]) });
  });

  it('believe the first pod of a container', () => {
    const { captures } = listening();
    captures.placed('a', { pod: 'uid' });
    captures.placed('a', { pod: 'other', container: 'x' });
    expect([captures.of('uid').length, captures.of('other').length]).to.deep.equal([1, 0]);
    expect(captures.get('a')?.container).to.equal(undefined);
  });

  it('charge a loss of nobody to all that run', () => {
    const { captures } = listening();
    for (const one of ['a', 'b', 'c']) captures.placed(one, { pod: 'uid' });
    captures.ended('c', 1);
    captures.lostSomewhere('restart', 1);
    expect(['a', 'b', 'c'].map((one) => captures.get(one)?.lost.size)).to.deep.equal([1, 1, 0]);
  });

  it('give up the oldest container without a pod, and say so', () => {
    const { captures, dropped } = listening({ containers: 3, unplaced: 2 });
    for (const one of ['a', 'b', 'c']) captures.note(one, 'SCMP_ARCH_X86_64', [1], 1);
    expect([captures.get('a'), dropped]).to.deep.equal([undefined, ['unknown-container']]);
  });

  it('never give up one that is of a pod, and refuse the next', () => {
    const { captures, dropped } = listening({ containers: 2, unplaced: 2 });
    for (const one of ['a', 'b', 'c']) captures.placed(one, { pod: 'uid' });
    expect([captures.of('uid').length, dropped]).to.deep.equal([2, ['too-many-containers']]);
    captures.forgetPod('uid');
    captures.placed('c', { pod: 'uid' });
    expect(captures.of('uid').map((one) => one.id)).to.deep.equal(['c']);
  });

  it('bound the calls of one container', () => {
    const { captures } = listening();
    captures.note('a', 'SCMP_ARCH_X86_64', [...Array(5000).keys()], 1);
    expect(captures.get('a')?.calls.get('SCMP_ARCH_X86_64')?.size).to.equal(4096);
    expect(captures.get('a')?.lost.get('too-many-calls')).to.equal(904);
  });
});
