// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { explained } from '../../src/roles/spoc/terminal.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const call = (number: number, name: string, values: Readonly<Record<string, string>>) => {
  const times = { count: 1, first: '2026-01-02T03:04:05Z', last: '2026-01-02T03:04:05Z' };
  return { architecture: 'SCMP_ARCH_X86_64', number, name, executable: 'web', arguments: values, ...times };
};

const TRACE = JSON.stringify({
  kind: 'CallTrace',
  version: 'v1',
  command: 'web',
  architecture: 'SCMP_ARCH_X86_64',
  kernel: '6.18',
  gaps: ['3 calls were lost'],
  calls: [call(56, 'clone', { 0: '17' }), call(56, 'clone', { 0: '4001536' })],
});

const PROFILE = JSON.stringify({
  kind: 'SeccompProfile',
  metadata: { name: 'x', annotations: { 'spo.x-k8s.io/added-syscalls': 'base syscalls: capget' } },
  spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['clone', 'pipe2'], action: 'SCMP_ACT_ALLOW' }] },
});

async function spoc(...args: readonly string[]) {
  const terminal = new FakeTerminal();
  terminal.stored.set('/a', PROFILE);
  terminal.stored.set('/trace', TRACE);
  const narrowedBefore = ', "spo.x-k8s.io/observed-values": "socket observed: 0=2; prctl observed: 0=8"}';
  const two = { index: 0, op: 'SCMP_CMP_EQ', value: 2 };
  const socket = { names: ['socket'], action: 'SCMP_ACT_ALLOW', args: [two] };
  terminal.stored.set(
    '/narrowed',
    PROFILE.replace('capget"}', `capget"${narrowedBefore}`).replace('[{', `[${JSON.stringify(socket)},{`),
  );
  terminal.stored.set('/based', PROFILE.replace('"spec":{', '"spec":{"baseProfileName":"runc",'));
  terminal.stored.set('/open', '{"defaultAction":"SCMP_ACT_LOG"}');
  terminal.stored.set('/with-clone3', PROFILE.replace('"pipe2"', '"clone3"'));
  const exit = await explained(terminal, () => runCommandLine(['adapt', ...args], new FakeMachine(), terminal));
  return { exit, written: terminal.stored.get('/out') ?? '', logged: terminal.logged };
}

describe('spoc adapt', () => {
  it('writes what is asked for, and marks what no recording has shown', async () => {
    const { exit, written, logged } = await spoc('--siblings', '--enosys', '-o', '/out', '/a');
    expect(exit).to.deep.equal({ type: 'status', status: 0 });
    expect(written).to.include('base syscalls: capget; siblings of permitted syscalls: pipe (pipe2)');
    expect(written).to.match(/names:\n +- clone3\n/);
    expect(logged).to.deep.equal([
      'Permitted and not observed: siblings of permitted syscalls: pipe (pipe2)',
      'Refused with ENOSYS: clone3',
      'Wrote adapted profile to: /out',
    ]);
  });

  it('narrows to the values of traces, and marks what none has shown', async () => {
    const { exit, written, logged } = await spoc('--values', '/trace', '-o', '/out', '/a');
    expect(exit).to.deep.equal({ type: 'status', status: 0 });
    expect(written).to.match(/observed-values: .?clone observed: 0=17, 0=4001536/);
    expect(written).to.match(/added-syscalls: .?base syscalls: capget/);
    expect(logged).to.deep.equal([
      'Narrowed: clone observed: 0=17, 0=4001536',
      'Unknown of the trace of web: 3 calls were lost',
      'Wrote adapted profile to: /out',
    ]);
  });

  it('marks what it narrows beside what was narrowed before, as far as that still is', async () => {
    const { written } = await spoc('--values', '/trace', '-o', '/out', '/narrowed');
    expect(written).to.match(/observed-values: .?clone observed: 0=17, 0=4001536; socket observed: 0=2.?\n/);
  });

  it('says that it narrows nothing where the profile permits by default', async () => {
    const { logged } = await spoc('--values', '/trace', '-o', '/out', '/open');
    expect(logged[0]).to.equal('Left as it is: the profile permits what it does not name');
  });

  it('says what undoes it', async () => {
    const based = (await spoc('--values', '/trace', '-o', '/out', '/based')).logged;
    expect(based).to.include('What the base profile runc permits stays permitted, with any values');
    const { logged } = await spoc('--values', '/trace', '-o', '/out', '/with-clone3');
    expect(logged).to.include('Undone for clone by clone3: its flags lie in memory: a filter cannot compare them');
  });

  it('refuses a trace that is none', async () => {
    const { exit, logged } = await spoc('--values', '/a', '-o', '/out', '/a');
    expect(exit).to.deep.equal({ type: 'status', status: 1 });
    expect(logged).to.deep.equal(['Error: /a: is no trace; spoc record --trace writes one']);
  });

  it('refuses to do nothing', async () => {
    const { exit, logged } = await spoc('-o', '/out', '/a');
    expect(exit).to.deep.equal({ type: 'status', status: 1 });
    expect(logged).to.deep.equal(['Error: nothing is asked for: --siblings, --enosys or --values']);
  });
});
