// SPDX-License-Identifier: Apache-2.0
// The trace of a recording on the real kernel: who made which calls, with which arguments, how often and when.
import { expect } from 'chai';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NOTED_ARGUMENTS, notedWords } from '../../src/core/evidence/noted-arguments.ts';
import { tracedCall } from '../../src/core/evidence/trace.ts';
import type { TracedCall } from '../../src/core/evidence/trace.ts';
import { nativeProgram } from './fixtures.ts';
import { recorded } from './recordings.ts';

const NATIVE = process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';

async function traceOf(
  argv: readonly [string, ...string[]],
  program = nativeProgram('recorder'),
): Promise<readonly TracedCall[]> {
  const { events } = await recorded(argv, { program, traced: notedWords(NATIVE) });
  return events.flatMap((event) => (event.type === 'traced' ? [tracedCall(event)] : []));
}

describe('the trace of a recording', function () {
  this.timeout(120_000);

  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trace-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('tells the callers apart, counts their calls and knows when they were made', async () => {
    const started = Math.floor(Date.now() / 1000) * 1000;
    const calls = await traceOf(['/bin/sh', '-c', `mkdir ${folder}/a && mkdir ${folder}/b; exit 0`]);
    const ended = Date.now();
    const made = calls.filter(({ name }) => name === 'mkdir' || name === 'mkdirat');
    expect(made.map(({ executable, count }) => [executable, count])).to.deep.equal([['mkdir', 2]]);
    expect(made.map(({ arguments: values }) => values)).to.deep.equal([{}]);
    for (const { first, last } of calls) {
      expect(Date.parse(first)).to.be.within(started, Date.parse(last));
      expect(Date.parse(last)).to.be.at.most(ended);
    }
    const starts = calls.filter(({ name }) => name === 'execve').map(({ executable }) => executable);
    expect(starts).to.include('').and.include.oneOf(['sh', 'dash', 'bash']);
  });

  it('notes the arguments that were asked for, and no others', async () => {
    const script = path.join(folder, 'socket.js');
    const program = "require('node:dgram').createSocket('udp4').bind(0, '127.0.0.1', function () { this.close(); })";
    writeFileSync(script, program);
    const calls = await traceOf([process.execPath, script]);
    const sockets = calls.filter(({ name }) => name === 'socket').map(({ arguments: values }) => values);
    expect(sockets.map((values) => Object.keys(values))).to.deep.include(['0', '1', '2']);
    expect(sockets.map((values) => values['0'])).to.include('2');
    for (const { name = '', arguments: values } of calls)
      expect(Object.keys(values).map(Number)).to.deep.equal(NOTED_ARGUMENTS[name] ?? []);
  });

  it('shows the same calls as the recording', async () => {
    const { events, names } = await recorded(['/bin/ls', '/'], { traced: notedWords(NATIVE) });
    const traced = events.flatMap((event) => (event.type === 'traced' ? [tracedCall(event).name ?? ''] : []));
    expect([...new Set(traced)].sort()).to.deep.equal(names);
  });

  it('cuts off a long name of a program', async () => {
    const long = path.join(folder, 'n'.repeat(100));
    copyFileSync('/bin/true', long);
    chmodSync(long, 0o755);
    const calls = await traceOf([long]);
    expect(new Set(calls.map(({ executable }) => executable))).to.deep.equal(new Set(['', 'n'.repeat(63)]));
  });

  it('is not there without having been asked for', async () => {
    expect((await recorded(['/bin/true'])).types).not.to.include('traced');
  });
});
