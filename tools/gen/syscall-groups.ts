// SPDX-License-Identifier: Apache-2.0
// Prints the groups of system calls by which people read profiles.
import path from 'node:path';
import { banner } from './outputs.ts';
import type { Outputs } from './outputs.ts';
import { readTable } from './syscalls.ts';

const PROJECT = path.join(import.meta.dirname, '../..');

/**
 * The generated TypeScript of the groups below a root, by path. Calls are one text each, as a list of 900 words takes
 * longer to load.
 *
 * @throws SyntaxError for a group without a name or calls
 */
export async function groupFiles(root = PROJECT): Promise<Outputs> {
  const { source, provenance, rows } = await readTable(root, 'syscall-groups');
  const lines = rows.map(([name = '', calls = ''], index) => {
    const isWhole = /^@[a-z-]+$/.test(name) && /^\w+(?: \w+)*$/.test(calls);
    if (!isWhole) throw new SyntaxError(`${source}: row ${String(index + 3)} is no group with its calls`);
    return `  '${name}':\n    '${calls}',`;
  });
  const text = `${banner(source)}
/** ${provenance} */
export const SYSCALL_GROUPS: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`;
  return new Map([['src/gen/syscall-groups.ts', text]]);
}
