// SPDX-License-Identifier: Apache-2.0
// The options of `spoc score`. plain-judge.ts reads the usual ones first, without commander.
import { Command, InvalidArgumentError, Option } from 'commander';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import { score } from './score.ts';
import type { Terminal } from './terminal.ts';

function readMin(text: string): number {
  const min = Number(text);
  if (Number.isInteger(min) && min >= 0 && min <= 100) return min;
  throw new InvalidArgumentError('A number from 0 to 100 is needed.');
}

type ScoreOptions = ConditionOptions & { readonly min: number; readonly output: 'text' | 'json' };

/** The command and its options. */
export function scoreCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('score')
    .summary('say how tight a seccomp profile is, from 0 to 100')
    .description(
      'Prints a score from 0 to 100, the reason for each point that is missing, and which known vulnerabilities of the ' +
        'kernel the profile closes the way to. A profile that permits less never has a lower score. Ends with 3 ' +
        'where the score is below --min.',
    )
    .addArgument(new FileArgument('<file>', 'a seccomp profile'))
    .addOption(new Option('-m, --min <score>', 'the least score that is good enough').argParser(readMin).default(0))
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['text', 'json']).default('text'));
  return addConditionOptions(command).action(async (file: string, options: ScoreOptions) => {
    const { min, output } = options;
    finish(await score({ file, min, output, conditions: conditionsOf(options, machine) }, terminal));
  });
}
