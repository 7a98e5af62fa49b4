// SPDX-License-Identifier: Apache-2.0
// The machine as all of spoc's commands know it, and the part of it that `spoc run` needs.
import type { ConditionsMachine } from '../../cli/conditions.ts';
import type { RunningMachine } from '../../cli/run.ts';
import { UserError } from '../../cli/terminal.ts';
import type { Build } from '../../cli/version.ts';
import { inheritedChannel, leaveSignals, leaveStandardStreams } from '../../io/native/channel.ts';
import type { Channel } from '../../io/native/channel.ts';
import { Runner } from '../../io/native/runner.ts';
import { buildHere } from './build.ts';
import type { SpocSurroundings } from './terminal.ts';

/** The channel to the program that the launcher has started; throws a UserError where it has started none. */
export function channelTo(name: string, wire: SpocSurroundings['wire']): Channel {
  leaveSignals();
  if (wire === undefined) throw new UserError(`the ${name} is not there: start spoc by its launcher, bin/spoc`);
  return inheritedChannel(name, ...wire);
}

/** The machine, as far as running a command goes. */
export function runningMachine({
  wire,
}: SpocSurroundings): RunningMachine & ConditionsMachine & { readonly build: Build } {
  return {
    ...buildHere(),
    run: async (filter, argv, notes) => {
      const program = channelTo('runner', wire);
      leaveStandardStreams();
      return new Runner(program).run(filter, { arguments: argv.length }, notes);
    },
  };
}
