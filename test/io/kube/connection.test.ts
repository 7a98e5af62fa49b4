// SPDX-License-Identifier: Apache-2.0
// A kubeconfig, as the transport uses it.
import { expect } from 'chai';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { KubeConnection, loadKubeConfig } from '../../../src/io/kube/connection.ts';

describe('KubeConnection', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'kube-connection-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function connection(user: object, server = 'https://127.0.0.1:6443'): Promise<KubeConnection> {
    const file = path.join(folder, 'config');
    const config = {
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'spo' } }],
      'current-context': 'x',
    };
    await writeFile(file, JSON.stringify(config));
    return new KubeConnection(loadKubeConfig(file));
  }

  it('knows the server and the namespace', async () => {
    const made = await connection({ token: 't' }, 'https://[::1]:6443/prefix');
    expect([made.server.href, made.namespace]).to.deep.equal(['https://[::1]:6443/prefix', 'spo']);
  });

  it('sends a token, or a user and password', async () => {
    const token = await (await connection({ token: 't' })).credentials(false);
    const basic = await (await connection({ username: 'u', password: 'p' })).credentials(false);
    expect(token.headers).to.deep.equal({ authorization: 'Bearer t' });
    expect(basic.headers).to.deep.equal({ authorization: `Basic ${Buffer.from('u:p').toString('base64')}` });
  });

  it('keeps its connections while the certificates stay the same', async () => {
    const made = await connection({ token: 't' });
    const first = await made.credentials(false);
    expect((await made.credentials(true)).agent).to.equal(first.agent);
  });

  it('asks an exec plugin for a token, and asks again when the server does not take it', async () => {
    const plugin = path.join(folder, 'plugin');
    const count = path.join(folder, 'count');
    const credential = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"expirationTimestamp":"2099-01-01T00:00:00Z","token":"t'$(wc -c < ${count} | tr -d ' ')'"}}`;
    await writeFile(plugin, `#!/bin/sh\nprintf x >> ${count}\nprintf '%s' '${credential}'\n`);
    await chmod(plugin, 0o755);
    const made = await connection({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin } });
    expect((await made.credentials(false)).headers).to.deep.equal({ authorization: 'Bearer t1' });
    expect((await made.credentials(false)).headers).to.deep.equal({ authorization: 'Bearer t1' });
    expect((await made.credentials(true)).headers).to.deep.equal({ authorization: 'Bearer t2' });
  });

  it('speaks plain HTTP where the kubeconfig says so, as kubectl proxy does', async () => {
    const made = await connection({}, 'http://127.0.0.1:8001');
    expect((await made.credentials(false)).headers).to.deep.equal({});
  });
});
