// SPDX-License-Identifier: Apache-2.0
// The options of `spoc explain`. plain-judge.ts reads the usual ones first, without commander.
import { Argument, Command, Option } from 'commander';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import { explainProfile } from './explain.ts';
import type { Terminal } from './terminal.ts';

type ExplainOptions = ConditionOptions & { readonly output: 'text' | 'json'; readonly groups?: boolean };

/** The command and its options. */
export function explainCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('explain')
    .summary('say why a call is in a profile, and what it is dangerous for')
    .description(
      'Tells of one call what the profile says to it and by which rule, how a recording came by it, what it is dangerous ' +
        'for and which capability that needs, what undoes its refusal, and which vulnerabilities of the kernel need it. ' +
        'Of a group (@file-system): which of its calls are permitted. Without a call: all calls that the profile permits, ' +
        'the dangerous ones first; with --groups each under the smallest group that has it. The groups are those of systemd.',
    )
    .addArgument(new FileArgument('<file>', 'a seccomp profile'))
    .addArgument(new Argument('[call]', 'the name of a system call, or of a group of them'))
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['text', 'json']).default('text'))
    .option('-g, --groups', 'all calls that the profile permits, by groups');
  return addConditionOptions(command).action(
    async (file: string, call: string | undefined, options: ExplainOptions) => {
      const { output, groups = false } = options;
      const conditions = conditionsOf(options, machine);
      finish(await explainProfile({ file, call, groups, output, conditions }, terminal));
    },
  );
}
