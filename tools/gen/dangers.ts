// SPDX-License-Identifier: Apache-2.0
// Prints the tables of what calls are dangerous for: dangers, calls that undo the refusal of others, vulnerabilities of
// the kernel; and of those that do the same. Each row says where it is told and when it was written; one that does not
// is refused, as nobody could check it.
import path from 'node:path';
import { banner } from './outputs.ts';
import type { Outputs } from './outputs.ts';
import { readTable } from './syscalls.ts';
import type { Table } from './syscalls.ts';

const PROJECT = path.join(import.meta.dirname, '../..');

type Row = Readonly<Record<string, string>>;

/** The rows of a table by column. Throws SyntaxError for one whose source or date nobody could check. */
function sourcedRows({ source, header, rows }: Table): readonly Row[] {
  return rows.map((cells, index) => {
    const row = Object.fromEntries(header.map((title, column) => [title, cells[column] ?? '']));
    const place = `${source}: row ${String(index + 3)}`;
    if (!/^https:\/\/\S+$/.test(row['source'] ?? '')) throw new SyntaxError(`${place} has no source that one can open`);
    if (!/^\d{4}-\d\d-\d\d$/.test(row['date'] ?? '')) throw new SyntaxError(`${place} has no date`);
    return row;
  });
}

const ARGUMENT = /^([0-5])&(0x[0-9a-f]+)=(0x[0-9a-f]+|\d+)$/;

function printArgument(text: string, place: string): string {
  const [, index, mask, value] = ARGUMENT.exec(text) ?? [];
  if (index === undefined || mask === undefined || value === undefined) {
    throw new SyntaxError(`${place}: ${text} is not of the form INDEX&MASK=VALUE`);
  }
  return `{ index: ${index}, mask: ${mask}n, value: ${value}n }`;
}

/** `socket(0&0xffffffff=17)` as the value of a use of a call. */
function printUse(text: string, place: string): string {
  const [, call, args] = /^(\w+)(?:\((\S+)\))?$/.exec(text) ?? [];
  if (call === undefined) throw new SyntaxError(`${place}: ${text} is no call`);
  const printed = (args?.split('+') ?? []).map((argument) => printArgument(argument, place));
  return `{ call: '${call}', args: [${printed.join(', ')}] }`;
}

function printTexts(words: string | undefined): string {
  return `[${(words ?? '')
    .split(' ')
    .map((word) => `'${word}'`)
    .join(', ')}]`;
}

function quoted(text: string | undefined): string {
  return JSON.stringify(text ?? '');
}

function printDanger({ call = '', points, capability, danger, source }: Row): string {
  const needed = capability === '' ? '' : ` capability: '${capability ?? ''}',`;
  const facts = `points: ${points ?? ''},${needed} danger: ${quoted(danger)}, source: ${quoted(source)}`;
  return `  { use: ${printUse(call, call)}, ${facts} },`;
}

function printBypass({ calls, architecture, undoes, how, source }: Row): string {
  const on = architecture === '' ? '' : ` architecture: '${architecture ?? ''}',`;
  const facts = `undoes: ${printTexts(undoes)}, how: ${quoted(how)}, source: ${quoted(source)}`;
  return `  { calls: ${printTexts(calls)},${on} ${facts} },`;
}

function printVulnerability({ cve = '', needs = '', effect, source }: Row): string {
  const all = needs.split(' ').map(
    (some) =>
      `[${some
        .split('/')
        .map((use) => printUse(use, cve))
        .join(', ')}]`,
  );
  return `  { cve: '${cve}', needs: [${all.join(', ')}], effect: ${quoted(effect)}, source: ${quoted(source)} },`;
}

const TYPES = `
/** Bits of an argument that have a value. */
export interface ArgumentBits {
  readonly index: number;
  readonly mask: bigint;
  readonly value: bigint;
}

/** A call, with any arguments or with these. */
export interface Use {
  readonly call: string;
  readonly args: readonly ArgumentBits[];
}

/** A use that is dangerous to the node or to others on it. */
export interface Danger {
  readonly use: Use;
  /** 1 to 6. */
  readonly points: number;
  readonly capability?: string;
  readonly danger: string;
  readonly source: string;
}

/** Calls that together do what other calls do. */
export interface Bypass {
  readonly calls: readonly string[];
  readonly architecture?: string;
  readonly undoes: readonly string[];
  readonly how: string;
  readonly source: string;
}

/** A vulnerability that cannot be reached without one use of each list. */
export interface Vulnerability {
  readonly cve: string;
  readonly needs: readonly (readonly Use[])[];
  readonly effect: string;
  readonly source: string;
}
`;

function printList(name: string, type: string, table: Table, print: (row: Row) => string): string {
  const rows = sourcedRows(table).map(print);
  return `/** ${table.provenance} */\nexport const ${name}: readonly ${type}[] = [\n${rows.join('\n')}\n];\n`;
}

function printSiblings(table: Table): [string, string] {
  const list = printList('SIBLINGS', '(readonly string[])', table, ({ calls }) => `  ${printTexts(calls)},`);
  return ['src/gen/siblings.ts', `${banner(table.source)}\n${list}`];
}

/**
 * The generated TypeScript of the tables below a root, by path. Throws SyntaxError naming the table and row that are
 * malformed.
 */
export async function dangerFiles(root = PROJECT): Promise<Outputs> {
  const [dangers, bypasses, vulnerabilities] = [
    await readTable(root, 'dangers'),
    await readTable(root, 'bypasses'),
    await readTable(root, 'vulnerabilities'),
  ];
  const lists = [
    printList('DANGERS', 'Danger', dangers, printDanger),
    printList('BYPASSES', 'Bypass', bypasses, printBypass),
    printList('VULNERABILITIES', 'Vulnerability', vulnerabilities, printVulnerability),
  ];
  const sources = [dangers, bypasses, vulnerabilities].map(({ source }) => source).join(' and ');
  return new Map([
    ['src/gen/dangers.ts', `${banner(sources)}${TYPES}\n${lists.join('\n')}`],
    printSiblings(await readTable(root, 'siblings')),
  ]);
}
