// SPDX-License-Identifier: Apache-2.0
// The machine as all of spoc's commands know it, and the part of it that `spoc run` needs.
import { release } from 'node:os';
import type { ConditionsMachine } from '../../cli/conditions.ts';
import type { RunningMachine } from '../../cli/run.ts';
import { UserError } from '../../cli/terminal.ts';
import type { Build } from '../../cli/version.ts';
import { nativeArchitecture } from '../../core/seccomp/libseccomp/filter.ts';
import { factsOf } from '../../core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';
import { inheritedChannel, leaveSignals, leaveStandardStreams } from '../../io/native/channel.ts';
import type { Channel } from '../../io/native/channel.ts';
import { Runner } from '../../io/native/runner.ts';
import type { SpocSurroundings } from './terminal.ts';

function architectureHere(): KnownArchitecture {
  const found = nativeArchitecture(process.arch);
  if (found === undefined) throw new UserError(`the architecture ${process.arch} is not supported: x64 and arm64 are`);
  return found;
}

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
  const architecture = architectureHere();
  return {
    architecture,
    build: { node: process.version, platform: `linux/${factsOf(architecture).goarch}`, kernel: release() },
    run: async (filter, argv, notes) => {
      const program = channelTo('runner', wire);
      leaveStandardStreams();
      return new Runner(program).run(filter, { arguments: argv.length }, notes);
    },
  };
}
