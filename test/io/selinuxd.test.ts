// SPDX-License-Identifier: Apache-2.0
// The socket of selinuxd from both ends, and a selinuxd of another project, which knows fewer paths.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { PolicyState } from '../../src/core/selinux/store/installer.ts';
import { PolicyFolder } from '../../src/io/policy-folder.ts';
import { SelinuxdClient } from '../../src/io/selinuxd-client.ts';
import { SelinuxdServer } from '../../src/io/selinuxd-server.ts';

function statusOf(socketPath: string, target: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: target }, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
}

describe('io/selinuxd', function () {
  this.timeout(120_000);
  let folder: string;
  let socket: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-selinuxd-'));
    socket = path.join(folder, 'selinuxd.sock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const fail = (error: unknown): void => expect.fail(String(error));

  describe('socket', () => {
    const states = new Map<string, PolicyState>();
    const removed: string[] = [];
    let open = '';
    const policies = {
      ready: true,
      state: (name: string) => states.get(name),
      isOpen: (name: string) => !policies.ready || name === open,
      installed: () => new Map([['a_n', { kind: 'SelinuxProfile', namespace: 'n', name: 'a' }]]),
      touched: () => new Map([['a_n', 'T']]),
      remove: (name: string) => void removed.push(name),
    };
    let server: SelinuxdServer;
    let asked = 0;
    let client: SelinuxdClient;

    beforeEach(async () => {
      server = new SelinuxdServer(policies, () => (asked += 1));
      await server.listen(socket, fail);
      client = new SelinuxdClient(socket);
      policies.ready = true;
    });
    afterEach(() => server.close());

    it('tells where policies stand', async () => {
      states.set('a_n', { status: 'Installed', msg: '', checksum: 'c' });
      states.set('b_n', {
        status: 'Failed',
        msg: 'no such type',
        checksum: 'd',
        removal: true,
        tampering: { at: 'T', restored: true },
      });
      expect(await client.state('a_n')).to.deep.equal({
        installed: true,
        message: '',
        checksum: 'c',
        removal: false,
        disabled: false,
        tampering: undefined,
      });
      expect(await client.state('b_n')).to.deep.equal({
        installed: false,
        message: 'no such type',
        checksum: 'd',
        removal: true,
        disabled: false,
        tampering: { at: 'T', restored: true },
      });
      expect(await client.state('c_n')).to.equal(undefined);
      open = 'c_n';
      expect(await client.state('c_n')).to.deep.include({ installed: false, checksum: '' });
      expect(await client.installed()).to.deep.equal(policies.installed());
      policies.ready = false;
      expect(await client.state('a_n')).to.deep.include({ installed: false, checksum: '' });
      expect(await client.installed().catch(String)).to.include(`${socket}: selinuxd answers 503`);
    });

    it('takes requests to remove', async () => {
      await client.remove('a_n');
      expect([removed, asked]).to.deep.equal([['a_n'], 1]);
    });

    it('answers what is no path', async () => {
      for (const target of ['/policies/%', '//']) expect(await statusOf(socket, target)).to.equal(400);
      expect(await client.state('never_n')).to.equal(undefined);
    });

    it('answers a question for changes when there are some', async () => {
      const now = await client.changes(-1);
      const serial = now?.serial ?? 0;
      const waiting = client.changes(serial);
      server.changed();
      expect(await waiting).to.deep.equal({ serial: serial + 1, touched: new Map([['a_n', 'T']]) });
    });
  });

  it('makes do with a selinuxd that knows no more than its own paths', async () => {
    const server = createServer((request, response) => {
      const known = request.method === 'GET' && request.url === '/policies/a_n';
      response.writeHead(known ? 200 : 404).end(known ? '{"msg":"","status":"Installed"}' : '404 page not found\n');
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const client = new SelinuxdClient(socket);
    expect(await client.state('a_n')).to.deep.equal({
      installed: true,
      message: '',
      checksum: undefined,
      removal: false,
      disabled: false,
      tampering: undefined,
    });
    expect(await client.installed()).to.deep.equal(new Map());
    expect(await client.changes(0)).to.equal(undefined);
    await client.remove('a_n');
    server.close();
    expect(await new SelinuxdClient(`${socket}.none`).state('a').catch(String)).to.include(`${socket}.none`);
  });

  it('keeps policies in a folder, and tells of changes', async () => {
    const policies = new PolicyFolder(folder);
    const changed = new Promise<void>((resolve) => {
      const stop = policies.watch(() => {
        stop();
        resolve();
      }, fail);
    });
    expect(await policies.write('a_n', '(block a_n)\n')).to.equal(true);
    expect(await policies.write('a_n', '(block a_n)\n')).to.equal(false);
    await changed;
    writeFileSync(path.join(folder, '.draft.cil'), 'half');
    writeFileSync(path.join(folder, 'notes'), 'none');
    expect((await policies.files()).map(({ name }) => name)).to.deep.equal(['a_n']);
    expect(await policies.remove('a_n')).to.equal(true);
    expect(await policies.remove('a_n')).to.equal(false);
    expect(await policies.read('a_n')).to.equal(undefined);
    for (const name of ['.7-1.tmp', 'a_n.cil']) writeFileSync(path.join(folder, name), 'half');
    await policies.sweep();
    expect(readdirSync(folder).toSorted()).to.deep.equal(['.draft.cil', 'a_n.cil', 'notes']);
    expect(await new PolicyFolder(`${folder}/none`).files().catch(String)).to.include(`list ${folder}/none`);
  });
});
