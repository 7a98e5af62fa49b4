// SPDX-License-Identifier: Apache-2.0
// A file that is exchanged as a whole, among what a stranger may put in its place.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { StateFile } from '../../src/io/state-file.ts';

const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => String(error),
  );

describe('io/state-file', () => {
  let folder: string;
  let file: StateFile;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'state-'));
    file = new StateFile(path.join(folder, 'limit.json'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps what was written last, and leaves nothing beside it', async () => {
    expect(await file.read()).to.equal(undefined);
    await file.write('one');
    await file.write('2');
    expect(await new StateFile(file.path).read()).to.equal('2');
    expect(readdirSync(folder)).to.deep.equal(['limit.json']);
  });

  it('takes the draft of a process that died in the middle of it', async () => {
    writeFileSync(path.join(folder, '.limit.json.tmp'), 'a longer draft of before');
    await file.write('new');
    expect(await file.read()).to.equal('new');
  });

  it('follows no link, neither to read nor to write', async () => {
    const target = path.join(folder, 'target');
    writeFileSync(target, 'theirs');
    symlinkSync(target, file.path);
    expect(await failure(file.read())).to.include('ELOOP');
    await file.write('ours');
    expect(await file.read()).to.equal('ours');
    symlinkSync(target, path.join(folder, '.limit.json.tmp'));
    await file.write('again');
    expect(await file.read()).to.equal('again');
    expect(readFileSync(target, 'utf8')).to.equal('theirs');
  });

  it('refuses what is no file, or a huge one', async () => {
    mkdirSync(file.path);
    expect(await failure(file.read())).to.include('is no file of ours');
    rmSync(file.path, { recursive: true });
    writeFileSync(file.path, '');
    truncateSync(file.path, 2 ** 21);
    expect(await failure(file.read())).to.include('is no file of ours');
  });
});
