// SPDX-License-Identifier: Apache-2.0
// `spoc run` with usual words: a bundle of its own without the other commands, because a new profile's first run waits
// for the loading of it.
import { conditionsOf } from '../cli/conditions.ts';
import { plainRun } from '../cli/plain-run.ts';
import { run } from '../cli/run.ts';
import type { ExitResult } from '../cli/terminal.ts';
import { exactArguments } from '../io/text-bytes.ts';
import { runningMachine } from './spoc/machine.ts';
import { explained, terminalOf } from './spoc/terminal.ts';
import type { SpocSurroundings } from './spoc/terminal.ts';

/** Runs a command under a profile as `spoc` would; undefined where only `spoc` itself can read the words. */
export async function spocRun(
  args: readonly string[],
  surroundings: SpocSurroundings,
): Promise<ExitResult | undefined> {
  const words = plainRun(exactArguments(args));
  if (words === undefined) return undefined;
  const terminal = terminalOf(surroundings);
  return explained(terminal, async () => {
    const machine = runningMachine(surroundings);
    return run({ ...words, conditions: conditionsOf({}, machine) }, machine, terminal);
  });
}
