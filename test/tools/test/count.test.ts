// SPDX-License-Identifier: Apache-2.0
// The numbers in the last line of `npm test`, from what mocha really prints.
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { add, closingLine, countMocha, failureText, judged, passedSoFar, words } from '../../../tools/test/count.ts';

const mocha = path.join(import.meta.dirname, '../../../node_modules/.bin/mocha');
const content = `
  it('goes well', () => undefined);
  it('goes well, too', () => undefined);
  it('goes wrong', () => { throw new Error('as it must'); });
  it('is for later');
`;

describe('countMocha()', () => {
  let folder: string;
  let output: string;
  let status: number;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'count-'));
    const file = path.join(folder, 'some.test.mjs');
    await writeFile(file, content);
    const ended: unknown = await promisify(execFile)(mocha, ['--no-config', '--reporter', 'spec', file]).catch(
      (error: unknown) => error,
    );
    ({ stdout: output, code: status } = ended as { stdout: string; code: number });
  });

  after(() => rm(folder, { recursive: true }));

  it('reads how many tests passed, failed and were skipped', () => {
    expect(countMocha(output, status)).to.deep.equal({ passed: 2, failed: 1, skipped: 1 });
    expect(passedSoFar(output)).to.equal(2);
    expect(passedSoFar('    \u001b[32m✔\u001b[39m in colours\n')).to.equal(1);
  });

  it('counts a run that broke off as a failure', () => {
    expect(countMocha('  suite\n    ✔ one\n', 1)).to.deep.equal({ passed: 0, failed: 1, skipped: 0 });
    expect(countMocha('  5 passing (3s)\n', 1)).to.deep.equal({ passed: 5, failed: 1, skipped: 0 });
    expect(countMocha('  5 passing (3s)\n', 0)).to.deep.equal({ passed: 5, failed: 0, skipped: 0 });
  });

  it('finds what is said of failures', () => {
    expect(failureText(output)).to.match(/^ +1 failing\n[^]*as it must/);
    expect(failureText('x'.repeat(5000))).to.equal('x'.repeat(2000));
  });
});

describe('the last line of npm test', () => {
  const count = { passed: 3, failed: 1, skipped: 2 };

  it('has the sum', () => {
    expect(closingLine(add(count, count))).to.equal('6 passed, 2 failed, 4 skipped');
    expect(words({ ...count, failed: 0 })).to.equal('3 passed, 2 skipped');
  });

  it('takes what could not run for failed on CI, and only there', () => {
    expect(judged(count, true)).to.deep.equal({ passed: 3, failed: 3, skipped: 0 });
    expect(judged(count, false)).to.deep.equal(count);
  });
});
