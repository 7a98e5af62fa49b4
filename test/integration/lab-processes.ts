// SPDX-License-Identifier: Apache-2.0
// Which programs run for a lab: those that name its folder in their command line.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Names of the running programs of the lab in that folder. */
export function programs(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(commandOf)
    .filter((words) => words.some((word) => word.includes(folder)))
    .map(([program = '']) => path.basename(program));
}

function commandOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
