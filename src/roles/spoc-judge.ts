// SPDX-License-Identifier: Apache-2.0
// `spoc diff`, `score` and `explain` with usual words: a bundle of its own without the other commands, because a
// pipeline that asks about many profiles waits for the loading of it.
import { conditionsOf } from '../cli/conditions.ts';
import { diff } from '../cli/diff.ts';
import { explainProfile } from '../cli/explain.ts';
import { judged } from '../cli/judgement.ts';
import { plainJudgement } from '../cli/plain-judge.ts';
import type { PlainJudgement } from '../cli/plain-judge.ts';
import { readFile } from '../cli/profile-document.ts';
import { score } from '../cli/score.ts';
import { sideOf } from '../cli/side.ts';
import type { ExitResult, Terminal } from '../cli/terminal.ts';
import { exactArguments } from '../io/text-bytes.ts';
import { buildHere } from './spoc/build.ts';
import { explained, terminalOf } from './spoc/terminal.ts';
import type { SpocSurroundings } from './spoc/terminal.ts';

async function judge(words: PlainJudgement, terminal: Terminal): Promise<ExitResult> {
  const machine = buildHere();
  const conditions = conditionsOf({}, machine);
  switch (words.type) {
    case 'score':
      return score({ ...words, conditions }, terminal);
    case 'explain':
      return explainProfile({ ...words, groups: false, conditions }, terminal);
    case 'diff':
      return judged(async () => {
        const before = await sideOf(await readFile(words.before, terminal), conditions, terminal);
        const after = await sideOf(await readFile(words.after, terminal), conditions, terminal);
        return diff(before, after, words.output, machine.architecture, terminal);
      });
  }
}

/** Answers as `spoc` would; undefined where only `spoc` itself can read the words. */
export async function spocJudge(
  args: readonly string[],
  surroundings: SpocSurroundings,
): Promise<ExitResult | undefined> {
  const words = plainJudgement(exactArguments(args));
  if (words === undefined) return undefined;
  const terminal = terminalOf(surroundings);
  return explained(terminal, () => judge(words, terminal));
}
