// SPDX-License-Identifier: Apache-2.0
// Words of `spoc diff`, `score` and `explain` that are read without commander: they mean what they mean to commander,
// or are left to it.
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { conditionsOf } from '../../src/cli/conditions.ts';
import { diff } from '../../src/cli/diff.ts';
import { explainProfile } from '../../src/cli/explain.ts';
import { plainJudgement } from '../../src/cli/plain-judge.ts';
import type { PlainJudgement } from '../../src/cli/plain-judge.ts';
import { readFile } from '../../src/cli/profile-document.ts';
import { score } from '../../src/cli/score.ts';
import { sideOf } from '../../src/cli/side.ts';
import type { ExitResult } from '../../src/cli/terminal.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

function terminalWithFiles(): FakeTerminal {
  const terminal = new FakeTerminal();
  const profile = (name: string) =>
    JSON.stringify({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['read', name], action: 'SCMP_ACT_ALLOW' }],
    });
  for (const file of ['/a', '-', 'score', 'read']) terminal.stored.set(file, profile('bpf'));
  terminal.stored.set('/b', profile('mount'));
  return terminal;
}

async function told(words: PlainJudgement, terminal: FakeTerminal): Promise<ExitResult> {
  const machine = new FakeMachine();
  const conditions = conditionsOf({}, machine);
  const side = async (file: string) => sideOf(await readFile(file, terminal), conditions, terminal);
  if (words.type === 'score') return score({ ...words, conditions }, terminal);
  if (words.type === 'explain') return explainProfile({ ...words, groups: false, conditions }, terminal);
  return diff(await side(words.before), await side(words.after), words.output, machine.architecture, terminal);
}

const PLAIN: readonly (readonly string[])[] = [
  ['score', '/a'],
  ['score', '-'],
  ['explain', '/a', '@basic-io'],
  ['score', 'score'],
  ['score', '-m', '95', '/a'],
  ['score', '/a', '--min', '80', '-o', 'json'],
  ['score', '-o', 'json', '-o', 'text', '/a'],
  ['explain', '/a'],
  ['explain', '/a', 'bpf'],
  ['explain', 'read', 'read', '--output', 'json'],
  ['diff', '/a', '/a'],
  ['diff', '/a', '-o', 'json', '/b'],
  ['diff', '-', '/b'],
];

const LEFT: readonly (readonly string[])[] = [
  [],
  ['score'],
  ['score', ''],
  ['score', '/a', '/b'],
  ['score', '--min', '101', '/a'],
  ['score', '--min', '-1', '/a'],
  ['score', '--min=5', '/a'],
  ['score', '-m5', '/a'],
  ['score', '-o', 'yaml', '/a'],
  ['score', '-o'],
  ['score', '--', '/a'],
  ['score', '--help'],
  ['score', '--cap', 'ALL', '/a'],
  ['explain', '-m', '5', '/a'],
  ['explain', '/a', 'read', 'write'],
  ['diff', '/a'],
  ['diff', 'pid:1', '/a'],
  ['diff', '/a', 'oci://x/y:z'],
  ['diff', '/a', '/b', '--plain-http'],
  ['evidence', '/a'],
];

describe('cli/plain-judge', () => {
  for (const words of PLAIN) {
    it(`reads as commander does: spoc ${words.join(' ')}`, async () => {
      const [own, commanders] = [terminalWithFiles(), terminalWithFiles()];
      const plain = plainJudgement(words);
      expect(plain).not.to.equal(undefined);
      const exit = plain === undefined ? undefined : await told(plain, own);
      expect(exit).to.deep.equal(await runCommandLine(words, new FakeMachine(), commanders));
      expect(own.printed).to.equal(commanders.printed);
    });
  }

  it('leaves all other words to commander', () => {
    for (const words of LEFT) expect(plainJudgement(words), words.join(' ')).to.equal(undefined);
  });
});
