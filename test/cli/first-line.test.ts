// SPDX-License-Identifier: Apache-2.0
// Where a command and spoc write to the same file, the line that names the command comes before everything that the
// command writes.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const spoc = path.join(import.meta.dirname, '../../bin/spoc');
const rounds = 50;

describe('the line "Running command with PID"', function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'first-line-'));
    writeFileSync(path.join(folder, 'profile.json'), JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' }));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const way of ['run -p profile.json', 'record -n -o recorded.yaml']) {
    it(`comes first in each of ${String(rounds)} calls of spoc ${way} echo`, () => {
      // Both streams are one pipe, so that the order of the lines is the order in which they were written.
      const script = `for i in $(seq ${String(rounds)}); do "$0" ${way} echo at once; done 2>&1`;
      const { stdout, status } = spawnSync('sh', ['-c', script, spoc], { cwd: folder, encoding: 'utf8' });
      expect(status, stdout).to.equal(0);
      const order = stdout.split('\n').flatMap((line) => /Running command|^at once$/.exec(line)?.[0] ?? []);
      expect(order).to.deep.equal(Array.from({ length: rounds }).flatMap(() => ['Running command', 'at once']));
    });
  }
});
