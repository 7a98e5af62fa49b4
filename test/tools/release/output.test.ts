// SPDX-License-Identifier: Apache-2.0
// The folder of a release is emptied, so no other folder is taken for it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';

const PROGRAM = path.join(import.meta.dirname, '../../../tools/release/main.ts');

describe('the folder of a release', () => {
  it('is none that has other files', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spo-release-'));
    try {
      const mine = path.join(folder, 'mine');
      writeFileSync(mine, 'x');
      const words = [PROGRAM, '--dry-run', '--output', folder];
      const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      expect(status).to.equal(1);
      expect(stderr).to.include(`--output ${folder}: has files that are not of a release`);
      expect(existsSync(mine)).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
