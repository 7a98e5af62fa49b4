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
import type { ConfiningMachine } from './run-apparmor.ts';
import type { ExitResult, Terminal } from './terminal.ts';

type RunOptions = ConditionOptions & { readonly profile: string; readonly type: 'seccomp' | 'apparmor' };

/** The machine that both kinds of profile need. */
export type RunMachine = RunningMachine & ConfiningMachine & ConditionsMachine;

/** The command and its options. */
export function runCommand(machine: RunMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('run')
    .alias('x')
    .summary('run a command using a security profile')
    .description(
      'Runs a command under a profile: a SeccompProfile, the JSON of container runtimes, or a file of Docker or Podman, or ' +
        'under an AppArmorProfile or a policy of AppArmor. Ends as the command ends.',
    )
    .addArgument(new CommandArgument('<command>', 'the command'))
    .argument('[arguments...]', 'its arguments')
    .option('-p, --profile <file>', 'the profile', DEFAULT_PROFILE)
    .addOption(
      new Option('-t, --type <type>', 'the kind of profile').choices(['seccomp', 'apparmor']).default('seccomp'),
    );
  return addConditionOptions(command)
    .passThroughOptions()
    .action(async (first: string, rest: readonly string[], options: RunOptions) => {
      finish(await runAs([first, ...rest], options, machine, terminal));
    });
}

async function runAs(
  argv: readonly [string, ...string[]],
  options: RunOptions,
  machine: RunMachine,
  terminal: Terminal,
): Promise<ExitResult> {
  const { profile, type } = options;
  if (type === 'seccomp') {
    return run({ argv, profile, conditions: conditionsOf(options, machine) }, machine, terminal);
  }
  // Loaded when it is wanted: most profiles are of system calls.
  return (await import('./run-apparmor.ts')).runUnderAppArmor({ argv, profile }, machine, terminal);
}
