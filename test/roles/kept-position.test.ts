// SPDX-License-Identifier: Apache-2.0
// The place up to which the log enricher has read, over a restart.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Log } from '../../src/core/log.ts';
import { SILENT } from '../../src/core/log.ts';
import { until } from '../fakes/operator.ts';
import { KeptPosition } from '../../src/roles/process/kept-position.ts';

describe('roles/process/kept-position', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-position-'));
    file = path.join(folder, 'position');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is there for the next one', async () => {
    const first = await KeptPosition.open(file, SILENT);
    expect(first.latest).to.equal(undefined);
    const before = Date.now();
    expect(first.keptAt).to.equal(undefined);
    first.keep('1:2:3');
    first.keep('1:2:4');
    await first.save();
    await first.save();
    const { latest, keptAt } = await KeptPosition.open(file, SILENT);
    expect(latest).to.equal('1:2:4');
    expect(keptAt).to.be.within(before, Date.now());
  });

  it('tells which containers the one before had in hand', async () => {
    const keys = ['0123456789abc', 'fedcba9876543'];
    let unwritten: readonly string[] = keys;
    const first = await KeptPosition.open(file, SILENT, () => unwritten);
    first.keep('1:2:3');
    await first.save();
    expect((await KeptPosition.open(file, SILENT)).unwritten).to.deep.equal(keys);
    unwritten = [];
    await first.close();
    const { unwritten: none, latest } = await KeptPosition.open(file, SILENT);
    expect([none, latest]).to.deep.equal([[], '1:2:3']);
  });

  it('writes the first one at once, by itself', async () => {
    const first = await KeptPosition.open(file, SILENT);
    first.keep('1:2:3');
    first.keep('1:2:4');
    await until('it is written', () => existsSync(file) && readFileSync(file, 'utf8').startsWith('1:2:4 '));
    await first.close();
  });

  it('writes nothing where nothing is new', async () => {
    const first = await KeptPosition.open(file, SILENT);
    first.keep('1:2:3');
    await first.save();
    writeFileSync(file, 'as it was');
    await first.close();
    expect(readFileSync(file, 'utf8')).to.equal('as it was');
  });

  it('takes the file of an earlier version, which does not tell that', async () => {
    writeFileSync(file, '1:2:3 1000000\n');
    const { latest, keptAt, unwritten } = await KeptPosition.open(file, SILENT);
    expect({ latest, keptAt, unwritten }).to.deep.equal({ latest: '1:2:3', keptAt: 1_000_000, unwritten: [] });
  });

  function listening(): { readonly said: string[]; readonly log: Log } {
    const said: string[] = [];
    const log: Log = { ...SILENT, error: (message) => said.push(message), warn: (message) => said.push(message) };
    return { said, log };
  }

  it('is not needed, but said, where it cannot be read, and what is in its way is moved aside', async () => {
    const { said, log } = listening();
    mkdirSync(file);
    const position = await KeptPosition.open(file, log);
    expect(position.latest).to.equal(undefined);
    expect(said).to.have.lengthOf(1);
    position.keep('1:2:3');
    await position.save();
    expect(said).to.have.lengthOf(1);
    expect((await KeptPosition.open(file, log)).latest).to.equal('1:2:3');
  });

  it('is not needed, but said, where it cannot be written', async () => {
    const { said, log } = listening();
    const position = await KeptPosition.open(path.join(folder, 'missing', 'position'), log);
    position.keep('1:2:3');
    await position.save();
    expect(said).to.deep.equal(['it cannot be kept how far was read']);
  });
});
