// SPDX-License-Identifier: Apache-2.0
// The supply chain, as far as it can be looked at without a network: licences and hashes of packages, the judgement of
// a pin's age, sums of a release, and what is used of the framework, so that it could be replaced within a day.
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { licenceFaults, runtimePackages } from '../../../tools/supply-chain/licences.ts';
import type { Lock } from '../../../tools/supply-chain/licences.ts';
import { ageFault, binaryFault, sumOf } from '../../../tools/supply-chain/node-release.ts';

const root = path.join(import.meta.dirname, '../../..');
const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as Lock;

describe('packages at run time', () => {
  it('are under licences that ask for a copy of their text only', () => {
    expect(licenceFaults(lock)).to.deep.equal([]);
    const strange = { 'node_modules/a': { license: 'GPL-3.0' }, 'node_modules/b': { license: '(MIT OR GPL-3.0)' } };
    expect(licenceFaults({ packages: strange })).to.deep.equal(['node_modules/a is under GPL-3.0']);
    expect(licenceFaults({ packages: { 'node_modules/c': {} } })).to.have.length(1);
  });

  it('are each pinned by a hash', () => {
    const packages = runtimePackages(lock);
    expect(packages.length).to.be.greaterThan(10);
    expect(packages.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))).to.deep.equal([]);
  });
});

describe('the framework that handlers register with', () => {
  it('is asked for a class, its words for events and a few types, by three files', () => {
    const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const imports = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const text = readFileSync(path.join(root, 'src', file), 'utf8');
        return Array.from(
          text.matchAll(/^import (.*) from '@dot-i\/k8s-operator.*';$/gm),
          ([, what]) => `${file}: ${what ?? ''}`,
        );
      });
    expect(imports.sort()).to.deep.equal(FRAMEWORK_IMPORTS);
  });
});

describe('the age of a pin', () => {
  const times = {
    '24.1.0': '2026-01-01',
    '24.2.0': '2026-02-01',
    '24.10.0': '2026-03-01',
    '26.0.0': '2026-01-01',
    modified: '',
  };
  const on = (date: string) => Date.parse(date);

  it('is told when its line has had something newer for more than two weeks', () => {
    expect(ageFault('24.1.0', times, on('2026-02-10'))).to.equal(undefined);
    expect(ageFault('24.1.0', times, on('2026-02-20'))).to.equal('24.1.0 is pinned, and 24.2.0 is there for 19 days');
    expect(ageFault('24.10.0', times, on('2027-01-01'))).to.equal(undefined);
  });
});

describe('the program of a release', () => {
  const version = '1.2.3';
  const name = `node-v${version}-linux-x64`;
  let folder: string;
  let archive: Buffer;
  let sums: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'release-'));
    mkdirSync(path.join(folder, name, 'bin'), { recursive: true });
    writeFileSync(path.join(folder, name, 'bin/node'), 'the program');
    execFileSync('tar', ['-czf', 'archive', name], { cwd: folder });
    archive = readFileSync(path.join(folder, 'archive'));
    sums = `00  other.tar.gz\n${createHash('sha256').update(archive).digest('hex')}  ${name}.tar.gz\n`;
  });

  after(() => rmSync(folder, { recursive: true }));

  const fault = (text: string, list = sums): Promise<string | undefined> => {
    const binary = path.join(folder, 'binary');
    writeFileSync(binary, text);
    const fetch = (url: string) => Promise.resolve(url.endsWith('.txt') ? Buffer.from(list) : archive);
    return binaryFault(binary, { version, arch: 'x64' }, fetch);
  };

  it('is the one of the archive that the published sum is of', async () => {
    expect(await fault('the program')).to.equal(undefined);
    expect(await fault('another')).to.match(/is not the program of node-v1\.2\.3-linux-x64\.tar\.gz$/);
    expect(await fault('the program', `00  ${name}.tar.gz`)).to.match(/is not what its published sum says/);
    expect(await fault('the program', '')).to.match(/publishes no sum/);
    expect(sumOf(sums, 'other.tar.gz')).to.equal('00');
  });
});

/** The base class, the words for its events, and types. */
const FRAMEWORK_IMPORTS = [
  'runtime/event-reconcile.ts: type { ResourceEvent, ResourceMeta }',
  'runtime/event-reconcile.ts: { ResourceEventType }',
  'runtime/spo-operator.ts: framework',
  'runtime/spo-operator.ts: type { OperatorLogger, ResourceEvent, ResourceMeta }',
  'runtime/typed.ts: type { ResourceEvent }',
];
