// SPDX-License-Identifier: Apache-2.0
// `spoc pull` with usual words: a bundle of its own without the other commands, because a pipeline that pulls many
// profiles waits for the loading of it.
import { plainPull } from '../cli/plain-pull.ts';
import { pull, takesUnsigned } from '../cli/pull.ts';
import { platformHere, readPlatform } from '../cli/registry-settings.ts';
import type { ExitResult } from '../cli/terminal.ts';
import { exactArguments } from '../io/text-bytes.ts';
import { pullingMachine } from './spoc/pulling.ts';
import { explained, terminalOf } from './spoc/terminal.ts';
import type { SpocSurroundings } from './spoc/terminal.ts';

/** Pulls as `spoc` would; undefined where only `spoc` itself can read the words. */
export async function spocPull(
  args: readonly string[],
  surroundings: SpocSurroundings,
): Promise<ExitResult | undefined> {
  const words = plainPull(exactArguments(args));
  if (words === undefined) return undefined;
  const terminal = terminalOf(surroundings);
  return explained(terminal, async () => {
    const { env } = surroundings;
    const machine = pullingMachine(env);
    const platform = words.platform === undefined ? platformHere(machine) : readPlatform(words.platform);
    return pull({ ...words, platform, verify: words.verify && !takesUnsigned(env) }, machine, terminal);
  });
}
