// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

interface Origin {
  readonly recording?: string;
  readonly container?: string;
}

function recorded(names: readonly string[], { recording, container }: Origin = {}): object {
  const labels =
    recording === undefined
      ? {}
      : { 'spo.x-k8s.io/recording-id': recording, 'spo.x-k8s.io/container-id': container ?? 'c' };
  const annotations = { 'spo.x-k8s.io/added-syscalls': 'base syscalls: execve' };
  const spec = {
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [{ names: [...names, 'execve'], action: 'SCMP_ACT_ALLOW' }],
  };
  return { kind: 'SeccompProfile', metadata: { name: 'web', namespace: 'shop', labels, annotations }, spec };
}

function terminalWith(...objects: readonly object[]): FakeTerminal {
  const terminal = new FakeTerminal();
  objects.forEach((object, at) => terminal.stored.set(`/${String(at)}`, JSON.stringify(object)));
  return terminal;
}

function evidence(terminal: FakeTerminal, ...options: readonly string[]): Promise<unknown> {
  return runCommandLine(['evidence', ...options, ...terminal.stored.keys()], new FakeMachine(), terminal).catch(String);
}

const status = (value: number): object => ({ type: 'status', status: value });

describe('spoc evidence', () => {
  it('puts the recordings of files together', async () => {
    const terminal = terminalWith(recorded(['read']), recorded(['read', 'mknod']));
    expect(await evidence(terminal)).to.deep.equal(status(0));
    expect(terminal.printed).to.equal(
      'SeccompProfile web\n' +
        '  whole: yes\n' +
        '  recordings: 2\n' +
        '  seen: 2, 1 of them in every recording, 1 in one only\n' +
        '  allowed without having been seen: 1\n' +
        '  chance that the next recording shows something new: 50 % (95 % interval: 0 % to 100 %)\n' +
        '  seen in one recording only: mknod\n',
    );
  });

  it('tells workloads of a list apart', async () => {
    const items = [
      recorded(['read'], { recording: 'test', container: 'web' }),
      recorded(['read', 'splice'], { recording: 'test', container: 'proxy' }),
      recorded(['read'], { recording: 'test', container: 'web' }),
    ];
    const terminal = terminalWith({ kind: 'SeccompProfileList', items });
    expect(await evidence(terminal, '-o', 'json')).to.deep.equal(status(0));
    const told = JSON.parse(terminal.printed) as readonly { readonly workload: string; readonly recordings: number }[];
    expect(told.map(({ workload, recordings }) => [workload, recordings])).to.deep.equal([
      ['SeccompProfile of ProfileRecording shop/test, container web', 2],
      ['SeccompProfile of ProfileRecording shop/test, container proxy', 1],
    ]);
  });

  it('ends with 3 where more is asked than there is', async () => {
    const terminal = terminalWith(recorded(['read']), recorded(['read']));
    expect(await evidence(terminal, '--min-recordings', '3', '--max-chance', '5%')).to.deep.equal(status(3));
    expect(terminal.logged).to.deep.equal([
      'SeccompProfile web: 2 recordings are fewer than 3',
      'SeccompProfile web: the chance of something new may be more than 5.0 %',
    ]);
  });

  it('ends with 3 where nothing says how a profile was learnt', async () => {
    const spec = { defaultAction: 'SCMP_ACT_ERRNO' };
    const terminal = terminalWith({ kind: 'SeccompProfile', metadata: { name: 'written' }, spec });
    expect(await evidence(terminal)).to.deep.equal(status(3));
    expect(terminal.printed).to.include('whole: unknown\n    nothing in SeccompProfile written says how it was learnt');
    expect(terminal.printed).to.include('unknown, as 1 recording is too few to tell');
  });

  it('takes a profile for no recording because spoc adapt has added calls to it', async () => {
    const annotations = { 'spo.x-k8s.io/added-syscalls': 'siblings of permitted syscalls: openat (open)' };
    const spec = { defaultAction: 'SCMP_ACT_ERRNO' };
    const terminal = terminalWith({ kind: 'SeccompProfile', metadata: { name: 'written', annotations }, spec });
    expect(await evidence(terminal)).to.deep.equal(status(3));
    expect(terminal.printed).to.include('whole: unknown\n');
  });

  for (const { what, object, told } of [
    { what: 'another kind', object: { kind: 'Pod' }, told: /^UserError: \/0: kind: is none of SeccompProfile, / },
    { what: 'a runtime’s JSON', object: { defaultAction: 'SCMP_ACT_ERRNO' }, told: /says nothing of a recording$/ },
    {
      what: 'a wrong object',
      object: { kind: 'SeccompProfile', metadata: { name: 'x' }, spec: {} },
      told: /defaultAction/,
    },
  ]) {
    it(`refuses ${what}`, async () => {
      expect(await evidence(terminalWith(object))).to.match(told);
    });
  }

  it('refuses a chance that is none', async () => {
    expect(await evidence(terminalWith(recorded(['read'])), '--max-chance', '5')).to.deep.equal(status(2));
  });
});
