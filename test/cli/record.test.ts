// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { unseenCalls } from '../../src/core/recording/unseen.ts';
import type { RecorderEvent } from '../../src/gen/wire/recorder.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const ended: readonly RecorderEvent[] = [
  { type: 'started', pid: 42 },
  { type: 'exited', code: 0, signal: 0 },
  { type: 'syscalls', architecture: 'SCMP_ARCH_X86_64', numbers: [0, 1, 59] },
  { type: 'complete', final: true },
];

/** Added to every recording of a program of 64 bits. */
const KERNEL = unseenCalls(new Set(), [], ['SCMP_ARCH_X86_64']).kernel;

function interrupt(signal: number, terminal = false): RecorderEvent {
  return { type: 'interrupt', signal, terminal };
}

async function record(args: readonly string[], events: FakeMachine['recorderEvents'] = ended) {
  const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
  machine.recorderEvents = events;
  machine.terminal = terminal;
  const exit = await runCommandLine(['record', ...args], machine, terminal);
  return { machine, terminal, exit };
}

describe('spoc record', () => {
  it('writes the profile as the manual shows it', async () => {
    const { terminal, exit } = await record(['-n', 'echo', 'test']);
    expect(terminal.stored.get('/tmp/profile.yaml')).to.equal(`apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata:
  annotations:
    spo.x-k8s.io/added-syscalls: "syscalls that the kernel makes a process make: ${KERNEL.join(', ')}"
  name: echo
spec:
  architectures:
    - SCMP_ARCH_X86_64
  defaultAction: SCMP_ACT_ERRNO
  syscalls:
    - action: SCMP_ACT_ALLOW
      names:
${[...KERNEL, 'execve', 'read', 'write']
  .sort()
  .map((name) => `        - ${name}`)
  .join('\n')}
status: {}
`);
    expect(exit).to.deep.equal({ type: 'status', status: 0 });
  });

  it('tells what it does in the words and order of the manual', async () => {
    const { terminal } = await record(['-b', 'capget,capset', '-b', 'chdir', 'echo', 'test']);
    expect(terminal.logged).to.deep.equal([
      'Loading bpf module',
      'Running command with PID: 42',
      'Adding base syscalls: capget, capset, chdir',
      `Adding syscalls that the kernel makes a process make: ${KERNEL.join(', ')}`,
      'Wrote seccomp profile to: /tmp/profile.yaml',
      'Unloading bpf module',
    ]);
  });

  it('lets the command begin when its line is written', async () => {
    const { machine } = await record(['echo']);
    expect(machine.releasedAfter).to.deep.equal(['Running command with PID: 42']);
  });

  it('does not let a command begin that was stopped before it was there', async () => {
    const machine = new FakeMachine();
    machine.recorderEvents = [interrupt(2), ended[0]!, { type: 'complete', final: true }];
    const terminal = new FakeTerminal();
    await runCommandLine(['record', 'echo'], machine, terminal);
    expect([machine.stops, machine.releasedAfter]).to.deep.equal([1, []]);
    expect(terminal.logged).not.to.include('Running command with PID: 42');
  });

  it('writes the JSON of runtimes to /tmp/profile.json', async () => {
    const { terminal } = await record(['-n', '-t', 'raw-seccomp', 'echo']);
    expect(JSON.parse(terminal.stored.get('/tmp/profile.json') ?? '')).to.deep.equal({
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86_64'],
      syscalls: [{ names: [...KERNEL, 'execve', 'read', 'write'].sort(), action: 'SCMP_ACT_ALLOW' }],
    });
  });

  it('leaves options behind the command to the command', async () => {
    const { machine, terminal } = await record(['-o', '/tmp/ls.yaml', 'ls', '-la', '-o', '--privileged']);
    expect(machine.started).to.deep.equal([{ argv: ['ls', '-la', '-o', '--privileged'], privileged: false }]);
    expect([...terminal.stored.keys()]).to.deep.equal(['/tmp/ls.yaml']);
  });

  it('says that names are not added beside the option that leaves them out', async () => {
    const { terminal } = await record(['-n', '-b', 'mkdir', 'true']);
    expect(terminal.logged[0]).to.equal('--base-syscalls: has no effect beside --no-base-syscalls');
    expect(terminal.stored.get('/tmp/profile.yaml')).not.to.contain('mkdir');
  });

  it('adds the measured base system calls by default', async () => {
    const { terminal } = await record(['true']);
    expect(terminal.logged.find((line) => line.startsWith('Adding base syscalls: '))).to.match(/capset.*prctl.*setuid/);
  });

  it('leaves out the base only, not what the kernel makes a process make', async () => {
    const { terminal } = await record(['-n', 'true']);
    const profile = terminal.stored.get('/tmp/profile.yaml');
    expect(profile)
      .to.match(/- restart_syscall\n/)
      .and.match(/- rt_sigreturn\n/)
      .and.not.match(/setgroups/);
    expect(terminal.logged.join('\n'))
      .to.match(/^Adding syscalls that the kernel/m)
      .and.not.match(/^Adding base/m);
  });

  it('says on the profile what was lost', async () => {
    const lost: RecorderEvent = { type: 'lost', reason: 'process', count: 3n };
    const { terminal } = await record(['-n', 'true'], [...ended.slice(0, 3), lost, { type: 'complete', final: true }]);
    expect(terminal.stored.get('/tmp/profile.yaml')).to.match(
      /recording-incomplete: .*3 processes could not be followed/,
    );
    expect(terminal.logged.some((line) => line.startsWith('Warning: 3 processes'))).to.equal(true);
  });

  it('ends as the command ended and writes the profile all the same', async () => {
    const { terminal, exit } = await record(['false'], [{ type: 'exited', code: 7, signal: 0 }, ...ended.slice(2)]);
    expect(exit).to.deep.equal({ type: 'status', status: 7 });
    expect(terminal.stored.size).to.equal(1);
    expect(terminal.logged).to.include('Command did not exit successfully: exit status 7');
  });

  it('passes the first interrupt to the command, and takes its end by it for a success', async () => {
    for (const end of [
      { code: 0, signal: 2 },
      { code: 130, signal: 0 },
    ]) {
      const events = [ended[0]!, interrupt(2), { type: 'exited', ...end } as const, ...ended.slice(2)];
      const { machine, terminal, exit } = await record(['sleep', '9'], events);
      expect([machine.signals, machine.stops, exit]).to.deep.equal([[2], 0, { type: 'status', status: 0 }]);
      expect(terminal.stored.size).to.equal(1);
    }
  });

  it('passes on the status of a command that was interrupted and ended for another reason', async () => {
    const events = [ended[0]!, interrupt(2), { type: 'exited', code: 3, signal: 0 } as const, ...ended.slice(2)];
    expect((await record(['python3'], events)).exit).to.deep.equal({ type: 'status', status: 3 });
  });

  it('leaves interrupts of the terminal to the command, which has had them already', async () => {
    const machine = new FakeMachine();
    const later = () => {
      machine.timeMs += 1500;
    };
    const key = interrupt(2, true);
    machine.recorderEvents = [ended[0]!, key, later, key, later, key, ...ended.slice(1)];
    await runCommandLine(['record', 'python3'], machine, new FakeTerminal());
    expect([machine.signals, machine.stops]).to.deep.equal([[], 0]);
  });

  it('ends the recording at three hasty interrupts of the terminal, and says that the command goes on', async () => {
    const key = interrupt(2, true);
    const left = { type: 'left', count: 1 } as const;
    const { machine, terminal } = await record(['server'], [ended[0]!, key, key, key, ended[2]!, left, ended[3]!]);
    expect(machine.stops).to.equal(1);
    expect(terminal.logged).to.include('The command goes on unrecorded, PID 42');
    expect(terminal.stored.get('/tmp/profile.yaml')).to.match(/1 processes ran on when the recording ended/);
  });

  it('ends the recording at the second interrupt and says that processes ran on', async () => {
    const left = { type: 'left', count: 2 } as const;
    const { machine, terminal } = await record(
      ['nginx'],
      [ended[0]!, ended[1]!, { type: 'orphans', count: 2 }, interrupt(2), ended[2]!, left, ended[3]!],
    );
    expect(machine.stops).to.equal(1);
    expect(terminal.stored.get('/tmp/profile.yaml')).to.match(/2 processes ran on when the recording ended/);
  });

  it('does not call incomplete what was interrupted and recorded to its end', async () => {
    const { terminal } = await record(['nginx'], [ended[0]!, interrupt(15), ...ended.slice(1)]);
    expect(terminal.stored.get('/tmp/profile.yaml')).not.to.match(/recording-incomplete/);
  });

  it('says nothing of orphans that ended by themselves', async () => {
    const { terminal } = await record(
      ['nginx'],
      [...ended.slice(0, 2), { type: 'orphans', count: 2 }, ...ended.slice(2)],
    );
    expect(terminal.stored.get('/tmp/profile.yaml')).not.to.match(/recording-incomplete/);
  });

  it('watches a name without starting anything', async () => {
    const { machine, terminal } = await record(
      ['--no-proc-start', '/usr/sbin/nginx'],
      [{ type: 'watching', running: 1 }, ...ended.slice(2)],
    );
    expect(machine.started).to.deep.equal([{ name: 'nginx' }]);
    expect(terminal.stored.get('/tmp/profile.yaml')).to.match(/1 processes ran before the recording began/);
  });

  it('gives the sentence of a recorder that cannot work', async () => {
    const failed = record(['true'], [{ type: 'failed', reason: 'CAP_BPF is missing' }]);
    expect(await failed.catch(String)).to.match(/CAP_BPF is missing/);
  });

  it('does not start a command whose profile could not be written', async () => {
    const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
    terminal.readOnly.add('/nowhere/x.yaml');
    const exit = runCommandLine(['record', '-o', '/nowhere/x.yaml', 'true'], machine, terminal);
    expect(await exit.catch(String)).to.match(/permission denied/);
    expect(machine.started).to.deep.equal([]);
  });

  it('refuses a command without a name, before it starts anything', async () => {
    for (const args of [[''], ['--no-proc-start', '/usr/bin/']]) {
      const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
      const exit = runCommandLine(['record', ...args], machine, terminal);
      expect(await exit.catch(String)).to.match(/'(\/usr\/bin\/)?' names no command/);
      expect(machine.started).to.deep.equal([]);
    }
  });

  it('refuses base system calls that do not exist, before it starts anything', async () => {
    const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
    const exit = runCommandLine(['record', '-b', 'opne', 'true'], machine, terminal);
    expect(await exit.catch(String)).to.match(/--base-syscalls: no such system call: opne/);
    expect(machine.started).to.deep.equal([]);
  });

  const access = (name: string): RecorderEvent => ({
    type: 'access',
    text: `audit(1.0:1): apparmor="ALLOWED" operation="open" profile="spoc-1" name="${name}" pid=42 requested_mask="r"`,
  });

  it('runs the command under a profile that logs, where accesses are recorded', async () => {
    const { machine, terminal } = await record(['-t', 'apparmor', 'cat', '/etc/a'], [access('/etc/a'), ...ended]);
    expect(machine.started).to.deep.equal([{ argv: ['cat', '/etc/a'], privileged: false, profile: 'spoc-1' }]);
    expect(machine.policies.map(({ action }) => action)).to.deep.equal(['add']);
    expect(machine.policies[0]?.text).to.match(/profile "spoc-1" flags=\(.*complain/);
    expect(terminal.stored.get('/tmp/profile.yaml'))
      .to.match(/kind: AppArmorProfile[^]*readOnlyPaths:\n +- \/etc\/a\n/)
      .and.not.match(/SeccompProfile/);
    expect(terminal.logged).to.include('Wrote apparmor profile to: /tmp/profile.yaml');
  });

  it('writes the policy of AppArmor to /tmp/profile.apparmor, and both kinds of profile into one file', async () => {
    const raw = await record(['-t', 'raw-apparmor', 'cat'], [access('/etc/a'), ...ended]);
    expect(raw.terminal.stored.get('/tmp/profile.apparmor')).to.match(/^profile "cat" [^]*"\/etc\/a" r,$/m);
    const both = await record(['-t', 'all', 'cat'], [access('/etc/a'), ...ended]);
    expect(both.terminal.stored.get('/tmp/profile.yaml')).to.match(
      /kind: AppArmorProfile[^]*\n---\n[^]*kind: SeccompProfile/,
    );
  });

  it('gives a program that it does not start the profile by its path', async () => {
    const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
    machine.programs.set('cat', '/usr/bin/cat');
    machine.recorderEvents = ended.slice(3);
    await runCommandLine(['record', '-t', 'apparmor', '--no-proc-start', 'cat'], machine, terminal);
    expect(machine.started).to.deep.equal([{ name: 'cat', profile: '/usr/bin/cat' }]);
    const unknown = runCommandLine(['record', '-t', 'apparmor', '--no-proc-start', 'nope'], machine, terminal);
    expect(await unknown.catch(String)).to.match(/no program nope is in PATH/);
  });

  it('takes the profile out of the kernel when there is no recorder', async () => {
    const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
    machine.record = async () => Promise.reject(new Error('no recorder'));
    expect(await runCommandLine(['record', '-t', 'apparmor', 'cat'], machine, terminal).catch(String)).to.match(
      /no recorder/,
    );
    expect(machine.policies.map(({ action }) => action)).to.deep.equal(['add', 'remove']);
  });
});
