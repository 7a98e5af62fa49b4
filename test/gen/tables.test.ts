// SPDX-License-Identifier: Apache-2.0
// The tables of groups and of values that runtimes use, and their printers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { NARROWED_CALLS } from '../../src/core/adaptation/observed-values.ts';
import { isSyscall } from '../../src/core/seccomp/syscalls.ts';
import { BASE_SYSCALLS } from '../../src/gen/base-syscalls.ts';
import { BASE_VALUES } from '../../src/gen/base-values.ts';
import { SYSCALL_GROUPS } from '../../src/gen/syscall-groups.ts';
import { baseValueFiles } from '../../tools/gen/base-values.ts';
import { groupFiles } from '../../tools/gen/syscall-groups.ts';
import { printedSets } from '../../tools/print-syscall-groups.ts';

describe('the tables of groups and values', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'tables-'));
    mkdirSync(path.join(root, 'schemas/tables'), { recursive: true });
  });

  afterEach(() => rmSync(root, { recursive: true }));

  async function printed(
    print: (root: string) => Promise<ReadonlyMap<string, string>>,
    name: string,
    ...lines: readonly string[]
  ): Promise<string> {
    writeFileSync(path.join(root, `schemas/tables/${name}.csv`), `${['# from x', ...lines].join('\n')}\n`);
    return print(root).then((files) => [...files.values()].join(''), String);
  }

  it('have calls that there are, and of each narrowed base call the values', () => {
    const words = Object.values(SYSCALL_GROUPS).flatMap((calls) => calls.split(' '));
    expect(words.filter((call) => !isSyscall(call))).to.deep.equal([]);
    const narrowed = BASE_SYSCALLS.filter((call) => Object.hasOwn(NARROWED_CALLS, call));
    expect([...new Set(BASE_VALUES.map(({ call }) => call))]).to.deep.equal(narrowed);
    for (const { call, values } of BASE_VALUES) expect([...values.keys()]).to.deep.equal(NARROWED_CALLS[call]);
  });

  it('read the sets of systemd', () => {
    const text = '@a\n    # About a\n    read\n    @b\n\n@b\n    # About b\n    write\n\n# Others:\n#   open\n';
    expect([...printedSets(text)]).to.deep.equal([
      ['@a', ['read', '@b']],
      ['@b', ['write']],
    ]);
  });

  it('refuse a group without calls', async () => {
    expect(await printed(groupFiles, 'syscall-groups', 'group,calls', '@a,read write')).to.include(
      "'@a':\n    'read write'",
    );
    expect(await printed(groupFiles, 'syscall-groups', 'group,calls', '@a,')).to.equal(
      'SyntaxError: schemas/tables/syscall-groups.csv: row 3 is no group with its calls',
    );
  });

  it('refuse values of another form, and those that nobody has seen', async () => {
    const header = 'call,arguments,name,source';
    expect(await printed(baseValueFiles, 'base-values', header, 'mmap,2=0+3=0x22,PRIVATE,seen: x')).to.include(
      "{ call: 'mmap', values: new Map([[2, 0n], [3, 0x22n]]) }, // PRIVATE",
    );
    expect(await printed(baseValueFiles, 'base-values', header, 'mmap,2,PRIVATE,seen: x')).to.equal(
      'SyntaxError: schemas/tables/base-values.csv: row 3: 2 is not PLACE=VALUE',
    );
    expect(await printed(baseValueFiles, 'base-values', header, 'mmap,2=0,PRIVATE,')).to.equal(
      'SyntaxError: schemas/tables/base-values.csv: row 3 does not say where it was seen',
    );
  });
});
