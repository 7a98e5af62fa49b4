// SPDX-License-Identifier: Apache-2.0
// spoc's code cache: V8 takes it, and spoc works without it.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const dist = path.join(import.meta.dirname, '../../dist');

/** A profile that only the library reads. */
const NOT_PLAIN = `apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata: { name: flow }
spec: { defaultAction: SCMP_ACT_ERRNO }
`;

describe("the code cache of spoc's bundle", function () {
  this.timeout(120_000);
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
    // In a process of its own: V8 rejects every cache once another test has set one of its flags.
    const program = `const { readFileSync } = require('node:fs');
      const [text, cachedData] = process.argv.slice(1).map((file) => readFileSync(file));
      console.log(new (require('node:vm').Script)(String(text), { cachedData }).cachedDataRejected);`;
    const args = ['--eval', program, path.join(folder, 'roles/spoc.code.cjs'), cache];
    expect(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout).to.equal('false\n');
  });

  it('goes without the library of YAML, which is beside it', () => {
    const profile = path.join(folder, 'profile.yaml');
    writeFileSync(profile, NOT_PLAIN);
    const words = [path.join(folder, 'main.cjs'), 'spoc', 'score', profile];
    expect(spawnSync(process.execPath, words, { encoding: 'utf8' }).stderr).to.equal('');
    rmSync(path.join(folder, 'io/yaml-library.cjs'));
    expect(spawnSync(process.execPath, words, { encoding: 'utf8' }).stderr).to.include('yaml-library');
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
