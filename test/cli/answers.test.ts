// SPDX-License-Identifier: Apache-2.0
// Answers that the launcher gives from files of the build: the same bytes as TypeScript prints, for each of them.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { answeredArguments } from '../../tools/answers.ts';

const root = path.join(import.meta.dirname, '../..');
const spoc = path.join(root, 'bin/spoc');
const main = path.join(root, 'dist/main.cjs');

describe('an answer that needs no Node.js', function () {
  this.timeout(120_000);

  it('has a file for each help, each completion and the version', () => {
    const files = answeredArguments().map((words) => words.join('+'));
    expect(readdirSync(path.join(root, 'dist/answers'))).to.have.members(files);
    expect(files).to.include.members(['help', 'run+--help', 'h+x', 'version+--json', 'completion+zsh']);
  });

  it('is what TypeScript says', () => {
    for (const words of [...answeredArguments(), []]) {
      const said = execFileSync(process.execPath, [main, 'spoc', ...words], { encoding: 'utf8' });
      expect(execFileSync(spoc, words, { encoding: 'utf8' }), words.join(' ')).to.equal(said);
    }
  });

  it('is given without Node.js', () => {
    const traced = execFileSync('strace', ['-f', '-e', 'trace=execve', spoc, 'version'], { stdio: 'pipe' });
    expect(traced.toString()).to.match(/^version:/);
    const script = 'strace -f -e trace=execve "$0" help record 2>&1 >/dev/null | grep -c execve';
    expect(execFileSync('sh', ['-c', script, spoc], { encoding: 'utf8' })).to.equal('1\n');
  });
});
