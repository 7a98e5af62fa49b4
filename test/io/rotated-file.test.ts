// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { RotatedFile } from '../../src/io/rotated-file.ts';

const DAY = 86_400_000;

describe('io/rotated-file', () => {
  let folder: string;
  let time: number;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-rotated-'));
    time = Date.parse('2026-01-01T00:00:00Z');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = () => Object.fromEntries(readdirSync(folder).map((name) => [name, textOf(name)]));
  const textOf = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const file = (maxBackups: number, maxAgeMs?: number) =>
    new RotatedFile(path.join(folder, 'a.log'), { maxSize: 8, maxBackups, maxAgeMs }, () => (time += 1000));

  it('puts a file aside when the next line would make it too large, and goes on after a restart', async () => {
    const first = file(10);
    await Promise.all(['abc', 'def', 'ghi'].map((line) => first.write(line)));
    await file(10).write('longer than a file');
    expect(read()).to.deep.equal({
      'a-2026-01-01T00-00-01.000Z.log': 'abc\ndef\n',
      'a-2026-01-01T00-00-03.000Z.log': 'ghi\n',
      'a.log': 'longer than a file\n',
    });
  });

  it('keeps the newest, none that is too old, and leaves other files alone', async () => {
    writeFileSync(path.join(folder, 'a-notes.log'), '');
    writeFileSync(path.join(folder, 'a-2025-12-30T00-00-00.000Z.log'), 'old');
    const aged = file(10, DAY);
    await aged.write('1234567');
    await aged.write('2345678');
    expect(Object.keys(read())).to.deep.equal(['a-2026-01-01T00-00-01.000Z.log', 'a-notes.log', 'a.log']);
    const few = file(1);
    for (const line of ['3456789', '4567890', '5678901']) await few.write(line);
    expect(Object.values(read())).to.deep.equal(['4567890\n', '', '5678901\n']);
  });

  it('says that a line is lost, and writes the next one', async () => {
    const missing = path.join(folder, 'later');
    const lost = new RotatedFile(
      path.join(missing, 'a.log'),
      { maxSize: 8, maxBackups: 1, maxAgeMs: undefined },
      () => 0,
    );
    const failure = await lost.write('one').catch(String);
    expect(failure).to.include('ENOENT').and.include('later/a.log');
    await lost.settled();
  });
});
