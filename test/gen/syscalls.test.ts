// SPDX-License-Identifier: Apache-2.0
// The printer of the tables: compact text, and a sentence for each way in which a table can be malformed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { syscallFiles } from '../../tools/gen/syscalls.ts';

const ARCHITECTURES =
  '# from x\nname,token,goarch,table,host\nSCMP_ARCH_X86_64,0xc000003e,amd64,x86_64,SCMP_ARCH_X86_64\n';
const BASE =
  '# from y\nname,start,exec,go,omitted\nread,runc-1 crun-2,runc-1,,\nmmap,,,go1,\nfsopen,,runc-1,,not needed\n';
const KERNEL = '# from v\nname,cause,source\nexit,a thread ends,seen\n';
const OLDER = '# from w\nname,older,source\nclone3,clone fork,libc\n';

describe('syscallFiles()', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'tables-'));
    mkdirSync(path.join(root, 'schemas/tables'), { recursive: true });
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  async function print(syscalls: string): Promise<ReadonlyMap<string, string>> {
    const tables = {
      syscalls,
      architectures: ARCHITECTURES,
      'base-syscalls': BASE,
      'kernel-syscalls': KERNEL,
      'older-syscalls': OLDER,
    };
    for (const [name, text] of Object.entries(tables))
      writeFileSync(path.join(root, `schemas/tables/${name}.csv`), text);
    return syscallFiles(root);
  }

  const failure = (syscalls: string) => print(syscalls).then(String, (error: unknown) => String(error));

  it('packs the numbers of each architecture into one text', async () => {
    const files = await print('# from z\nname,a,b\nclose,3,\nread,0,9\nwrite,1,10\n');
    expect([...files.keys()]).to.deep.equal([
      'src/gen/syscalls.ts',
      'src/gen/architectures.ts',
      'src/gen/base-syscalls.ts',
      'src/gen/unseen-syscalls.ts',
    ]);
    const text = files.get('src/gen/syscalls.ts');
    expect(text).to.match(/^\/\/ Generated from schemas\/tables\/syscalls\.csv by npm run gen\. Do not edit\.\n/);
    expect(text).to.include("export type TableName = 'a' | 'b';");
    expect(text).to.include("  a:\n    'read write @3 close',\n  b:\n    '@9 read write',\n");
  });

  it('says where each base system call was seen, and leaves out those that are not needed', async () => {
    const text = (await print('# from z\nname,a\nread,0\n')).get('src/gen/base-syscalls.ts');
    expect(text).to.include("  'read', // start: runc-1 crun-2; exec: runc-1\n  'mmap', // go: go1\n];");
  });

  it('has unseen calls with their cause, and newer ones with their older forms', async () => {
    const text = (await print('# from z\nname,a\nread,0\n')).get('src/gen/unseen-syscalls.ts');
    expect(text).to.include("  'exit', // a thread ends\n").and.include("  clone3: ['clone', 'fork'],\n");
  });

  it('wants the source of the numbers in the first line', async () => {
    expect(await failure('name,a\nread,0\n')).to.equal(
      'SyntaxError: schemas/tables/syscalls.csv: the first line must say where the numbers come from',
    );
  });

  it('wants every row as long as the header', async () => {
    expect(await failure('# from z\nname,a\nread,0\nwrite\n')).to.equal(
      'SyntaxError: schemas/tables/syscalls.csv: row 4 has not 2 columns',
    );
  });

  it('takes no name and no number twice', async () => {
    expect(await failure('# from z\nname,a,b\nread,0,\nwrite,1,\nread,,5\n')).to.equal(
      'SyntaxError: schemas/tables/syscalls.csv: rows 3 and 5 have the same name, read',
    );
    expect(await failure('# from z\nname,a,b\nread,0,7\nwrite,1,7\n')).to.equal(
      'SyntaxError: schemas/tables/syscalls.csv: rows 3 and 4 have the same b, 7',
    );
  });
});
