// SPDX-License-Identifier: Apache-2.0
// Both ends of the wire mean the same language: what C writes TypeScript reads, and the other way round, without a
// kernel.
import { expect } from 'chai';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseRecorderEvent, printRecorderCommand } from '../../src/gen/wire/recorder.ts';
import type { RecorderCommand } from '../../src/gen/wire/recorder.ts';
import { parseRunnerEvent, printRunnerCommand } from '../../src/gen/wire/runner.ts';
import type { RunnerCommand } from '../../src/gen/wire/runner.ts';
import { nativeProgram } from './fixtures.ts';

const golden = path.join(import.meta.dirname, '../golden/wire');

function selfTest(program: string, commands: string): readonly string[] {
  const { stdout, status, stderr } = spawnSync(nativeProgram(program), ['--selftest'], {
    input: commands,
    encoding: 'latin1',
  });
  expect(status, stderr).to.equal(0);
  return stdout.trimEnd().split('\n');
}

/** Bytes of all kinds: plain ones, such that JSON escapes, UTF-8, and such that are no UTF-8. */
const text = fc.string({
  unit: fc.constantFrom('a', '/', '"', '\\', '\n', '\x7f', 'é', '\u{1f600}', '\udcff', '\udc80'),
  maxLength: 60,
});
const uint64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const id = fc.integer({ min: -1, max: 0xffff_fffe });
const ids = fc.array(fc.integer({ min: 0, max: 0xffff_fffe }), { maxLength: 20 });
const recorderCommand: fc.Arbitrary<RecorderCommand> = fc.oneof(
  fc.record({
    type: fc.constant('start' as const),
    arguments: fc.integer({ min: 1, max: 4194304 }),
    uid: id,
    gid: id,
    groups: ids,
    user: text,
    home: text,
    profile: text,
  }),
  fc.record({ type: fc.constant('watch' as const), name: text, profile: text }),
  fc.record({
    type: fc.constant('trace' as const),
    arguments: fc.array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 256 }),
  }),
);
const architecture = fc.constantFrom('SCMP_ARCH_X86_64' as const, 'SCMP_ARCH_X86' as const, 'SCMP_ARCH_ARM' as const);
const runnerCommand: fc.Arbitrary<RunnerCommand> = fc.oneof(
  fc.record({
    type: fc.constant('filter' as const),
    defaultAction: fc.integer({ min: 0, max: 0xffff_ffff }),
    log: fc.boolean(),
    specAllow: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('architecture' as const),
    name: architecture,
    newest: fc.integer({ min: -1, max: 0x3fff_ffff }),
  }),
  fc.record({
    type: fc.constant('condition' as const),
    index: fc.integer({ min: 0, max: 5 }),
    op: fc.constantFrom('SCMP_CMP_NE' as const, 'SCMP_CMP_MASKED_EQ' as const),
    value: uint64,
    valueTwo: uint64,
  }),
  fc.record({
    type: fc.constant('rule' as const),
    numbers: fc.array(fc.integer({ min: 0, max: 0x7fff_ffff }), { maxLength: 1024 }),
    action: fc.integer({ min: 0, max: 0xffff_ffff }),
  }),
);

const LARGEST = 2n ** 64n - 1n;

/** Whether C read from the lines what they say. */
function expectEcho(program: string, lines: readonly string[], eventCount: number): void {
  const echoed = selfTest(program, lines.join('')).slice(eventCount);
  expect(echoed.map((line): unknown => JSON.parse(line))).to.deep.equal(lines.map((line): unknown => JSON.parse(line)));
}

