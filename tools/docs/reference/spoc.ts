// SPDX-License-Identifier: Apache-2.0
// The page about spoc, from the same description of commands that parses them and prints help.
import type { Command, Help } from 'commander';
import { EXAMPLES } from '../../../src/cli/usage-examples.ts';
import type { Example } from '../../../src/cli/usage-examples.ts';
import { describedCommands } from '../../answers.ts';
import { code, printedPage, table } from './table.ts';

/** A word or option, and its meaning. */
export interface Term {
  readonly term: string;
  readonly meaning: string;
}

/** A command as help describes it, with plain texts. */
export interface DescribedCommand {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly usage: string;
  readonly description: string;
  readonly words: readonly Term[];
  readonly options: readonly Term[];
  readonly examples: readonly Term[];
}

function examplesOf(command: Command): readonly Example[] {
  const examples = EXAMPLES[command.name()];
  if (examples === undefined)
    throw new Error(`spoc ${command.name()} has no example: add one to src/cli/usage-examples.ts`);
  return examples;
}

function described(command: Command, help: Help): DescribedCommand {
  return {
    name: command.name(),
    aliases: command.aliases(),
    summary: command.summary(),
    usage: help.commandUsage(command),
    description: help.commandDescription(command),
    words: help.visibleArguments(command).map((word) => ({
      term: help.argumentTerm(word),
      meaning: help.argumentDescription(word),
    })),
    options: help.visibleOptions(command).map((option) => ({
      term: help.optionTerm(option),
      meaning: help.optionDescription(option),
    })),
    examples: examplesOf(command).map(({ line, says }) => ({ term: line, meaning: says })),
  };
}

/** Every command of spoc, in the order of its help. */
export function spocCommands(): readonly DescribedCommand[] {
  const program = describedCommands();
  return program.commands.map((command) => described(command, command.createHelp()));
}

function terms(head: string, list: readonly Term[]): string {
  return table(
    [head, 'meaning'],
    list.map(({ term, meaning }) => [code(term), meaning]),
  );
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function section(command: DescribedCommand): readonly string[] {
  const aliases = command.aliases.length === 0 ? '' : ` Short: ${command.aliases.map(code).join(', ')}.`;
  const examples = command.examples.map(({ term, meaning }) => `# ${meaning}\n${term}`).join('\n');
  return [
    `## spoc ${command.name}`,
    `${command.description === '' ? sentence(command.summary) : command.description}${aliases}`,
    `\`\`\`text\n${command.usage}\n\`\`\``,
    terms('word', command.words),
    terms('option', command.options),
    ...(examples === ''
      ? []
      : ['<!-- not run: the how-to guides run these commands with their files -->', `\`\`\`sh\n${examples}\n\`\`\``]),
  ];
}

/** The page by its path. */
export function spocPage(): ReadonlyMap<string, string> {
  const commands = spocCommands();
  const page = printedPage('the commands of src/cli', [
    '# spoc',
    'Every command of `spoc` with its options, as `spoc help COMMAND` prints them. `spoc completion bash` (`zsh`, `fish`) prints a completion script.',
    table(
      ['command', 'what for'],
      commands.map(({ name, summary }) => [`[spoc ${name}](#spoc-${name})`, summary]),
    ),
    ...commands.flatMap(section),
  ]);
  return new Map([['docs/reference/spoc.md', page]]);
}
