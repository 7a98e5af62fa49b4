// SPDX-License-Identifier: Apache-2.0
// The first word of the command line, as people type it: `security-profiles-operator version` is in scripts of theirs.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { VERSION } from '../../src/core/version.ts';

const main = path.join(import.meta.dirname, '../../src/main.ts');

function run(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('main', function () {
  this.timeout(120_000);

  it('prints for `version` what `spoc version` prints, as lines and as JSON', () => {
    const lines = run('version');
    expect(lines.status, lines.stderr).to.equal(0);
    expect(lines.stdout).to.match(new RegExp(`^version: +${VERSION.replaceAll('.', '\\.')}$`, 'm'));
    expect(lines).to.deep.equal(run('spoc', 'version'));
    const json = run('version', '--json');
    expect(JSON.parse(json.stdout)).to.include({ version: VERSION });
    expect(json).to.deep.equal(run('spoc', 'version', '--json'));
  });

  it('names its roles to who asks for one that there is not', () => {
    const { status, stderr } = run('versions');
    expect(status).to.equal(2);
    expect(stderr).to.match(/^no role named 'versions'; there are: spoc, version, manager, daemon\b/);
  });
});
