// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import {
  markedValues,
  parseMarkedValues,
  printMarkedValues,
  unitedMarks,
} from '../../../src/core/adaptation/narrowed-values.ts';
import { MOST_VALUES, NARROWED_CALLS, narrow } from '../../../src/core/adaptation/observed-values.ts';
import { callsOfTrace } from '../../../src/core/evidence/made-calls.ts';
import { NOTED_ARGUMENTS } from '../../../src/core/evidence/noted-arguments.ts';
import { simulate } from '../../../src/core/evidence/simulate.ts';
import type { Trace, TracedCall } from '../../../src/core/evidence/trace.ts';
import { covers } from '../../../src/core/seccomp/covers.ts';
import type { Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { syscallNumber } from '../../../src/core/seccomp/syscalls.ts';
import { rulesOf } from '../seccomp/arbitraries.ts';

const NATIVE = 'SCMP_ARCH_X86_64';
const TIME = '2026-01-02T03:04:05Z';

function made(name: string, values: Readonly<Record<string, string>>): TracedCall {
  const number = syscallNumber(NATIVE, name) ?? -1;
  return {
    architecture: NATIVE,
    number,
    name,
    executable: 'web',
    arguments: values,
    count: 1,
    first: TIME,
    last: TIME,
  };
}

function traceOf(...calls: readonly TracedCall[]): Trace {
  return { kind: 'CallTrace', version: 'v1', command: 'web', architecture: NATIVE, kernel: '6.18', gaps: [], calls };
}

const allow = (...names: readonly string[]): Rule => ({ names, action: 'SCMP_ACT_ALLOW', args: [] });

function profileOf(...rules: readonly Rule[]): Profile {
  return { defaultAction: 'SCMP_ACT_ERRNO', architectures: [NATIVE], rules };
}

const masked = (index: number, valueTwo: bigint) =>
  ({ index, op: 'SCMP_CMP_MASKED_EQ', value: 0xffff_ffffn, valueTwo }) as const;

/** Traces of calls that can be narrowed and of others, with the values that a trace notes. */
const traces: fc.Arbitrary<Trace> = fc
  .array(
    fc
      .tuple(
        fc.constantFrom(...Object.keys(NARROWED_CALLS), 'read'),
        fc.array(fc.bigInt(0n, 2n ** 64n - 1n), { minLength: 6, maxLength: 6 }),
      )
      .map(([name, values]) =>
        made(
          name,
          Object.fromEntries((NOTED_ARGUMENTS[name] ?? []).map((at) => [String(at), String(values[at] ?? 0n)])),
        ),
      ),
    { maxLength: 12 },
  )
  .map((calls) => traceOf(...calls));

const profiles: fc.Arbitrary<Profile> = fc
  .array(
    rulesOf(fc.constantFrom('SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_ERRNO', 'SCMP_ACT_KILL_PROCESS'), [
      ...Object.keys(NARROWED_CALLS),
      'read',
    ]),
    { maxLength: 5 },
  )
  .map((rules) => profileOf(...rules));

describe('narrow()', () => {
  it('permits the observed values, and those of container runtimes, told apart', () => {
    const { profile, narrowed, kept } = narrow(profileOf(allow('read', 'socket', 'prctl')), [
      traceOf(made('socket', { 0: '2', 1: '1', 2: '0' }), made('socket', { 0: '1', 1: '1', 2: '0' })),
      traceOf(made('socket', { 0: '1', 1: '2', 2: '0' }), made('prctl', { 0: '8' })),
    ]);
    expect(narrowed.map(({ name }) => name)).to.deep.equal(['prctl', 'socket']);
    expect(narrowed[1]).to.deep.equal({
      name: 'socket',
      observed: [new Map([[0, 1n]]), new Map([[0, 2n]])],
      assumed: [],
    });
    expect(narrowed[0]?.observed).to.deep.equal([new Map([[0, 8n]])]);
    expect(narrowed[0]?.assumed)
      .to.deep.include(new Map([[0, 24n]]))
      .and.not.to.deep.include(new Map([[0, 8n]]));
    expect(profile.rules[0]).to.deep.equal(allow('read'));
    expect(profile.rules).to.deep.include({ ...allow('socket'), args: [masked(0, 2n)] });
    expect(kept).to.deep.equal([]);
  });

  it('compares pairs where two arguments decide', () => {
    const trace = traceOf(made('mmap', { 2: '1', 3: '2' }), made('mmap', { 2: '5', 3: '2' }));
    const { profile } = narrow(profileOf(allow('mmap')), [trace]);
    expect(profile.rules).to.deep.include({ ...allow('mmap'), args: [masked(2, 5n), masked(3, 2n)] });
  });

  it('leaves calls as they are of which no trace tells enough, and says why', () => {
    const many = Array.from({ length: MOST_VALUES + 1 }, (_, at) => made('ioctl', { 1: String(at) }));
    const trace = traceOf(made('clone', {}), ...many);
    const profile = profileOf(allow('clone', 'ioctl', 'personality'));
    expect(narrow(profile, [trace])).to.deep.equal({
      profile,
      narrowed: [],
      kept: [
        { name: 'clone', reason: 'a trace has noted no arguments of it' },
        { name: 'ioctl', reason: 'it was made with 65 values' },
        { name: 'personality', reason: 'no trace shows it' },
      ],
    });
  });

  it('leaves alone what is compared or refused already, and a profile that permits by default', () => {
    const trace = traceOf(made('socket', { 0: '2' }), made('prctl', { 0: '8' }));
    const profile = profileOf({ ...allow('socket', 'ioctl'), args: [masked(0, 1n)] });
    const kept = [{ name: 'socket', reason: 'its arguments are compared already' }];
    expect(narrow(profile, [trace])).to.deep.equal({ profile, narrowed: [], kept });
    const open: Profile = { ...profileOf(allow('socket')), defaultAction: 'SCMP_ACT_LOG' };
    expect(narrow(open, [trace]).profile).to.equal(open);
  });

  it('denies nothing that the trace shows and the profile permitted, and permits nothing new', () => {
    fc.assert(
      fc.property(profiles, traces, (profile, trace) => {
        const { profile: narrower } = narrow(profile, [trace]);
        const { calls } = callsOfTrace(trace, 'trace');
        const denied = (of: Profile): readonly string[] =>
          simulate(of, NATIVE, calls)
            .findings.filter(({ outcome }) => outcome === 'denied')
            .map(({ name }) => name);
        expect(denied(narrower)).to.deep.equal(denied(profile));
        expect(covers(profile, narrower)).to.equal(true);
      }),
      { numRuns: 80 },
    );
  });

  it('narrows only by arguments that traces note', () => {
    for (const [name, places] of Object.entries(NARROWED_CALLS)) {
      expect(NOTED_ARGUMENTS[name], name).to.include.members([...places]);
    }
  });
});

describe('the annotation of observed values', () => {
  it('is read as it was printed', () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const { narrowed } = narrow(profileOf(allow(...Object.keys(NARROWED_CALLS))), [trace]);
        const marked = markedValues(narrowed);
        expect(parseMarkedValues(printMarkedValues(marked).join('; '))).to.deep.equal(marked);
      }),
      { numRuns: 30 },
    );
  });

  it('is passed over where it is something else', () => {
    expect(parseMarkedValues('nonsense; socket observed: 9=1, 0=2')).to.deep.equal([
      { name: 'socket', isObserved: true, values: [new Map([[0, 2n]])] },
    ]);
  });

  it('holds for what was made of several as far as that is narrowed still', () => {
    const marks = parseMarkedValues(
      'socket observed: 0=2; prctl observed: 0=4; prctl not observed: 0=8; prctl observed: 0=8; mmap observed: 2=1+3=2',
    );
    const united = (...rules: readonly Rule[]) => printMarkedValues(unitedMarks(profileOf(...rules), marks));
    const socket = { ...allow('socket'), args: [masked(0, 2n)] };
    expect(united(socket, { ...allow('prctl'), args: [masked(0, 8n)] })).to.deep.equal([
      'prctl observed: 0=8',
      'socket observed: 0=2',
    ]);
    expect(united(socket, allow('prctl'), { ...allow('mmap'), args: [masked(2, 1n), masked(3, 4n)] })).to.deep.equal([
      'socket observed: 0=2',
    ]);
    expect(united(socket, allow('socket'))).to.deep.equal([]);
    expect(united({ ...socket, action: 'SCMP_ACT_KILL_PROCESS' })).to.deep.equal([]);
  });
});
