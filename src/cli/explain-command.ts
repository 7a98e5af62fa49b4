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

type ExplainOptions = ConditionOptions & { readonly output: 'text' | 'json' };

/** The command and its options. */
export function explainCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('explain')
    .summary('say why a call is in a profile, and what it is dangerous for')
    .description(
      'Tells of one call what the profile says to it and by which rule, how a recording came by it, what it is dangerous ' +
        'for and which capability that needs, what undoes its refusal, and which vulnerabilities of the kernel need it. ' +
        'Without a call: all calls that the profile permits, the dangerous ones first.',
    )
    .addArgument(new FileArgument('<file>', 'a seccomp profile'))
    .addArgument(new Argument('[call]', 'the name of a system call'))
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['text', 'json']).default('text'));
  return addConditionOptions(command).action(
    async (file: string, call: string | undefined, options: ExplainOptions) => {
      const { output } = options;
      finish(await explainProfile({ file, call, output, conditions: conditionsOf(options, machine) }, terminal));
    },
  );
}
