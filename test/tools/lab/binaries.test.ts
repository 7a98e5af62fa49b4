// SPDX-License-Identifier: Apache-2.0
// Where the lab takes its programs from, with scripts in the place of programs.
import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { provide } from '../../../tools/lab/binaries.ts';
import { cachedFile } from '../../../tools/lab/build.ts';
import type { Program } from '../../../tools/lab/programs.ts';

const program: Program = {
  name: 'lab-test-program',
  module: 'node',
  package: 'example.com/none',
  version: '1.37.2',
  versionArgs: ['--version'],
  cgo: false,
  tags: [],
  ldflags: [],
  seconds: 1,
};

describe('provide()', () => {
  const variables = ['PATH', 'KUBEBUILDER_ASSETS', 'XDG_CACHE_HOME'] as const;
  const saved = variables.map((name) => [name, process.env[name]] as const);
  let folder: string;
  let said: string[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lab-binaries-'));
    said = [];
    delete process.env['KUBEBUILDER_ASSETS'];
    process.env['XDG_CACHE_HOME'] = path.join(folder, 'cache');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
    for (const [name, value] of saved) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  function script(file: string, version: string): string {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho "program v${version}"\n`);
    chmodSync(file, 0o755);
    return file;
  }

  async function provided(): Promise<string> {
    await provide([program], path.join(folder, 'bin'), (line) => said.push(line));
    return readlinkSync(path.join(folder, 'bin', program.name));
  }

  const inAssets = (version: string): string => {
    process.env['KUBEBUILDER_ASSETS'] = path.join(folder, 'assets');
    return script(path.join(folder, 'assets', program.name), version);
  };

  const onPath = (version: string): string => {
    process.env['PATH'] = `${path.join(folder, 'path')}:${process.env['PATH'] ?? ''}`;
    return script(path.join(folder, 'path', program.name), version);
  };

  it('takes what KUBEBUILDER_ASSETS holds before anything else', async () => {
    script(cachedFile(program), '1.37.2');
    onPath('1.37.2');
    expect(await provided()).to.equal(cachedFile(program));
    const file = inAssets('1.37.9');
    expect(await provided()).to.equal(file);
    expect(said).to.deep.equal([]);
  });

  it('warns of another release series in KUBEBUILDER_ASSETS, and takes it', async () => {
    const file = inAssets('1.30.1');
    expect(await provided()).to.equal(file);
    expect(said).to.deep.equal([`warning: ${file} is of version 1.30.1, the lab is made for 1.37.2`]);
  });

  it('takes what is on PATH when it is of the same release series', async () => {
    const file = onPath('1.37.0');
    expect(await provided()).to.equal(file);
  });

  it('does not take another release series from PATH, and says so', async () => {
    const file = onPath('1.36.3');
    const fault = await provided().catch((error: unknown) => error);
    expect(said[0]).to.equal(`warning: ${file} is of version 1.36.3, not 1.37.2: not used`);
    expect(fault).to.be.instanceOf(Error);
  });

  it('never takes the unfinished file of a build', async () => {
    script(`${cachedFile(program)}.123.part`, '1.37.2');
    const fault = await provided().catch((error: unknown) => error);
    expect(fault)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.matches(/example\.com\/none|Go 1\./);
  });
});
