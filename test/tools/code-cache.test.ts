// SPDX-License-Identifier: Apache-2.0
// spoc's code cache: V8 takes it, and spoc works without it.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';

const dist = path.join(import.meta.dirname, '../../dist');

describe("the code cache of spoc's bundle", function () {
  this.timeout(20_000);
  let folder: string;
  let cache: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'code-cache-'));
    cache = path.join(folder, 'roles/spoc.code.cache');
    cpSync(dist, folder, { recursive: true });
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function version() {
    const words = [path.join(folder, 'main.cjs'), 'spoc', 'version', '--json'];
    return spawnSync(process.execPath, words, { encoding: 'utf8' });
  }

  it('is one that V8 takes', () => {
    const text = readFileSync(path.join(folder, 'roles/spoc.code.cjs'), 'utf8');
    expect(new Script(text, { cachedData: readFileSync(cache) }).cachedDataRejected).to.equal(false);
  });

  it('is not needed, nor need it be whole', () => {
    const { stdout } = version();
    expect(JSON.parse(stdout)).to.have.property('version');
    for (const spoil of [() => writeFileSync(cache, 'rotten'), () => rmSync(cache)]) {
      spoil();
      expect(version()).to.include({ status: 0, stderr: '', stdout });
    }
  });
});
