// SPDX-License-Identifier: Apache-2.0
// The calls that a recording saw, and the gaps that it knows of.
import { expect } from 'chai';
import fc from 'fast-check';
import type { RecorderEvent } from '../../../src/gen/wire/recorder.ts';
import { EMPTY_LEDGER, noteEvent, shortcomings } from '../../../src/core/recording/ledger.ts';
import type { Ledger } from '../../../src/core/recording/ledger.ts';

const noted = (...events: readonly RecorderEvent[]): Ledger => events.reduce(noteEvent, EMPTY_LEDGER);
const seen = (architecture: 'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86', ...numbers: number[]): RecorderEvent => ({
  type: 'syscalls',
  architecture,
  numbers,
});

describe('noteEvent()', () => {
  it('unites what is seen, by architecture', () => {
    const ledger = noted(seen('SCMP_ARCH_X86_64', 0, 59), seen('SCMP_ARCH_X86', 0), seen('SCMP_ARCH_X86_64', 59, 1));
    expect(ledger.calls).to.deep.equal(
      new Map([
        ['SCMP_ARCH_X86_64', new Set([0, 59, 1])],
        ['SCMP_ARCH_X86', new Set([0])],
      ]),
    );
  });

  it('takes the last count, as the recorder counts from the start', () => {
    const ledger = noted(
      { type: 'lost', reason: 'process', count: 1n },
      { type: 'lost', reason: 'number', count: 7n },
      { type: 'lost', reason: 'process', count: 3n },
    );
    expect([ledger.lostProcesses, ledger.strangeCalls]).to.deep.equal([3n, 7n]);
  });

  it('does not depend on how what was seen is cut into events', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 471 }));
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const together = noted(seen('SCMP_ARCH_X86_64', ...a, ...b));
        const apart = noted(seen('SCMP_ARCH_X86_64', ...a), seen('SCMP_ARCH_X86_64', ...b));
        expect(apart).to.deep.equal(together);
      }),
    );
  });

  it('learns nothing from events that tell how the recorder fares', () => {
    const ledger = noted(
      { type: 'hello', protocol: 'x' },
      { type: 'started', pid: 7 },
      { type: 'exited', code: 1, signal: 0 },
      { type: 'complete', final: true },
      { type: 'failed', reason: 'x' },
    );
    expect(ledger).to.deep.equal(EMPTY_LEDGER);
    expect(shortcomings(ledger)).to.deep.equal([]);
  });
});

describe('shortcomings()', () => {
  const incomplete = noted(
    { type: 'watching', running: 2 },
    { type: 'lost', reason: 'process', count: 4n },
    { type: 'left', count: 3 },
  );

  it('says what is missing, a sentence each', () => {
    expect(shortcomings(incomplete)).to.deep.equal([
      '4 processes could not be followed: their system calls and those of their children are missing',
      '2 processes ran before the recording began: what they did before is missing',
      '3 processes ran on when the recording ended: what they did then is missing',
    ]);
  });

  it('takes nothing of orphans, whose end is recorded unless they are left', () => {
    expect(shortcomings(noted({ type: 'orphans', count: 3 }))).to.deep.equal([]);
  });
});
