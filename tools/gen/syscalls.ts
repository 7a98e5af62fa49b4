// SPDX-License-Identifier: Apache-2.0
// Prints the tables of the world from their CSV files: system calls by architecture, the architectures of seccomp, the
// base system calls of container runtimes, and the calls that a recording cannot show. Numbers are packed into one
// string per architecture, so that loading the module costs nothing: spoc starts in milliseconds, and most commands
// need one table of the five.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { banner } from './outputs.ts';
import type { Outputs } from './outputs.ts';

const PROJECT = path.join(import.meta.dirname, '../..');

/** A CSV file: provenance in the first line, then a header, then rows of equal length without quoted cells. */
export interface Table {
  readonly source: string;
  /** The first line: the origin of the numbers. */
  readonly provenance: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * One table of schemas/tables below a root.
 * @throws SyntaxError naming the row that is malformed
 */
export async function readTable(root: string, name: string): Promise<Table> {
  const source = `schemas/tables/${name}.csv`;
  const [first = '', header = '', ...rows] = (await readFile(path.join(root, source), 'utf8')).trimEnd().split('\n');
  if (!first.startsWith('# ')) throw new SyntaxError(`${source}: the first line must say where the numbers come from`);
  const columns = header.split(',');
  const cells = rows.map((row) => row.split(','));
  const bad = cells.findIndex((row) => row.length !== columns.length);
  if (bad >= 0) throw new SyntaxError(`${source}: row ${String(bad + 3)} has not ${String(columns.length)} columns`);
  return { source, provenance: first.slice(2), header: columns, rows: cells };
}

/**
 * Each name once, and each number of an architecture for one name: else looking up in one direction would not undo the
 * other.
 */
function checkUnique(table: Table): void {
  for (const [column, title] of table.header.entries()) {
    const rows = new Map<string, number>();
    for (const [index, row] of table.rows.entries()) {
      const cell = row[column] ?? '';
      const before = cell === '' ? undefined : rows.get(cell);
      rows.set(cell, index);
      if (before === undefined) continue;
      const places = `rows ${String(before + 3)} and ${String(index + 3)}`;
      throw new SyntaxError(`${table.source}: ${places} have the same ${title}, ${cell}`);
    }
  }
}

/**
 * `name name @7 name`: names in order of their numbers; `@n` says the number of the next one where it does not follow.
 */
function packed(table: Table, column: number): string {
  const entries = table.rows
    .map((row): [string, string] => [row[0] ?? '', row[column] ?? ''])
    .filter(([, number]) => number !== '')
    .map(([name, number]): [string, number] => [name, Number(number)])
    .sort((a, b) => a[1] - b[1]);
  let next = 0;
  const words = entries.flatMap(([name, number]) => {
    const jump = number === next ? [] : [`@${String(number)}`];
    next = number + 1;
    return [...jump, name];
  });
  return words.join(' ');
}

function printSyscalls(table: Table): [string, string] {
  checkUnique(table);
  const tables = table.header.slice(1).map((name, index) => `  ${name}:\n    '${packed(table, index + 1)}',`);
  const text = `${banner(table.source)}
/** An architecture that has a table of system calls, by its name in the kernel. */
export type TableName = ${table.header
    .slice(1)
    .map((name) => `'${name}'`)
    .join(' | ')};

/**
 * The system calls of each architecture in order of their numbers; \`@n\` gives the number of the next name where it
 * does not follow.
 * ${table.provenance}
 */
export const PACKED_SYSCALLS: Readonly<Record<TableName, string>> = {
${tables.join('\n')}
};
`;
  return ['src/gen/syscalls.ts', text];
}

function printArchitectures(table: Table): [string, string] {
  const rows = table.rows.map(
    ([name = '', token = '', goarch = '', calls = '', host = '']) =>
      `  ${name}: { token: ${token}, goarch: '${goarch}', table: '${calls}', host: '${host}' },`,
  );
  const text = `${banner(table.source)}
import type { TableName } from './syscalls.ts';

/**
 * The facts of an architecture: libseccomp's token, Go's name, the table of its system calls, and whose kernel runs it.
 */
export interface ArchitectureFacts {
  readonly token: number;
  readonly goarch: string;
  readonly table: TableName;
  readonly host: string;
}

/** ${table.provenance} */
export const ARCHITECTURES: Readonly<Record<string, ArchitectureFacts>> = {
${rows.join('\n')}
};
`;
  return ['src/gen/architectures.ts', text];
}

/** The columns of each row of a table, by name. */
function recordsOf(table: Table): readonly Readonly<Record<string, string>>[] {
  return table.rows.map((row) => Object.fromEntries(table.header.map((title, index) => [title, row[index] ?? ''])));
}

function printBaseSyscalls(table: Table): [string, string] {
  checkUnique({ ...table, header: table.header.slice(0, 1) });
  const names = recordsOf(table)
    .filter(({ omitted }) => omitted === '')
    .map(({ name = '', start, exec, go }) => {
      const seen = Object.entries({ start, exec, go }).filter(
        ([, versions]) => versions !== '' && versions !== undefined,
      );
      return `  '${name}', // ${seen.map(([way, versions = '']) => `${way}: ${versions}`).join('; ')}`;
    });
  const text = `${banner(table.source)}
/** ${table.provenance} */
export const BASE_SYSCALLS: readonly string[] = [
${names.join('\n')}
];
`;
  return ['src/gen/base-syscalls.ts', text];
}

function printUnseenSyscalls(kernel: Table, older: Table): [string, string] {
  for (const table of [kernel, older]) checkUnique({ ...table, header: table.header.slice(0, 1) });
  const names = recordsOf(kernel).map(({ name = '', cause = '' }) => `  '${name}', // ${cause}`);
  const forms = recordsOf(older).map(
    ({ name = '', older: forms = '' }) =>
      `  ${name}: [${forms
        .split(' ')
        .map((form) => `'${form}'`)
        .join(', ')}],`,
  );
  const text = `${banner(`${kernel.source} and ${older.source}`)}
/** ${kernel.provenance} */
export const KERNEL_SYSCALLS: readonly string[] = [
${names.join('\n')}
];

/** ${older.provenance} */
export const OLDER_SYSCALLS: Readonly<Record<string, readonly string[]>> = {
${forms.join('\n')}
};
`;
  return ['src/gen/unseen-syscalls.ts', text];
}

/**
 * The generated TypeScript of the tables below a root, by path. Throws SyntaxError naming the table and row that are
 * malformed.
 */
export async function syscallFiles(root = PROJECT): Promise<Outputs> {
  return new Map([
    printSyscalls(await readTable(root, 'syscalls')),
    printArchitectures(await readTable(root, 'architectures')),
    printBaseSyscalls(await readTable(root, 'base-syscalls')),
    printUnseenSyscalls(await readTable(root, 'kernel-syscalls'), await readTable(root, 'older-syscalls')),
  ]);
}
