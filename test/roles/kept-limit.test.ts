// SPDX-License-Identifier: Apache-2.0
// The limit that a daemon finds on its node at the start: from its own file, and none from anything else there.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { ProfileDisk } from '../../src/io/disk.ts';
import { readNodeLimit } from '../../src/roles/process/kept-limit.ts';
import { keptLog } from '../fakes/operator.ts';
import type { LogLine } from '../fakes/operator.ts';

describe('roles/process/kept-limit', () => {
  let folder: string;
  let lines: LogLine[];
  const read = () => readNodeLimit(folder, keptLog(lines));

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'limit-'));
    lines = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is what was saved last, in a file that is no profile', async () => {
    const limit = await read();
    expect(limit.before).to.deep.equal({});
    await limit.save({ allowedSyscalls: ['read'] });
    await limit.save({ allowedSyscalls: ['read', 'write'] });
    expect((await read()).before).to.deep.equal({ allowedSyscalls: ['read', 'write'] });
    expect(readdirSync(folder)).to.deep.equal(['limit.json']);
    expect(await new ProfileDisk(folder).inventory()).to.deep.equal({ files: [], temporary: [], aside: [] });
    expect(lines).to.deep.equal([]);
  });

  it('is none where the file holds something else, which is logged and can be overwritten', async () => {
    writeFileSync(path.join(folder, 'limit.json'), '{"allowedSyscalls": 1}');
    const limit = await read();
    expect(limit.before).to.deep.equal({});
    expect(lines.map(({ level }) => level)).to.deep.equal(['error']);
    await limit.save({ allowedSyscalls: ['read'] });
    expect((await read()).before).to.deep.equal({ allowedSyscalls: ['read'] });
  });
});
