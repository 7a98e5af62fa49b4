// SPDX-License-Identifier: Apache-2.0
// Programs of filters, read and carried out for all arguments at once: the answer for any six arguments must be that of
// a machine that carries the program out for these.
import { expect } from 'chai';
import fc from 'fast-check';
import { answerOf, comparedNumbers, Unreadable } from '../../../../src/core/seccomp/kernel-filter/answer.ts';
import type { KnownCall } from '../../../../src/core/seccomp/kernel-filter/answer.ts';
import { parseFilters } from '../../../../src/core/seccomp/kernel-filter/program.ts';
import type { Instruction } from '../../../../src/core/seccomp/kernel-filter/program.ts';
import { Decisions } from '../../../../src/core/seccomp/meaning/decisions.ts';
import { callArgs } from '../arbitraries.ts';

const CALL: KnownCall = { number: 5, token: 0xc000_003e, isNarrow: false };

function instruction(code: number, constant: number, jumpTrue = 0, jumpFalse = 0): Instruction {
  return { code, constant, jumpTrue, jumpFalse };
}

const numbers = fc.constantFrom(0, 1, 5, 0x10, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xc000_003e);
const arguments_ = fc.integer({ min: 0, max: 11 }).map((word) => 16 + 4 * word);

/** Instructions that are no jump and no end. */
const steps: fc.Arbitrary<Instruction> = fc.oneof(
  fc.oneof(arguments_, arguments_, fc.constantFrom(0, 4)).map((offset) => instruction(0x20, offset)),
  numbers.map((mask) => instruction(0x54, mask)),
  fc.constantFrom(instruction(0x80, 0), instruction(0x81, 0), instruction(0x07, 0), instruction(0x87, 0)),
  fc
    .tuple(fc.constantFrom(0x60, 0x61, 0x02, 0x03), fc.integer({ min: 0, max: 15 }))
    .map(([code, at]) => instruction(code, at)),
  fc.tuple(fc.constantFrom(0x00, 0x01), numbers).map(([code, value]) => instruction(code, value)),
);

const jumps: fc.Arbitrary<Instruction> = fc
  .tuple(
    fc.constantFrom(0x15, 0x25, 0x35, 0x45),
    numbers,
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([code, value, yes, no]) => instruction(code, value, yes, no));

const ends = fc.integer({ min: 0, max: 3 }).map((value) => instruction(0x06, value));

/** Jumps reach one of the ends at the latest. */
const programs: fc.Arbitrary<readonly Instruction[]> = fc
  .tuple(
    fc.array(
      fc.oneof({ weight: 3, arbitrary: steps }, { weight: 3, arbitrary: jumps }, { weight: 1, arbitrary: ends }),
      { maxLength: 14 },
    ),
    fc.array(ends, { minLength: 4, maxLength: 4 }),
  )
  .map(([body, last]) => [instruction(0x20, 16), ...body, ...last]);

/** A machine for six arguments, in the plainest way. */
function carriedOut(program: readonly Instruction[], call: KnownCall, args: readonly bigint[]): number {
  const words = args.flatMap((arg) => [Number(arg & 0xffff_ffffn), call.isNarrow ? 0 : Number(arg >> 32n)]);
  const data = [call.number >>> 0, call.token, 0, 0, ...words];
  const memory = Array.from({ length: 16 }, () => 0);
  let [a, x] = [0, 0];
  for (let at = 0; ; at += 1) {
    const { code, constant, jumpTrue, jumpFalse } = program[at] ?? instruction(0x06, 99);
    const jump = (holds: boolean): void => {
      at += holds ? jumpTrue : jumpFalse;
    };
    if (code === 0x06) return constant;
    if (code === 0x20) a = data[constant / 4] ?? 0;
    if (code === 0x54) a = (a & constant) >>> 0;
    if (code === 0x80) a = 64;
    if (code === 0x81) x = 64;
    if (code === 0x07) x = a;
    if (code === 0x87) a = x;
    if (code === 0x60) a = memory[constant] ?? 0;
    if (code === 0x61) x = memory[constant] ?? 0;
    if (code === 0x02) memory[constant] = a;
    if (code === 0x03) memory[constant] = x;
    if (code === 0x00) a = constant;
    if (code === 0x01) x = constant;
    if (code === 0x15) jump(a === constant);
    if (code === 0x25) jump(a > constant);
    if (code === 0x35) jump(a >= constant);
    if (code === 0x45) jump((a & constant) !== 0);
  }
}

