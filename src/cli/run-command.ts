// SPDX-License-Identifier: Apache-2.0
// The options of `spoc run`. plain-run.ts reads the usual ones first, without commander.
import { Command, Option } from 'commander';
import { CommandArgument } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import { DEFAULT_PROFILE } from './profile-document.ts';
import { run } from './run.ts';
import type { RunningMachine } from './run.ts';
import type { Terminal } from './terminal.ts';

type RunOptions = ConditionOptions & { readonly profile: string };

/** The command and its options. */
export function runCommand(machine: RunningMachine & ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('run')
    .alias('x')
    .summary('run a command using a security profile')
    .description(
      'Runs a command under a profile: a SeccompProfile, the JSON of container runtimes, or a file of Docker or Podman. Ends as ' +
        'the command ends.',
    )
    .addArgument(new CommandArgument('<command>', 'the command'))
    .argument('[arguments...]', 'its arguments')
    .option('-p, --profile <file>', 'the profile', DEFAULT_PROFILE)
    .addOption(new Option('-t, --type <type>', 'the kind of profile').choices(['seccomp']).default('seccomp'));
  return addConditionOptions(command)
    .passThroughOptions()
    .action(async (first: string, rest: readonly string[], options: RunOptions) => {
      const conditions = conditionsOf(options, machine);
      finish(await run({ argv: [first, ...rest], profile: options.profile, conditions }, machine, terminal));
    });
}
