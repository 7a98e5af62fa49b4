// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const ABSTRACT = { filesystem: { readOnlyPaths: ['/etc/hosts'] } };
const ENDED: FakeMachine['runnerEvents'] = [
  { type: 'started', pid: 7 },
  { type: 'exited', code: 3, signal: 0 },
];

function object(spec: object): string {
  const apiVersion = 'security-profiles-operator.x-k8s.io/v1alpha1';
  return JSON.stringify({ apiVersion, kind: 'AppArmorProfile', metadata: { name: 'web' }, spec });
}

async function run(profile: string, change: (machine: FakeMachine) => void = () => undefined, events = ENDED) {
  const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
  machine.runnerEvents = events;
  machine.terminal = terminal;
  change(machine);
  terminal.stored.set('/p', profile);
  const words = ['run', '-t', 'apparmor', '-p', '/p', 'echo', '-n'];
  const result = await runCommandLine(words, machine, terminal).catch(String);
  return { machine, terminal, result };
}

describe('spoc run under an AppArmor profile', () => {
  it('loads an abstract profile under a name of its own, and ends as the command ended', async () => {
    const { machine, terminal, result } = await run(object({ abstract: ABSTRACT }));
    expect(result).to.deep.equal({ type: 'status', status: 3 });
    expect(machine.started).to.deep.equal([{ argv: ['echo', '-n'], profile: 'spoc-1' }]);
    expect(machine.policies.map(({ action }) => action)).to.deep.equal(['add']);
    expect(machine.policies[0]?.text).to.match(/^profile "spoc-1" [^]*"\/etc\/hosts" r,/m);
    expect(terminal.logged).to.deep.equal([
      'Reading file /p',
      'Load AppArmor profile',
      'Running command with PID: 7',
      'Command did not exit successfully: exit status 3',
    ]);
    expect(machine.releasedAfter).to.deep.equal(['Running command with PID: 7']);
  });

  it('loads a policy under its own name, be it in an object or by itself', async () => {
    const policy = 'profile web {\n  file,\n}\n';
    for (const profile of [object({ policy }), policy]) {
      const { machine } = await run(profile);
      expect(machine.started).to.deep.equal([{ argv: ['echo', '-n'], profile: 'web' }]);
    }
  });

  it('says that the profile stays where something still runs under it', async () => {
    const { terminal } = await run(object({ abstract: ABSTRACT }), undefined, [{ type: 'kept' }, ...ENDED]);
    expect(terminal.logged.join('\n')).to.match(/still run under the AppArmor profile, which stays in the kernel/);
  });

  it('refuses what is no profile of AppArmor before anything is loaded', async () => {
    for (const profile of ['profile {', object({}), object({ policy: 'profile x { }' })]) {
      const { machine, result } = await run(profile);
      expect(result).to.be.a('string');
      expect([machine.policies, machine.started]).to.deep.equal([[], []]);
    }
  });

  it('takes the profile out of the kernel when there is no runner', async () => {
    const { machine, result } = await run(object({ abstract: ABSTRACT }), (one) => {
      one.confine = async () => Promise.reject(new Error('no runner'));
    });
    expect(result).to.match(/no runner/);
    expect(machine.policies.map(({ action }) => action)).to.deep.equal(['add', 'remove']);
  });
});