function resultOf(program: readonly Instruction[], call = CALL): number | undefined {
  const decisions = new Decisions();
  return decisions.resultOf(answerOf(program, call, decisions, (value) => value));
}

function fault(...program: readonly Instruction[]): string {
  try {
    resultOf(program);
    return '';
  } catch (error) {
    return error instanceof Unreadable ? error.message : String(error);
  }
}

describe('answerOf()', () => {
  it('answers as a machine does for six arguments', () => {
    const calls = fc.boolean().map((isNarrow): KnownCall => ({ ...CALL, isNarrow }));
    fc.assert(
      fc.property(programs, calls, callArgs, (program, call, args) => {
        const decisions = new Decisions();
        const cut = args.map((arg) => (call.isNarrow ? arg & 0xffff_ffffn : arg));
        const answer = answerOf(program, call, decisions, (value) => value);
        expect(decisions.evaluate(answer, cut)).to.equal(carriedOut(program, call, cut));
      }),
      { numRuns: 600 },
    );
  });

  it('follows jumps, comparisons with the index register, and ends with the accumulator', () => {
    const [yes, no] = [instruction(0x06, 1), instruction(0x06, 0)];
    expect(resultOf([instruction(0x05, 1), no, yes])).to.equal(1);
    expect(resultOf([instruction(0x01, 5), instruction(0x20, 0), instruction(0x1d, 0, 0, 1), yes, no])).to.equal(1);
    expect(resultOf([instruction(0x01, 6), instruction(0x20, 0), instruction(0x5c, 0), instruction(0x16, 0)])).to.equal(
      4,
    );
  });

  it('says of what it cannot follow that it cannot', () => {
    const end = instruction(0x06, 1);
    expect(fault(instruction(0x20, 8), end)).to.equal('it looks at the place of the call in memory');
    expect(fault(instruction(0x20, 16), instruction(0x16, 0))).to.equal('it computes with an argument');
    expect(fault(instruction(0x04, 1), end)).to.equal('it has an instruction that cannot be followed, 0x4');
    expect(fault(instruction(0x05, 9))).to.equal('it runs beyond its end');
    expect(fault(instruction(0x02, 16), end)).to.equal('it stores beyond its memory');
    expect(fault(end)).to.equal('');
  });

  it('knows the numbers that a program compares with', () => {
    expect(
      comparedNumbers([instruction(0x15, 7), instruction(0x35, 9), instruction(0x15, 7), instruction(0x06, 3)]),
    ).to.deep.equal([7, 9]);
  });
});

describe('parseFilters()', () => {
  it('reads a line for each filter', () => {
    const end = '00060000' + '7fff0000';
    expect(parseFilters(`2 0015010200000029${end}\n0 ${end}\nend\n`)).to.deep.equal([
      { logs: true, program: [instruction(0x15, 0x29, 1, 2), instruction(0x06, 0x7fff_0000)] },
      { logs: false, program: [instruction(0x06, 0x7fff_0000)] },
    ]);
    expect(parseFilters('end\n')).to.deep.equal([]);
  });

  it('refuses what breaks off or has another form', () => {
    for (const text of ['', '0 0006000000000000\n', 'end'])
      expect(() => parseFilters(text)).to.throw('the filters break off');
    for (const line of [
      '0',
      '0 00',
      'x 0006000000000000',
      '0 000600000000000g',
      `0 ${'0006000000000000'.repeat(4097)}`,
    ]) {
      expect(() => parseFilters(`${line}\nend\n`)).to.throw('a line of a filter has another form');
    }
  });
});
