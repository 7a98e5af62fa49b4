// SPDX-License-Identifier: Apache-2.0
// Man pages of spoc: one for the program and one for each command, in the language of man(7), from the same
// description as help and the reference.
import { spocCommands } from './reference/spoc.ts';
import type { DescribedCommand, Term } from './reference/spoc.ts';

/** Text for roff: no character of it begins a request or an escape. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}

function head(name: string, version: string): string {
  return `.\\" Generated from the commands of src/cli. SPDX-License-Identifier: Apache-2.0\n.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 "" "spoc ${roff(version)}" "Security Profiles Operator"`;
}

function terms(title: string, list: readonly Term[]): readonly string[] {
  if (list.length === 0) return [];
  return [`.SH ${title}`, ...list.flatMap(({ term, meaning }) => ['.TP', `.B ${roff(term)}`, roff(meaning)])];
}

function examples(list: readonly Term[]): readonly string[] {
  if (list.length === 0) return [];
  // A paragraph begins by itself after a heading, where mandoc warns of one that is asked for.
  const shown = list.flatMap(({ term, meaning }, index) => [
    ...(index === 0 ? [] : ['.PP']),
    `${roff(meaning)}:`,
    '.PP',
    '.nf',
    `.RS 4`,
    roff(term),
    '.RE',
    '.fi',
  ]);
  return ['.SH EXAMPLES', ...shown];
}

function commandPage(command: DescribedCommand, version: string): string {
  const lines = [
    head(`spoc-${command.name}`, version),
    '.SH NAME',
    `spoc\\-${roff(command.name)} \\- ${roff(command.summary)}`,
    '.SH SYNOPSIS',
    `.B ${roff(command.usage)}`,
    '.SH DESCRIPTION',
    roff(command.description === '' ? command.summary : command.description),
    ...terms('ARGUMENTS', command.words),
    ...terms('OPTIONS', command.options),
    ...examples(command.examples),
    '.SH SEE ALSO',
    '.BR spoc (1)',
  ];
  return `${lines.join('\n')}\n`;
}

function programPage(commands: readonly DescribedCommand[], version: string): string {
  const list = commands.map(({ name, summary }) => ({ term: `spoc ${name}`, meaning: summary }));
  const also = commands.map(({ name }) => `.BR spoc\\-${roff(name)} (1)`);
  const lines = [
    head('spoc', version),
    '.SH NAME',
    'spoc \\- record, enforce and share security profiles of seccomp, SELinux and AppArmor',
    '.SH SYNOPSIS',
    '.B spoc',
    '.I command',
    '[options]',
    ...terms('COMMANDS', list),
    '.SH EXIT STATUS',
    '0 for success, 2 for a command line that cannot be read, else 1; record and run end as their command ends.',
    '.SH SEE ALSO',
    ...also,
  ];
  return `${lines.join('\n')}\n`;
}

/** The page of the second name, under which kubectl finds spoc. */
const PLUGIN_PAGE = '.so man1/spoc.1\n';

/**
 * The man pages by file name, such as spoc.1 and spoc-record.1.
 *
 * @param version - of spoc
 */
export function manPages(version: string): ReadonlyMap<string, string> {
  const commands = spocCommands();
  return new Map([
    ['spoc.1', programPage(commands, version)],
    ['kubectl-spoc.1', PLUGIN_PAGE],
    ...commands.map((command) => [`spoc-${command.name}.1`, commandPage(command, version)] as const),
  ]);
}
