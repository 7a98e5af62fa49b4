// SPDX-License-Identifier: Apache-2.0
// The options of `spoc diff`. plain-judge.ts reads the usual ones first, without commander.
import { Argument, Command, Option } from 'commander';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions } from './conditions.ts';
import { diff } from './diff.ts';
import { readSide } from './diff-sides.ts';
import type { DiffMachine } from './diff-sides.ts';
import { judged } from './judgement.ts';
import { addRegistryOptions } from './registry-options.ts';
import type { RegistryOptions } from './registry-settings.ts';
import type { Terminal } from './terminal.ts';

type DiffOptions = ConditionOptions & RegistryOptions & { readonly output: 'text' | 'json' };

const SIDE = 'a file (- is standard input), oci://registry/repository:tag, or pid:NUMBER';

/** The command and its options. */
export function diffCommand(machine: DiffMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('diff')
    .summary('say what a profile lets in and shuts out that another one does not')
    .description(
      'Compares two profiles by what they mean, not by their text, and tells the worst first: what the second lets in, above ' +
        'all what is dangerous, then what it answers otherwise, then what it shuts out. Ends with 0 where they mean the ' +
        'same, with 1 where they differ, with 2 where that cannot be told. pid:NUMBER is the filter that a process ' +
        'really has, as the kernel tells root. Signatures of artifacts are not looked at.',
    )
    .addArgument(new Argument('<before>', SIDE))
    .addArgument(new Argument('<after>', SIDE))
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['text', 'json']).default('text'));
  return addRegistryOptions(addConditionOptions(command)).action(
    async (before: string, after: string, options: DiffOptions) => {
      finish(
        await judged(async () => {
          const request = { conditions: conditionsOf(options, machine), registry: options };
          const old = await readSide(before, request, machine, terminal);
          const young = await readSide(after, request, machine, terminal);
          return diff(old, young, options.output, machine.architecture, terminal);
        }),
      );
    },
  );
}
