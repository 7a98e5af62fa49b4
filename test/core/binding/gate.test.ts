// SPDX-License-Identifier: Apache-2.0
// How long a gate stays: laws about clocks, and the words for what is missing.
import { expect } from 'chai';
import fc from 'fast-check';
import { awaitedText, DEFAULT_WAIT_SECONDS, gateLeftMs, waitSecondsOf } from '../../../src/core/binding/gate.ts';

describe('core/binding/gate', () => {
  it('reads the wait of an annotation, and takes the default for what is none', () => {
    for (const [text, seconds] of [
      ['0', 0],
      ['1', 1],
      ['86400', 86_400],
      [undefined, DEFAULT_WAIT_SECONDS],
      ['', DEFAULT_WAIT_SECONDS],
      ['86401', DEFAULT_WAIT_SECONDS],
      ['-1', DEFAULT_WAIT_SECONDS],
      ['1.5', DEFAULT_WAIT_SECONDS],
      ['1e3', DEFAULT_WAIT_SECONDS],
      [' 5', DEFAULT_WAIT_SECONDS],
      ['9'.repeat(5000), DEFAULT_WAIT_SECONDS],
    ] as const) {
      expect(waitSecondsOf(text), text?.slice(0, 20)).to.equal(seconds);
    }
  });

  it('never waits longer than asked for, whatever the clock says of the age', () => {
    fc.assert(
      fc.property(fc.nat(86_400_000), fc.integer(), fc.nat(), (waitMs, ageMs, seenMs) => {
        const leftMs = gateLeftMs({ waitMs, ageMs, seenMs });
        expect(leftMs).to.be.within(0, waitMs);
        if (seenMs >= waitMs) expect(leftMs).to.equal(0);
      }),
    );
  });

  it('knows nothing of the age of a pod that came while the process ran, but how long it has seen it', () => {
    fc.assert(
      fc.property(fc.nat(86_400_000), fc.nat(), (waitMs, seenMs) => {
        expect(gateLeftMs({ waitMs, ageMs: undefined, seenMs })).to.equal(Math.max(0, waitMs - seenMs));
      }),
    );
  });

  it('ends exactly when the pod is as old as the wait, where both clocks agree', () => {
    fc.assert(
      fc.property(fc.nat(86_400_000), fc.nat(86_400_000), fc.nat(86_400_000), (waitMs, ageMs, seen) => {
        const seenMs = Math.min(seen, ageMs);
        expect(gateLeftMs({ waitMs, ageMs, seenMs })).to.equal(Math.max(0, waitMs - ageMs));
      }),
    );
  });

  it('says what is waited for', () => {
    const pending = (...nodes: string[]) => ({ profile: 'P', on: { state: 'pending', nodes } }) as const;
    expect(awaitedText([{ profile: 'the SeccompProfile ns/a', on: { state: 'missing' } }])).to.equal(
      'the SeccompProfile ns/a, which does not exist',
    );
    expect(awaitedText([{ profile: 'P', on: { state: 'inactive' } }])).to.equal(
      'P, which no node installs, because it is disabled or a part of a recording',
    );
    expect(awaitedText([pending('b', 'a')])).to.equal('P, which is not yet on a, b');
    expect(awaitedText([pending('d', 'c', 'b', 'a', 'e')])).to.equal('P, which is not yet on a, b, c and 2 more');
    expect(
      awaitedText([
        { profile: 'P', on: { state: 'failed', node: 'n', message: 'no room' } },
        { profile: 'Q', on: { state: 'nowhere' } },
      ]),
    ).to.equal('P, which n could not install: no room; Q, which no node can install, because none runs the daemon');
  });
});
