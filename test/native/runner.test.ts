// SPDX-License-Identifier: Apache-2.0
// The runner on the real kernel: what the filter lets through, who is confined, and how a command's end comes back.
import { expect } from 'chai';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import type { NumericFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import { parseProfile } from '../../src/core/seccomp/parse.ts';
import type { RunnerEvent } from '../../src/gen/wire/runner.ts';
import { Runner } from '../../src/io/native/runner.ts';
import { fixture, nativeProgram } from './fixtures.ts';
import { NOBODY } from './recordings.ts';
import { requestOf, startProgram } from './started-program.ts';

const native = process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';
const call = fixture('call');
const allow = 'SCMP_ACT_ALLOW';
const LSEEK = process.arch === 'x64' ? 8 : 62;

interface Ran {
  readonly events: readonly RunnerEvent[];
  readonly output: string;
}

describe('runner', function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'runner-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function filterOf(profile: object): NumericFilter {
    return compileFilter(parseProfile(profile, 'the test'), native);
  }

  async function run(
    filter: NumericFilter,
    argv: readonly [string, ...string[]],
    options: { user?: typeof NOBODY; program?: string } = {},
  ): Promise<Ran> {
    const file = path.join(folder, 'output');
    const output = openSync(file, 'w');
    const nowhere = openSync('/dev/null', 'r');
    const { user, program = nativeProgram('runner') } = options;
    const streams = [nowhere, output, output] as const;
    const command = { argv, env: {}, cwd: '/', streams, ...(user === undefined ? {} : { user }) };
    const running = new Runner(startProgram(program, command)).run(filter, requestOf(command));
    const events: RunnerEvent[] = [];
    for await (const event of running.events) {
      events.push(event);
      if (event.type === 'started') running.release();
    }
    closeSync(output);
    closeSync(nowhere);
    return { events, output: readFileSync(file, 'utf8') };
  }

  const open = filterOf({ defaultAction: allow });

  it('passes exit codes and signals through', async () => {
    const ends = async (script: string) => (await run(open, ['/bin/sh', '-c', script])).events.at(-1);
    expect(await ends('exit 0')).to.deep.equal({ type: 'exited', code: 0, signal: 0 });
    expect(await ends('exit 255')).to.deep.equal({ type: 'exited', code: 255, signal: 0 });
    expect(await ends('kill -TERM $$')).to.deep.equal({ type: 'exited', code: 0, signal: 15 });
    expect(await ends('kill -RTMAX $$')).to.deep.equal({ type: 'exited', code: 0, signal: 64 });
  });

  it('refuses, kills and lets through as the profile says', async () => {
    const filter = filterOf({
      defaultAction: allow,
      syscalls: [
        { names: ['getpriority'], action: 'SCMP_ACT_ERRNO', errnoRet: 77 },
        { names: ['sched_getscheduler'], action: 'SCMP_ACT_KILL_PROCESS' },
      ],
    });
    const [getpriority, scheduler] = process.arch === 'x64' ? [140, 145] : [141, 120];
    const argv = [call, `native:${String(getpriority)}`, `native:${String(scheduler)}`] as const;
    const { events, output } = await run(filter, argv);
    expect(output).to.equal('-77\n');
    expect(events.at(-1)).to.deep.equal({ type: 'exited', code: 0, signal: 31 });
  });

  it('compares arguments up to 2^64-1', async () => {
    const condition = (op: string, value: string, errnoRet: number, valueTwo = '0') => ({
      names: ['lseek'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet,
      args: [{ index: 1, op, value, valueTwo }],
    });
    const filter = filterOf({
      defaultAction: allow,
      syscalls: [
        condition('SCMP_CMP_EQ', '18446744073709551615', 101),
        condition('SCMP_CMP_EQ', '9223372036854775808', 102),
        condition('SCMP_CMP_MASKED_EQ', '0xff00000000000001', 103, '0xaa00000000000001'),
      ],
    });
    const ask = [
      '18446744073709551615',
      '9223372036854775808',
      '0xaa00000000000003',
      '0xaa00000000000002',
      '9223372036854775807',
    ];
    const argv = ask.map((value) => `native:${String(LSEEK)}:99999:${value}`);
    const { output } = await run(filter, [call, ...argv]);
    expect(output).to.equal('-101\n-102\n-103\n-9\n-9\n');
  });

  it('confines nothing but the command: execve and exit are enough for a program that does no more', async () => {
    const filter = filterOf({
      defaultAction: 'SCMP_ACT_KILL_PROCESS',
      syscalls: [{ names: ['execve', 'exit'], action: allow }],
    });
    for (const options of [{}, { user: NOBODY }]) {
      const { events } = await run(filter, [fixture('nothing')], options);
      expect(events.map(({ type }) => type)).to.deep.equal(['started', 'exited']);
      expect(events.at(-1)).to.deep.equal({ type: 'exited', code: 0, signal: 0 });
    }
  });

  it('says that a profile forbids execve', async () => {
    const { events } = await run(filterOf({ defaultAction: 'SCMP_ACT_ERRNO' }), ['/bin/true']);
    const reason =
      'the profile answers execve with SCMP_ACT_ERRNO, so that /bin/true cannot be started under it: allow execve';
    expect(events).to.deep.equal([{ type: 'failed', reason }]);
  });

  it('says that nobody answers SCMP_ACT_NOTIFY', async () => {
    const filter = filterOf({ defaultAction: allow, syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }] });
    const { events } = await run(filter, ['/bin/true']);
    const reason = 'the action SCMP_ACT_NOTIFY needs a listener that answers, and a command run by spoc has none';
    expect(events).to.deep.equal([{ type: 'failed', reason }]);
  });

  it('says that there is no such file', async () => {
    const { events } = await run(open, ['/nowhere']);
    expect(events).to.deep.equal([{ type: 'failed', reason: 'execute /nowhere: No such file or directory' }]);
  });

  it('says that the interpreter of a script is missing', async () => {
    const script = path.join(folder, 'script');
    writeFileSync(script, '#!/nowhere/sh\n');
    chmodSync(script, 0o755);
    const { events } = await run(open, [script]);
    expect(events.at(-1)).to.deep.equal({
      type: 'failed',
      reason: `execute ${script}: the interpreter that it names is missing`,
    });
  });

  it('names the numbers of another architecture that libseccomp does not know', async function () {
    if (process.arch !== 'x64') this.skip();
    const rule = { verdict: { action: allow, errno: 0 }, numbers: [1, 800], conditions: [] } as const;
    const filter: NumericFilter = {
      ...open,
      defaultVerdict: { action: 'SCMP_ACT_LOG', errno: 0 },
      architectures: [
        { architecture: 'SCMP_ARCH_X86_64', rules: [rule] },
        { architecture: 'SCMP_ARCH_X86', rules: [rule] },
      ],
    };
    const { events } = await run(filter, ['/bin/true']);
    expect(events[0]).to.deep.equal({ type: 'unknown', architecture: 'SCMP_ARCH_X86', numbers: [800] });
    expect(events.at(-1)).to.deep.equal({ type: 'exited', code: 0, signal: 0 });
  });

  it('confines the calls of another architecture by their own numbers', async function () {
    if (process.arch !== 'x64') this.skip();
    const filter = filterOf({
      defaultAction: allow,
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
      syscalls: [{ names: ['getpid'], action: 'SCMP_ACT_ERRNO', errnoRet: 88 }],
    });
    // 20 is getpid of i386 and writev of x86-64, 39 is mkdir of i386 and getpid of x86-64.
    const { output } = await run(filter, [call, 'native:39', 'compat:20', 'native:20:-1', 'compat:39:0']);
    expect(output).to.equal('-88\n-88\n-9\n-14\n');
  });

  it('kills calls of an architecture that the profile does not have', async function () {
    if (process.arch !== 'x64') this.skip();
    const { events } = await run(filterOf({ defaultAction: allow }), [call, 'compat:20']);
    expect(events.at(-1)).to.deep.equal({ type: 'exited', code: 0, signal: 31 });
  });

  const status = ['/bin/grep', '-E', '^(Uid|NoNewPrivs|CapPrm|CapEff|CapAmb|Seccomp):', '/proc/self/status'] as const;

  it('does not give up set-user-id programs for another user, and leaves that user no capability', async () => {
    const { output } = await run(open, status, { user: NOBODY });
    const none = '0'.repeat(16);
    expect(output.split('\n')).to.include.members([
      'Uid:\t65534\t65534\t65534\t65534',
      `CapPrm:\t${none}`,
      `CapEff:\t${none}`,
      `CapAmb:\t${none}`,
      'NoNewPrivs:\t0',
      'Seccomp:\t2',
    ]);
  });

  it('sets no_new_privs where it lacks CAP_SYS_ADMIN', async () => {
    const program = path.join(folder, 'unprivileged');
    copyFileSync(nativeProgram('runner'), path.join(folder, 'runner'));
    chmodSync(folder, 0o755);
    writeFileSync(program, `#!/bin/sh\nexec setpriv --reuid 65534 --clear-groups ${folder}/runner "$@"\n`);
    chmodSync(program, 0o755);
    const { output } = await run(open, status, { program });
    expect(output.split('\n')).to.include.members(['NoNewPrivs:\t1', 'Seccomp:\t2']);
  });

  it('sends the command the signals that it is asked for, and SIGTERM when it is told to end', async () => {
    const command = { argv: ['sleep', '60'], env: {}, cwd: '/' };
    for (const end of ['signal', 'abort'] as const) {
      const stop = new AbortController();
      const running = new Runner(startProgram(nativeProgram('runner'), command, stop.signal)).run(
        open,
        requestOf(command),
      );
      const events: RunnerEvent[] = [];
      let reason: unknown;
      try {
        for await (const event of running.events) {
          events.push(event);
          if (event.type === 'started') running.release();
          if (event.type === 'started' && end === 'signal') running.signal(2);
          if (event.type === 'started' && end === 'abort') stop.abort();
        }
      } catch (error) {
        reason = error;
      }
      expect(events.at(-1)).to.deep.equal({ type: 'exited', code: 0, signal: end === 'signal' ? 2 : 15 });
      expect(reason).to.equal(end === 'signal' ? undefined : stop.signal.reason);
    }
  });
});
