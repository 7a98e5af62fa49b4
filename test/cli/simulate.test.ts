// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { RecorderEvent } from '../../src/gen/wire/recorder.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const NONE = { argument0: 0n, argument1: 0n, argument2: 0n, argument3: 0n, argument4: 0n, argument5: 0n };

/** A recording of a shell that makes a socket and a file. */
const events: readonly RecorderEvent[] = [
  { type: 'started', pid: 42 },
  { type: 'exited', code: 0, signal: 0 },
  { type: 'syscalls', architecture: 'SCMP_ARCH_X86_64', numbers: [41, 59, 83] },
  call(59, '', 1n),
  call(41, 'sh', 2n, { noted: 7, argument0: 16n }),
  call(83, 'mkdir', 12n),
  { type: 'complete', final: true },
];

function call(number: number, executable: string, count: bigint, more: object = {}): RecorderEvent {
  const times = { first: 1_767_225_600_000n, last: 1_767_225_660_000n };
  return {
    type: 'traced',
    architecture: 'SCMP_ARCH_X86_64',
    number,
    executable,
    noted: 0,
    count,
    ...NONE,
    ...times,
    ...more,
  };
}

function profile(rules: readonly object[], annotations: Readonly<Record<string, string>> = {}): string {
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: rules };
  return JSON.stringify({ kind: 'SeccompProfile', metadata: { name: 'web', annotations }, spec });
}

const allow = (...names: readonly string[]): object => ({ action: 'SCMP_ACT_ALLOW', names });
const status = (value: number): object => ({ type: 'status', status: value });

class Shell {
  readonly terminal = new FakeTerminal();
  readonly machine = new FakeMachine();

  async spoc(...args: readonly string[]): Promise<unknown> {
    this.machine.recorderEvents = events;
    return runCommandLine(args, this.machine, this.terminal).catch(String);
  }
}

describe('spoc record --trace and spoc simulate', () => {
  let shell: Shell;

  beforeEach(async () => {
    shell = new Shell();
    expect(await shell.spoc('record', '-o', '/profile', '--trace', '/trace', 'sh', '-c', 'true')).to.deep.equal(
      status(0),
    );
  });

  it('asks the recorder for the arguments that matter, by number', () => {
    expect(shell.machine.started[0])
      .to.have.property('traced')
      .that.includes(41 * 64 + 7);
  });

  it('denies nothing of the recording itself', async () => {
    expect(await shell.spoc('simulate', '/profile', '/trace', '/profile')).to.deep.equal(status(0));
    expect(shell.terminal.printed).to.equal('/profile: of 3 calls 0 would be denied, 0 are not known\n');
  });

  it('tells what another profile would have denied, to whom, and ends with 3', async () => {
    shell.terminal.stored.set('/tight', profile([allow('execve')]));
    expect(await shell.spoc('simulate', '/tight', '/trace')).to.deep.equal(status(3));
    expect(shell.terminal.printed).to.equal(
      '/tight: of 3 calls 2 would be denied, 0 are not known\n' +
        '  denied: mkdir (SCMP_ARCH_X86_64): SCMP_ACT_ERRNO (1)\n' +
        '    /trace, by mkdir: 12 calls, 2026-01-01T00:00:00Z to 2026-01-01T00:01:00Z\n' +
        '  denied: socket (SCMP_ARCH_X86_64): SCMP_ACT_ERRNO (1)\n' +
        '    /trace, by sh: 2 calls, 2026-01-01T00:00:00Z to 2026-01-01T00:01:00Z\n',
    );
  });

  it('knows the arguments of a trace, and not those of a recorded profile, which ends with 4', async () => {
    const netlink = { ...allow('socket'), args: [{ index: 0, op: 'SCMP_CMP_EQ', value: 16 }] };
    shell.terminal.stored.set('/args', profile([allow('execve', 'mkdir'), netlink]));
    expect(await shell.spoc('simulate', '/args', '/trace')).to.deep.equal(status(0));
    shell.terminal.stored.set('/recorded', profile([allow('socket')], { 'spo.x-k8s.io/added-syscalls': '' }));
    expect(await shell.spoc('simulate', '-o', 'json', '/args', '/recorded')).to.deep.equal(status(4));
    expect(shell.terminal.printed).to.include('"reason": "the answer depends on the argument 0"');
  });

  it('ends with 4 where a recording may lack calls', async () => {
    shell.terminal.stored.set('/recorded', profile([allow('execve')]));
    expect(await shell.spoc('simulate', '/profile', '/recorded')).to.deep.equal(status(4));
    expect(shell.terminal.printed).to.include(
      '  unknown: /recorded: nothing in SeccompProfile web says how it was learnt\n',
    );
  });

  it('refuses what is neither a trace nor a recorded profile', async () => {
    shell.terminal.stored.set('/pod', JSON.stringify({ kind: 'Pod' }));
    shell.terminal.stored.set('/cut', JSON.stringify({ kind: 'CallTrace', version: 'v1' }));
    expect(await shell.spoc('simulate', '/profile', '/pod')).to.match(/^UserError: \/pod: kind: is none of /);
    expect(await shell.spoc('simulate', '/profile', '/cut')).to.match(/\/cut: architecture: must be an architecture/);
  });
});
