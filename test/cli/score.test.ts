// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { explained } from '../../src/roles/spoc/terminal.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const PROFILE = JSON.stringify({
  kind: 'SeccompProfile',
  metadata: { name: 'x' },
  spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['read', 'bpf'], action: 'SCMP_ACT_ALLOW' }] },
});

async function spoc(...args: readonly string[]) {
  const terminal = new FakeTerminal();
  terminal.stored.set('/a', PROFILE);
  const exit = await explained(terminal, () => runCommandLine(args, new FakeMachine(), terminal));
  return { exit, printed: terminal.printed, logged: terminal.logged };
}

describe('spoc score', () => {
  it('prints the score, the reasons and the vulnerabilities', async () => {
    const { exit, printed } = await spoc('score', '/a');
    expect(exit).to.deep.equal({ type: 'status', status: 0 });
    expect(printed).to.match(/^94 of 100\n -6\.0 {2}bpf: loads programs into the kernel \(needs CAP_BPF\)\n/);
    expect(printed).to.match(/Closes the way to \d+ of \d+ known vulnerabilities .*: CVE-2016-2383, /);
  });

  it('ends with 3 where the score is below the least that is good enough', async () => {
    expect((await spoc('score', '--min', '95', '/a')).exit).to.deep.equal({ type: 'status', status: 3 });
    expect((await spoc('score', '--min', '94', '/a')).exit).to.deep.equal({ type: 'status', status: 0 });
  });

  it('ends with 1 where there is none, and with 2 where the least is no score', async () => {
    expect((await spoc('score', '/b')).exit).to.deep.equal({ type: 'status', status: 1 });
    expect((await spoc('score', '--min', '101', '/a')).exit).to.deep.equal({ type: 'status', status: 2 });
  });

  it('prints JSON', async () => {
    const { printed } = await spoc('score', '-o', 'json', '/a');
    expect(JSON.parse(printed)).to.include({ score: 94 });
    expect(JSON.parse(printed)).to.have.nested.property('open[0].cve', 'CVE-2016-2383');
  });
});
