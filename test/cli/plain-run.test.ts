// SPDX-License-Identifier: Apache-2.0
// Words of `spoc run` that are read without commander: they mean what they mean to commander, or are left to it.
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { plainRun } from '../../src/cli/plain-run.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const PROFILE = JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' });

const PLAIN: readonly (readonly string[])[] = [
  ['run', 'true'],
  ['x', 'echo', '-n', '--', 'a'],
  ['run', '-p', '/p', 'echo', '-p', 'x', '--profile=y'],
  ['run', '--profile', '/p', 'run', 'help'],
  ['run', '-p', '-', 'true'],
  ['run', '-p', '--', 'true'],
  ['run', '-p', '/a', '-p', '/p', 'true'],
  ['run', '-t', 'seccomp', '-p', '/p', 'true', ''],
  ['x', '--type', 'seccomp', 'help', '--help'],
];

const LEFT: readonly (readonly string[])[] = [
  [],
  ['run'],
  ['run', ''],
  ['run', '-p'],
  ['run', '-p', '/p'],
  ['run', '-p/p', 'true'],
  ['run', '--profile=/p', 'true'],
  ['run', '--', 'true'],
  ['run', '-h'],
  ['run', '--help', 'true'],
  ['run', '-t', 'selinux', 'true'],
  ['run', '--cap', 'ALL', 'true'],
  ['run', '-px', '/p', 'true'],
  ['record', 'true'],
];

async function byCommander(words: readonly string[]) {
  const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
  machine.runnerEvents = [{ type: 'exited', code: 0, signal: 0 }];
  for (const file of ['/p', '/a', '-', '--', '/tmp/profile.yaml']) terminal.stored.set(file, PROFILE);
  const end = await runCommandLine(words, machine, terminal);
  expect(end, words.join(' ')).to.deep.equal({ type: 'status', status: 0 });
  return { started: machine.started, read: terminal.logged[0] };
}

describe('cli/plain-run', () => {
  it('reads words as commander does', async () => {
    for (const words of PLAIN) {
      const request = plainRun(words);
      const expected = { started: [{ argv: request?.argv }], read: `Reading file ${String(request?.profile)}` };
      expect(await byCommander(words), words.join(' ')).to.deep.equal(expected);
    }
  });

  it('leaves other words to commander', () => {
    for (const words of LEFT) expect(plainRun(words), words.join(' ')).to.equal(undefined);
  });
});
