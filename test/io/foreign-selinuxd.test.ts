// SPDX-License-Identifier: Apache-2.0
// Policies by way of the selinuxd of the project of that name, as far as its protocol goes: files in a folder, and over
// a socket `GET /ready`, `GET /policies/` with names, and `GET /policies/NAME`.
import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NotYet, Rejected } from '../../src/core/errors.ts';
import { SelinuxPolicies } from '../../src/handlers/node/selinux-policies.ts';
import { PolicyFolder } from '../../src/io/policy-folder.ts';
import { SelinuxdChanges } from '../../src/io/selinuxd-changes.ts';
import { SelinuxdClient } from '../../src/io/selinuxd-client.ts';
import { fileRecordingPolicy } from '../../src/roles/process/selinux.ts';
import { SILENT } from '../../src/core/log.ts';

/** It installs what the folder holds whenever it is asked, but for a text with BAD. */
class ForeignSelinuxd {
  ready = true;
  private readonly folder: string;
  private readonly server: Server;
  private readonly store = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
    this.server = createServer((request, response) => {
      const [status, body] = this.answer(request.method ?? '', request.url ?? '');
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  listen(socket: string): Promise<void> {
    return new Promise((resolve) => this.server.listen(socket, resolve));
  }

  close(): void {
    this.server.close();
  }

  private answer(method: string, url: string): readonly [number, unknown] {
    if (method !== 'GET') return [400, 'Only GET is allowed\n'];
    if (url === '/ready') return [200, { ready: this.ready }];
    const name = /^\/policies\/(.*)$/.exec(url)?.[1];
    if (name === undefined || !this.ready) return [404, '404 page not found\n'];
    this.round();
    if (name === '') return [200, [...this.store]];
    const file = path.join(this.folder, `${name}.cil`);
    if (existsSync(file) && readFileSync(file, 'utf8').includes('BAD'))
      return [200, { msg: 'Failed to resolve allow statement', status: 'Failed' }];
    return this.store.has(name) ? [200, { msg: '', status: 'Installed' }] : [404, 'couldn’t find the policy\n'];
  }

  private round(): void {
    this.store.clear();
    for (const file of readdirSync(this.folder))
      if (file.endsWith('.cil')) this.store.add(file.slice(0, -'.cil'.length));
  }
}

describe('a selinuxd of the node', function () {
  this.timeout(120_000);
  let place: { readonly policies: string; readonly socket: string };
  let selinuxd: ForeignSelinuxd;
  let policies: SelinuxPolicies;
  let client: SelinuxdClient;
  let stop: AbortController;
  let woken: () => void = () => undefined;

  const key = { namespace: 'n', name: 'a' };
  const form = (text: string) => ({
    text,
    checksum: 'c',
    hash: 'h',
    warnings: [],
    explain: (words: string) => `it: ${words}`,
  });

  beforeEach(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spo-foreign-'));
    place = { policies: folder, socket: path.join(folder, 's.sock') };
    selinuxd = new ForeignSelinuxd(folder);
    await selinuxd.listen(place.socket);
    client = new SelinuxdClient(place.socket);
    stop = new AbortController();
    const changes = new SelinuxdChanges(client, stop.signal);
    policies = new SelinuxPolicies({
      files: new PolicyFolder(folder),
      selinuxd: client,
      changes,
      failed: () => undefined,
    });
    policies.follow(() => woken());
  });
  afterEach(() => {
    stop.abort();
    selinuxd.close();
    rmSync(place.policies, { recursive: true });
  });

  /** Does a step again whenever the policies say so, until it is done. */
  async function untilDone<T>(step: () => Promise<T>): Promise<T> {
    for (;;) {
      const next = new Promise<void>((resolve) => (woken = resolve));
      try {
        return await step();
      } catch (error) {
        if (!(error instanceof NotYet)) throw error;
        await next;
      }
    }
  }

  it('installs policies and removes them', async () => {
    expect(await untilDone(() => policies.write(key, form('(block a_n)\n')))).to.deep.equal({
      changed: true,
      warnings: [],
    });
    expect((await client.state('a_n'))?.installed).to.equal(true);
    expect(await untilDone(() => policies.remove(key))).to.equal(true);
    expect(readdirSync(place.policies)).to.deep.equal(['s.sock']);
  });

  it('says why it refuses one', async () => {
    const error = await untilDone(() => policies.write(key, form('BAD'))).catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(Rejected);
    expect(String(error)).to.include('it: Failed to resolve allow statement');
  });

  it('is not believed before it is ready', async () => {
    selinuxd.ready = false;
    expect(await client.state('a_n')).to.include({ installed: false });
    selinuxd.ready = true;
    expect(await client.state('a_n')).to.equal(undefined);
  });

  it('tells of no profiles', async () => {
    await untilDone(() => policies.write(key, form('(block a_n)\n')));
    expect(await client.installed()).to.deep.equal(new Map());
  });

  it('gets the policy for recordings from the daemon', async () => {
    await fileRecordingPolicy(place, undefined, SILENT);
    expect(readdirSync(place.policies)).not.to.include('selinuxrecording.cil');
    await fileRecordingPolicy(place, true, SILENT);
    expect((await client.state('selinuxrecording'))?.installed).to.equal(true);
    await fileRecordingPolicy(place, false, SILENT);
    expect(await client.state('selinuxrecording')).to.equal(undefined);
    await fileRecordingPolicy({ ...place, policies: `${place.policies}/none` }, true, SILENT);
  });
});
