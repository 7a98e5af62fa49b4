// SPDX-License-Identifier: Apache-2.0
// Prints schemas/tables/syscall-groups.csv from the sets of systemd, as the installed `systemd-analyze` documents them.
// Usage: node tools/print-syscall-groups.ts > schemas/tables/syscall-groups.csv   (Debian's package systemd)
import { execFileSync } from 'node:child_process';
import { isSyscall } from '../src/core/seccomp/syscalls.ts';

/** Every call there is, which is no group for reading. */
const ALL = '@known';

/** The members of each set by its name, other sets among them, as `systemd-analyze syscall-filter` prints them. */
export function printedSets(text: string): ReadonlyMap<string, readonly string[]> {
  const sets = new Map<string, string[]>();
  let members: string[] | undefined;
  for (const line of text.split('\n')) {
    const word = line.trim();
    if (line.startsWith('@')) sets.set(word, (members = []));
    else if (/^ +[@a-z_]/.test(line)) members?.push(word);
    else if (word === '') members = undefined;
  }
  return sets;
}

/** The calls of a set, with those of the sets in it. */
function callsOf(sets: ReadonlyMap<string, readonly string[]>, name: string): readonly string[] {
  const members = sets.get(name) ?? [];
  return members.flatMap((member) => (member.startsWith('@') ? callsOf(sets, member) : [member]));
}

function main(): void {
  const analyze = (...words: readonly string[]): string =>
    execFileSync('systemd-analyze', [...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [, version = ''] = /^systemd \d+ \((.+)\)/.exec(analyze('--version')) ?? [];
  if (version === '') throw new Error('systemd-analyze tells no version');
  const sets = printedSets(analyze('--no-pager', 'syscall-filter'));
  const rows = [...sets.keys()]
    .filter((name) => name !== ALL)
    .sort()
    .map((name) => `${name},${[...new Set(callsOf(sets, name))].filter(isSyscall).sort().join(' ')}`);
  console.log(
    `# Groups of system calls for reading: the sets of systemd (SystemCallFilter= of systemd.exec), as systemd-analyze ` +
      `syscall-filter of Debian's systemd ${version} prints them. Printed by tools/print-syscall-groups.ts; without ` +
      `${ALL}; sets inside of sets are resolved; calls of architectures that syscalls.csv does not have are left out`,
  );
  console.log(['group,calls', ...rows].join('\n'));
}

if (import.meta.main) main();
