// SPDX-License-Identifier: Apache-2.0
// spoc completion: scripts for shells, printed from the same description of commands that parses them, so that they
// cannot disagree. Words after the command that is to be recorded or run are completed as commands and files.

import { Argument, Command } from 'commander';
import type { Option } from 'commander';
import { CommandArgument, FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { SUCCESS } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** An option as completion needs it. */
export interface OptionShape {
  /** `-o` and `--output-file`. */
  readonly names: readonly string[];
  readonly description: string;
  /** The values of the option: files, or words, of which none need be known; undefined for a switch. */
  readonly values: 'files' | readonly string[] | undefined;
}

/** A command as completion needs it. */
export interface CommandShape {
  readonly names: readonly string[];
  readonly description: string;
  readonly options: readonly OptionShape[];
  /** The kind of its other words. */
  readonly words: 'command' | 'files' | 'none' | readonly string[];
}

/** Shells that we print scripts for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A shell that we print a script for. */
export type Shell = (typeof SHELLS)[number];

function bashWords(command: CommandShape): string {
  const valued = command.options.filter(({ values }) => values !== undefined);
  const cases = valued.map(({ names, values = [] }) => {
    const reply =
      values === 'files'
        ? `COMPREPLY=($(compgen -f -- "$cur"))`
        : `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$cur"))`;
    return `        ${names.join('|')}) ${reply}; return ;;`;
  });
  const flags = command.options.flatMap(({ names }) => names).join(' ');
  const rest = {
    command: 'COMPREPLY=($(compgen -c -f -- "$cur"))',
    files: 'COMPREPLY=($(compgen -f -- "$cur"))',
    none: 'COMPREPLY=()',
  };
  const words =
    typeof command.words === 'string'
      ? rest[command.words]
      : `COMPREPLY=($(compgen -W '${command.words.join(' ')}' -- "$cur"))`;
  return `    ${command.names.join('|')})
      case "$prev" in
${cases.join('\n')}
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${flags}' -- "$cur")); else ${words}; fi ;;`;
}

function bash(commands: readonly CommandShape[]): string {
  const names = commands.map(({ names: [name = ''] }) => name).join(' ');
  return `# bash completion for spoc; source <(spoc completion bash)
_spoc() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${names}' -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(bashWords).join('\n')}
  esac
}
complete -o filenames -F _spoc spoc
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function zshSpec({ names, description, values }: OptionShape): readonly string[] {
  const action = values === undefined ? '' : values === 'files' ? ':file:_files' : `:value:(${values.join(' ')})`;
  return names.map((name) => quoted(`${name}[${description.replaceAll(']', '\\]').replaceAll(':', '\\:')}]${action}`));
}

function zshCommand(command: CommandShape): string {
  const rest = {
    command: `'*:: :_normal'`,
    files: `'*:file:_files'`,
    none: '',
  };
  const words = typeof command.words === 'string' ? rest[command.words] : `'1:word:(${command.words.join(' ')})'`;
  const specs = [...command.options.flatMap(zshSpec), words].filter((spec) => spec !== '');
  return `    ${command.names.join('|')}) ${specs.length === 0 ? ':' : `_arguments ${specs.join(' ')}`} ;;`;
}

function zsh(commands: readonly CommandShape[]): string {
  const list = commands.map(({ names: [name = ''], description }) =>
    quoted(`${name}:${description.replaceAll(':', '\\:')}`),
  );
  return `#compdef spoc
# zsh completion for spoc; source <(spoc completion zsh)
_spoc() {
  local -a commands=(${list.join(' ')})
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  ((CURRENT--))
  case $name in
${commands.map(zshCommand).join('\n')}
  esac
}
compdef _spoc spoc
`;
}

function fishOption(command: CommandShape, { names, description, values }: OptionShape): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
  const takes = values === undefined ? '' : values === 'files' ? ' -r -F' : ` -x -a ${quoted(values.join(' '))}`;
  const seen = `__fish_seen_subcommand_from ${command.names.join(' ')}`;
  return `complete -c spoc -n ${quoted(seen)} ${flags}${takes} -d ${quoted(description)}`;
}

function fishCommand(command: CommandShape): readonly string[] {
  const [name = ''] = command.names;
  const seen = quoted(`__fish_seen_subcommand_from ${command.names.join(' ')}`);
  const first = `complete -c spoc -n __fish_use_subcommand -f -a ${name} -d ${quoted(command.description)}`;
  const rest = {
    command: [`complete -c spoc -n ${seen} -a '(__fish_complete_subcommand)'`],
    files: [`complete -c spoc -n ${seen} -F`],
    none: [`complete -c spoc -n ${seen} -f`],
  };
  const words =
    typeof command.words === 'string'
      ? rest[command.words]
      : [`complete -c spoc -n ${seen} -f -a ${quoted(command.words.join(' '))}`];
  return [first, ...command.options.map((option) => fishOption(command, option)), ...words];
}

function fish(commands: readonly CommandShape[]): string {
  return `# fish completion for spoc; spoc completion fish | source\n${commands.flatMap(fishCommand).join('\n')}\n`;
}

/** The completion script of a shell for the given commands. */
export function completionScript(shell: Shell, commands: readonly CommandShape[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
  }
}

function optionShape(option: Option): OptionShape {
  const names = [option.short, option.long].flatMap((name) => name ?? []);
  const values = option.flags.endsWith('<file>') ? 'files' : option.required ? (option.argChoices ?? []) : undefined;
  return { names, description: option.description, values };
}

function wordsOf([first]: readonly Argument[]): CommandShape['words'] {
  if (first instanceof CommandArgument) return 'command';
  if (first instanceof FileArgument) return 'files';
  return first?.argChoices ?? 'none';
}

function shapeOf(command: Command): CommandShape {
  const help = { names: ['-h', '--help'], description: 'show help', values: undefined };
  return {
    names: [command.name(), ...command.aliases()],
    description: command.summary() || command.description(),
    options: [...command.options.map(optionShape), help],
    words: wordsOf(command.registeredArguments),
  };
}

/** The commands of a program as completion needs them. */
export function shapesOf(program: Command): readonly CommandShape[] {
  const shapes = program.commands.map(shapeOf);
  const all = shapes.map(({ names: [name = ''] }) => name);
  return [...shapes, { names: ['help', 'h'], description: 'show help for a command', options: [], words: all }];
}

/** The command, which completes the commands of its program. */
export function completionCommand(program: Command, terminal: Terminal, finish: Finish): Command {
  return new Command('completion')
    .summary('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices([...SHELLS]))
    .action((shell: Shell) => {
      terminal.print(completionScript(shell, shapesOf(program)));
      finish(SUCCESS);
    });
}
