// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

function profile(names: readonly string[], container: string): object {
  const labels = { 'spo.x-k8s.io/recording-id': 'test', 'spo.x-k8s.io/container-id': container };
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }] };
  return { kind: 'SeccompProfile', metadata: { name: `test-${container}`, namespace: 'shop', labels }, spec };
}

describe('spoc report', () => {
  let terminal: FakeTerminal;
  const spoc = (...args: readonly string[]): Promise<unknown> =>
    runCommandLine(['report', ...args], new FakeMachine(), terminal).catch(String);

  beforeEach(() => {
    terminal = new FakeTerminal();
    const items = [profile(['read', 'write'], 'web'), profile(['read'], 'web'), profile(['read'], 'proxy')];
    terminal.stored.set('/list', JSON.stringify({ kind: 'SeccompProfileList', items }));
    terminal.stored.set('/old', JSON.stringify(profile(['read', 'fork'], 'web')));
    terminal.stored.set('/other', JSON.stringify(profile(['read'], 'other')));
  });

  it('writes a section for each workload, with what has changed', async () => {
    expect(await spoc('-o', '/out.html', '--since', '/old', '/list')).to.deep.equal({ type: 'status', status: 0 });
    const page = terminal.stored.get('/out.html') ?? '';
    expect([...page.matchAll(/<h2>([^<]*)/g)].map(([, title]) => title)).to.deep.equal([
      'SeccompProfile of ProfileRecording shop/test, container web',
      'SeccompProfile of ProfileRecording shop/test, container proxy',
    ]);
    expect(page.match(/Since test-web/g)).to.have.length(1);
    expect(terminal.logged).to.deep.equal(['Wrote report to: /out.html']);
  });

  it('refuses an earlier profile of another workload', async () => {
    expect(await spoc('--since', '/other', '/list')).to.equal(
      'UserError: --since: /other holds an earlier profile of none of the workloads',
    );
  });
});
