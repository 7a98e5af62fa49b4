// SPDX-License-Identifier: Apache-2.0
// The printer of the tables of dangers refuses rows that nobody could check.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { dangerFiles } from '../../tools/gen/dangers.ts';

const HEADERS = {
  dangers: 'call,points,capability,danger,source,date',
  bypasses: 'calls,architecture,undoes,how,source,date',
  vulnerabilities: 'cve,needs,effect,source,date',
  siblings: 'calls,source,date',
};

describe('dangerFiles()', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'tables-'));
    mkdirSync(path.join(root, 'schemas/tables'), { recursive: true });
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  async function print(rows: Partial<Record<keyof typeof HEADERS, string>>): Promise<string> {
    for (const [name, header] of Object.entries(HEADERS)) {
      const row = rows[name as keyof typeof HEADERS];
      const text = ['# from x', header, ...(row === undefined ? [] : [row])].join('\n');
      writeFileSync(path.join(root, `schemas/tables/${name}.csv`), `${text}\n`);
    }
    return dangerFiles(root).then((files) => [...files.values()].join(''), String);
  }

  it('prints uses with their arguments', async () => {
    const text = await print({
      dangers: 'socket(0&0xffffffff=17+2&0xf=3),2,CAP_NET_RAW,raw,https://a.example/x,2026-01-02',
      bypasses: 'a b,SCMP_ARCH_X86,c d,so,https://a.example/x,2026-01-02',
      vulnerabilities: 'CVE-2020-1111,a/b c,root,https://a.example/x,2026-01-02',
      siblings: 'a b,https://a.example/x,2026-01-02',
    });
    expect(text).to.include(
      "{ use: { call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 17n }, { index: 2, mask: 0xfn, value: 3n }] }",
    );
    expect(text).to.include("{ calls: ['a', 'b'], architecture: 'SCMP_ARCH_X86', undoes: ['c', 'd'], how: \"so\"");
    expect(text).to.include("needs: [[{ call: 'a', args: [] }, { call: 'b', args: [] }], [{ call: 'c', args: [] }]]");
    expect(text).to.include("export const SIBLINGS: readonly (readonly string[])[] = [\n  ['a', 'b'],\n];");
  });

  it('refuses a row without a source or a date', async () => {
    expect(await print({ dangers: 'bpf,6,,bad,,2026-01-02' })).to.equal(
      'SyntaxError: schemas/tables/dangers.csv: row 3 has no source that one can open',
    );
    expect(await print({ vulnerabilities: 'CVE-2020-1111,bpf,root,https://a.example/x,' })).to.equal(
      'SyntaxError: schemas/tables/vulnerabilities.csv: row 3 has no date',
    );
  });

  it('refuses arguments of another form', async () => {
    expect(await print({ dangers: 'bpf(0=1),6,,bad,https://a.example/x,2026-01-02' })).to.equal(
      'SyntaxError: bpf(0=1): 0=1 is not of the form INDEX&MASK=VALUE',
    );
    expect(await print({ dangers: 'b-pf,6,,bad,https://a.example/x,2026-01-02' })).to.equal(
      'SyntaxError: b-pf: b-pf is no call',
    );
  });
});