describe('the wire', () => {
  for (const program of ['recorder', 'runner', 'container_recorder', 'selinux_policy'] as const) {
    it(`${program} writes and reads as the golden files say`, () => {
      const commands = readFileSync(path.join(golden, `${program}.commands.ndjson`), 'latin1');
      const answers = readFileSync(path.join(golden, `${program}.answers.ndjson`), 'latin1');
      expect(selfTest(program, commands)).to.deep.equal(answers.trimEnd().split('\n'));
    });
  }

  it('the events of the recorder arrive whole', () => {
    const broken = '\x01"\\\x7fé\udcff';
    expect(selfTest('recorder', '').map(parseRecorderEvent)).to.deep.equal([
      { type: 'hello', protocol: broken },
      { type: 'started', pid: 4194304 },
      { type: 'watching', running: 4194304 },
      { type: 'syscalls', architecture: 'SCMP_ARCH_ARM', numbers: [0, 2147483647] },
      {
        type: 'traced',
        architecture: 'SCMP_ARCH_ARM',
        number: 2147483647,
        executable: broken,
        noted: 63,
        argument0: LARGEST,
        argument1: LARGEST,
        argument2: LARGEST,
        argument3: LARGEST,
        argument4: LARGEST,
        argument5: LARGEST,
        count: LARGEST,
        first: LARGEST,
        last: LARGEST,
      },
      { type: 'access', text: broken },
      { type: 'lost', reason: 'record', count: LARGEST },
      { type: 'orphans', count: 4194304 },
      { type: 'left', count: 4194304 },
      { type: 'exited', code: 255, signal: 64 },
      { type: 'interrupt', signal: 64, terminal: true },
      { type: 'complete', final: true },
      { type: 'failed', reason: broken },
    ]);
  });

  it('the events of the runner arrive whole', () => {
    expect(
      selfTest('runner', '')
        .map(parseRunnerEvent)
        .map(({ type }) => type),
    ).to.deep.equal(['hello', 'started', 'kept', 'exited', 'unknown', 'outcome', 'failed']);
  });

  it('C reads any command that TypeScript prints', () => {
    const sets = fc.sample(fc.array(recorderCommand, { minLength: 100, maxLength: 100 }), 3);
    for (const set of sets) expectEcho('recorder', set.map(printRecorderCommand), 13);
    const filters = fc.sample(fc.array(runnerCommand, { minLength: 100, maxLength: 100 }), 3);
    for (const set of filters) expectEcho('runner', set.map(printRunnerCommand), 7);
  });

  it('text survives as bytes, those that are no UTF-8 too', () => {
    fc.assert(
      fc.property(text, (reason) => {
        // Commands and events escape alike, so a printed string is one that the parser reads.
        const printed = printRecorderCommand({ type: 'watch', name: reason, profile: '' });
        const line = printed
          .replace('"type":"watch","name"', '"type":"failed","reason"')
          .replace(/,"profile":""\}\n$/, '}\n');
        expect(parseRecorderEvent(line)).to.deep.equal({ type: 'failed', reason });
        expect(printed).to.match(/^[\x20-\x7e]*\n$/);
      }),
    );
  });

  it('a line that is no event is refused with its field and the reason', () => {
    const refused = (line: string) => () => parseRecorderEvent(line);
    expect(refused('{')).to.throw(SyntaxError, 'recorder: the line "{" is no JSON');
    expect(refused('[]')).to.throw(SyntaxError, 'recorder: a message must be an object, not []');
    expect(refused('{"type":"start"}')).to.throw(SyntaxError, 'recorder: there is no message "start"');
    expect(refused('{"type":"toString"}')).to.throw(SyntaxError, 'recorder: there is no message "toString"');
    expect(refused('{"type":"started"}')).to.throw(
      SyntaxError,
      'recorder: message started: field pid must be a whole number from 1 to 4194304, not missing',
    );
    expect(refused('{"type":"lost","reason":"number","count":"18446744073709551616"}')).to.throw(
      SyntaxError,
      'recorder: message lost: field count must be a decimal below 2^64, not "18446744073709551616"',
    );
    expect(refused('{"type":"complete","final":true,"more":1}')).to.throw(
      SyntaxError,
      'recorder: message complete has no field "more"',
    );
    expect(refused('{"type":"failed","reason":"\\u0100"}')).to.throw(SyntaxError, 'must be bytes, a character each');
  });

  it('a command outside of its bounds is refused before it is sent', () => {
    const command = {
      type: 'start',
      arguments: 1,
      uid: -2,
      gid: 0,
      groups: [],
      user: '',
      home: '/',
      profile: '',
    } as const;
    expect(() => printRecorderCommand(command)).to.throw(
      RangeError,
      'recorder: message start: field uid must be a whole number from -1 to 4294967294, not -2',
    );
    expect(() => printRecorderCommand({ type: 'watch', name: 'a\0b', profile: '' })).to.throw(
      RangeError,
      'none of them 0',
    );
    const groups = Array.from({ length: 1025 }, () => 1);
    expect(() => printRecorderCommand({ ...command, uid: 1, groups })).to.throw(
      RangeError,
      'at most 1024 whole numbers',
    );
  });
});
