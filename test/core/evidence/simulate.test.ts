// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { callsOfRecording, callsOfTrace } from '../../../src/core/evidence/made-calls.ts';
import type { MadeCall } from '../../../src/core/evidence/made-calls.ts';
import { simulate } from '../../../src/core/evidence/simulate.ts';
import { parseTrace } from '../../../src/core/evidence/trace-form.ts';
import { printTrace, TRACE_KIND, tracedCall } from '../../../src/core/evidence/trace.ts';
import type { Trace } from '../../../src/core/evidence/trace.ts';
import { InvalidProfile } from '../../../src/core/faults.ts';
import { EMPTY_LEDGER, noteEvent } from '../../../src/core/recording/ledger.ts';
import { profileObject, profileOf } from '../../../src/core/recording/profile.ts';
import type { ArgCondition, Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { runnableOn, syscallNumbers } from '../../../src/core/seccomp/syscalls.ts';
import type { RecorderEvent } from '../../../src/gen/wire/recorder.ts';

type Traced = Extract<RecorderEvent, { type: 'traced' }>;

const NATIVE = 'SCMP_ARCH_X86_64';
const NONE = { argument0: 0n, argument1: 0n, argument2: 0n, argument3: 0n, argument4: 0n, argument5: 0n };
const TIMES = { count: 3n, first: 1_767_225_600_000n, last: 1_767_225_601_000n };

function parsed(text: string): Readonly<Record<string, unknown>> {
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

function traced(number: number, more: Partial<Traced> = {}): Traced {
  return { type: 'traced', architecture: NATIVE, number, executable: 'web', noted: 0, ...NONE, ...TIMES, ...more };
}

function traceOf(events: readonly Traced[], gaps: readonly string[] = []): Trace {
  const head = { kind: TRACE_KIND, version: 'v1', command: 'web', architecture: NATIVE, kernel: '6.18', gaps } as const;
  return { ...head, calls: events.map(tracedCall) };
}

const made = (
  name: string,
  values: Readonly<Record<number, bigint>> = {},
  architecture: MadeCall['architectures'][0] = NATIVE,
): MadeCall => ({
  architectures: [architecture],
  name,
  arguments: new Map(Object.entries(values).map(([place, value]) => [Number(place), value])),
  caller: { source: 'trace', executable: 'web', count: 1, counted: 'calls' },
});

const rule = (name: string, action: Rule['action'], ...args: readonly ArgCondition[]): Rule => ({
  names: [name],
  action,
  args,
});
const family = (value: bigint): ArgCondition => ({ index: 0, op: 'SCMP_CMP_EQ', value, valueTwo: 0n });

const profile: Profile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  architectures: [NATIVE, 'SCMP_ARCH_X86'],
  rules: [
    rule('read', 'SCMP_ACT_ALLOW'),
    rule('mount', 'SCMP_ACT_LOG'),
    rule('ptrace', 'SCMP_ACT_KILL_PROCESS'),
    rule('bpf', 'SCMP_ACT_NOTIFY'),
    rule('socket', 'SCMP_ACT_ALLOW', family(2n)),
    rule('socket', 'SCMP_ACT_ALLOW', family(1n)),
  ],
};

describe('simulate()', () => {
  for (const { call, outcome } of [
    { call: made('read'), outcome: undefined },
    { call: made('mount'), outcome: undefined },
    { call: made('mknod'), outcome: 'denied: SCMP_ACT_ERRNO (1)' },
    { call: made('ptrace'), outcome: 'denied: SCMP_ACT_KILL_PROCESS' },
    { call: made('bpf'), outcome: 'unknown: a program decides: SCMP_ACT_NOTIFY' },
    { call: made('socket', { 0: 2n }), outcome: undefined },
    { call: made('socket', { 0: 16n, 1: 3n }), outcome: 'denied: SCMP_ACT_ERRNO (1)' },
    { call: made('socket', { 1: 3n }), outcome: 'unknown: the answer depends on the argument 0' },
    { call: made('socket'), outcome: 'unknown: the answer depends on the argument 0' },
    {
      call: made('socketcall', {}, 'SCMP_ARCH_X86'),
      outcome: 'unknown: it carries other calls, and which is not known',
    },
    {
      call: made('read', {}, 'SCMP_ARCH_X32'),
      outcome: 'denied: the architecture SCMP_ARCH_X32 is not in the profile',
    },
    { call: made('syscall 999'), outcome: 'denied: SCMP_ACT_ERRNO (1)' },
  ]) {
    it(`answers ${outcome ?? 'nothing'} to ${call.name} ${[...call.arguments].join(' ')}`, () => {
      const [finding, ...others] = simulate(profile, NATIVE, [call]).findings;
      expect(others).to.deep.equal([]);
      expect(finding === undefined ? undefined : `${finding.outcome}: ${finding.reason}`).to.equal(outcome);
    });
  }

  it('puts the calls of one caller together', () => {
    const event = (argument2: bigint, first: bigint): Traced =>
      traced(133, { noted: 4, argument2, first, last: first });
    const { calls } = callsOfTrace(
      traceOf([event(1n, 2000n), event(2n, 1000n), traced(133, { executable: 'sh' })]),
      't',
    );
    expect(simulate(profile, NATIVE, calls).findings).to.deep.equal([
      {
        name: 'mknod',
        architecture: NATIVE,
        outcome: 'denied',
        reason: 'SCMP_ACT_ERRNO (1)',
        callers: [
          {
            source: 't',
            executable: 'web',
            count: 6,
            counted: 'calls',
            first: '1970-01-01T00:00:01Z',
            last: '1970-01-01T00:00:02Z',
          },
          {
            source: 't',
            executable: 'sh',
            count: 3,
            counted: 'calls',
            first: '2026-01-01T00:00:00Z',
            last: '2026-01-01T00:00:01Z',
          },
        ],
      },
    ]);
  });

  it('denies nothing of what a profile was recorded from', () => {
    const events = fc.array(
      fc.record({
        architecture: fc.constantFrom(...runnableOn(NATIVE)),
        at: fc.nat(),
        noted: fc.integer({ min: 0, max: 63 }),
        argument0: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(events, (made) => {
        const seen = made.map(({ at, architecture, ...more }) => {
          const numbers = syscallNumbers(architecture);
          return traced(numbers[at % numbers.length]!, { architecture, ...more });
        });
        const ledger = seen
          .map(({ architecture, number }) => ({ type: 'syscalls', architecture, numbers: [number] }) as const)
          .reduce(noteEvent, EMPTY_LEDGER);
        const recorded = profileOf(ledger, NATIVE, []);
        const read = parseTrace(parsed(printTrace(traceOf(seen))), 'trace');
        expect(simulate(recorded.profile, NATIVE, callsOfTrace(read, 'trace').calls).findings).to.deep.equal([]);
        const object = callsOfRecording(profileObject('web', recorded), 'recording');
        expect(simulate(recorded.profile, NATIVE, object.calls).findings).to.deep.equal([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('parseTrace()', () => {
  it('reads what was printed', () => {
    const trace = traceOf([traced(41, { noted: 3, argument0: 2n ** 64n - 1n, argument1: 5n }), traced(900)], ['a gap']);
    expect(parseTrace(parsed(printTrace(trace)), 't')).to.deep.equal(trace);
    expect(parseTrace(parsed(printTrace(traceOf([]))), 't')).to.deep.equal(traceOf([]));
  });

  const good = JSON.parse(printTrace(traceOf([traced(41)]))) as Record<string, unknown>;
  const call = (good['calls'] as readonly Record<string, unknown>[])[0]!;
  for (const { field, value } of [
    { field: 'version', value: { ...good, version: 'v2' } },
    { field: 'architecture', value: { ...good, architecture: 'constructor' } },
    { field: 'gaps', value: { ...good, gaps: undefined } },
    { field: 'calls', value: { ...good, calls: {} } },
    { field: 'calls[0]', value: { ...good, calls: ['read'] } },
    { field: 'calls[0].number', value: { ...good, calls: [{ ...call, number: -1 }] } },
    { field: 'calls[0].name', value: { ...good, calls: [{ ...call, name: 5 }] } },
    { field: 'calls[0].executable', value: { ...good, calls: [{ ...call, executable: undefined }] } },
    { field: 'calls[0].count', value: { ...good, calls: [{ ...call, count: '5' }] } },
    { field: 'calls[0].first', value: { ...good, calls: [{ ...call, last: 5 }] } },
    { field: 'calls[0].arguments', value: { ...good, calls: [{ ...call, arguments: { 6: '1' } }] } },
    { field: 'calls[0].arguments', value: { ...good, calls: [{ ...call, arguments: { 0: String(2n ** 64n) } }] } },
  ]) {
    it(`names ${field} of a wrong one`, () => {
      const read = (): unknown => parseTrace(value, 't');
      expect(read).to.throw(InvalidProfile).with.nested.property('faults[0].field', field);
    });
  }
});
