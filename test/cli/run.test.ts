// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const usable = {
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [{ names: ['execve', 'exit_group'], action: 'SCMP_ACT_ALLOW' }],
};

async function run(profile: unknown, events: FakeMachine['runnerEvents'] = [{ type: 'exited', code: 0, signal: 0 }]) {
  const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
  machine.runnerEvents = events;
  machine.terminal = terminal;
  terminal.stored.set('/p', typeof profile === 'string' ? profile : JSON.stringify(profile));
  const result = await runCommandLine(['run', '-p', '/p', 'echo', '-n'], machine, terminal).catch(String);
  return { machine, terminal, result };
}

describe('spoc run', () => {
  it('sends numbers to the runner and ends as the command ended', async () => {
    const { machine, terminal, result } = await run(usable, [
      { type: 'started', pid: 7 },
      { type: 'exited', code: 3, signal: 0 },
    ]);
    expect(result).to.deep.equal({ type: 'status', status: 3 });
    expect(machine.started).to.deep.equal([{ argv: ['echo', '-n'] }]);
    expect(machine.filters[0]?.architectures[0]?.rules[0]?.numbers).to.deep.equal([59, 231]);
    expect(terminal.logged).to.deep.equal([
      'Reading file /p',
      'Setting up seccomp',
      'Load seccomp profile',
      'Running command with PID: 7',
      'Command did not exit successfully: exit status 3',
    ]);
  });

  it('lets the command begin when its line is written', async () => {
    const { machine } = await run(usable, [
      { type: 'started', pid: 7 },
      { type: 'exited', code: 0, signal: 0 },
    ]);
    expect(machine.releasedAfter).to.deep.equal(['Running command with PID: 7']);
  });

  it('reads an object in YAML as well, whatever the file is called', async () => {
    const yaml = `apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata: { name: x }
spec: { defaultAction: SCMP_ACT_ALLOW, syscalls: [{ names: [mkdir], action: SCMP_ACT_ERRNO, errnoRet: 5 }] }
`;
    expect((await run(yaml)).result).to.deep.equal({ type: 'status', status: 0 });
  });

  it('passes on the signal that ended the command', async () => {
    const { result } = await run(usable, [{ type: 'exited', code: 0, signal: 9 }]);
    expect(result).to.deep.equal({ type: 'signal', number: 9 });
  });

  it('names every fault of a bad profile and starts nothing', async () => {
    const { machine, result } = await run({
      defaultAction: 'SCMP_ACT_NO',
      syscalls: [{ names: [], action: 'SCMP_ACT_ALLOW' }],
    });
    expect(result).to.match(
      /\/p: defaultAction: is unknown: 'SCMP_ACT_NO'.*syscalls\[0\]\.names: names no system call/,
    );
    expect(machine.started).to.deep.equal([]);
  });

  it('refuses what could not work, in a sentence', async () => {
    const refusals: readonly (readonly [unknown, RegExp])[] = [
      [{ defaultAction: 'SCMP_ACT_ERRNO' }, /permits no system call at all/],
      [
        { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['reed', 'wriet'], action: 'SCMP_ACT_ALLOW' }] },
        /no system call at all/,
      ],
      [
        { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }] },
        /does not permit execve/,
      ],
      [
        { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }] },
        /SCMP_ACT_NOTIFY needs an agent/,
      ],
      ['kind: Pod\nmetadata: {name: x}\n', /kind: is Pod, not a kind of profile that this command takes/],
      ['a: [', /\/p: .*line 1|\/p: /],
      ['a: 1\n---\nb: 2\n', /holds 2 documents/],
    ];
    for (const [profile, reason] of refusals) {
      const { machine, result } = await run(profile);
      expect(result).to.match(reason);
      expect(machine.started).to.deep.equal([]);
    }
  });

  it('tells of names that no architecture has', async () => {
    const { terminal, machine } = await run({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['mkdri'], action: 'SCMP_ACT_ERRNO' }],
    });
    expect(terminal.logged).to.include('Warning: no such system call, left out: mkdri (perhaps mkdir)');
    expect(machine.notes).to.include('Warning: no such system call, left out: mkdri (perhaps mkdir)');
  });

  it('needs the file', async () => {
    const exit = runCommandLine(['run', '-p', '/none', 'true'], new FakeMachine(), new FakeTerminal());
    expect(await exit.catch(String)).to.match(/read \/none: no such file or directory/);
  });
});
