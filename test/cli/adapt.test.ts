// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { explained } from '../../src/roles/spoc/terminal.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const PROFILE = JSON.stringify({
  kind: 'SeccompProfile',
  metadata: { name: 'x', annotations: { 'spo.x-k8s.io/added-syscalls': 'base syscalls: capget' } },
  spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['clone', 'pipe2'], action: 'SCMP_ACT_ALLOW' }] },
});

async function spoc(...args: readonly string[]) {
  const terminal = new FakeTerminal();
  terminal.stored.set('/a', PROFILE);
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

  it('refuses to do nothing', async () => {
    const { exit, logged } = await spoc('-o', '/out', '/a');
    expect(exit).to.deep.equal({ type: 'status', status: 1 });
    expect(logged).to.deep.equal(['Error: nothing is asked for: --siblings or --enosys']);
  });
});
