// SPDX-License-Identifier: Apache-2.0
// A text that one process of a pod gives to another.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readPage, servePage } from '../../src/io/local-page.ts';

describe('io/local-page', function () {
  this.timeout(120_000);
  let folder: string;
  let socket: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-page-'));
    socket = path.join(folder, 'page.sock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const silent = (): void => undefined;

  it('is read as it is now, in the place of what a process of before has left', async () => {
    writeFileSync(socket, 'left behind');
    let count = 0;
    const close = await servePage(socket, async () => `${'x'.repeat(1 << 20)}${(count += 1)}\n`, silent);
    expect(await readPage(socket)).to.match(/^x{1048576}1\n$/);
    expect(await readPage(socket)).to.match(/x2\n$/);
    await close();
    expect(await readPage(socket).catch(String)).to.match(/ENOENT|ECONNREFUSED/);
  });

  it('tells of a page that cannot be made', async () => {
    const errors: unknown[] = [];
    const close = await servePage(
      socket,
      () => Promise.reject(new Error('no page')),
      (error) => errors.push(error),
    );
    await readPage(socket).catch(silent);
    expect(String(errors[0])).to.equal('Error: no page');
    await close();
  });

  it('does not wait for ever', async () => {
    const server = createServer(silent).listen(socket);
    expect(await readPage(socket).catch(String)).to.include('does not answer in time');
    server.close();
  });
});
