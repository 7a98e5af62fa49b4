// SPDX-License-Identifier: Apache-2.0
// Prints the arguments with which container runtimes make their base system calls.
import path from 'node:path';
import { banner } from './outputs.ts';
import type { Outputs } from './outputs.ts';
import { readTable } from './syscalls.ts';

const PROJECT = path.join(import.meta.dirname, '../..');

/**
 * The generated TypeScript of the values below a root, by path.
 *
 * @throws SyntaxError for arguments of another form, and for a row that does not say where they were seen
 */
export async function baseValueFiles(root = PROJECT): Promise<Outputs> {
  const { source, provenance, rows } = await readTable(root, 'base-values');
  const lines = rows.map(([call = '', values = '', name = '', seen = ''], index) => {
    const place = `${source}: row ${String(index + 3)}`;
    if (!/^(?:seen|sources): ./.test(seen)) throw new SyntaxError(`${place} does not say where it was seen`);
    const printed = values.split('+').map((value) => {
      const [, at, number] = /^([0-5])=(0x[0-9a-f]+|\d+)$/.exec(value) ?? [];
      if (at === undefined || number === undefined) throw new SyntaxError(`${place}: ${value} is not PLACE=VALUE`);
      return `[${at}, ${number}n]`;
    });
    return `  { call: '${call}', values: new Map([${printed.join(', ')}]) }, // ${name}`;
  });
  const text = `${banner(source)}
/** Arguments of a base system call, by place from 0. */
export interface BaseValues {
  readonly call: string;
  readonly values: ReadonlyMap<number, bigint>;
}

/** ${provenance} */
export const BASE_VALUES: readonly BaseValues[] = [
${lines.join('\n')}
];
`;
  return new Map([['src/gen/base-values.ts', text]]);
}
