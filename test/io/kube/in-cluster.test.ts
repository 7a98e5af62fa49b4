// SPDX-License-Identifier: Apache-2.0
// A pod's way to its API server, over real TLS: the authority that the kubelet mounts and the token beside it, both of
// which change while the process runs, and watches during which nothing is said for a long time.
import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { issueServer, makeAuthority } from '../../../src/io/http/certificates.ts';
import type { KeyPair } from '../../../src/core/certificates.ts';
import { KubeConnection, loadKubeConfig } from '../../../src/io/kube/connection.ts';
import { KubeTransport } from '../../../src/io/kube/transport.ts';

const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };
const never = new AbortController().signal;
const get = { method: 'GET', path: '/version' };
const watch = { method: 'GET', path: '/api/v1/pods', query: { watch: '1' } };

/** An API server that knows one token, and keeps watches open without a word. */
class QuietServer {
  token = 'first';
  readonly tokens: string[] = [];
  readonly watches: ServerResponse[] = [];
  private readonly server = https.createServer((request, response) => {
    const given = (request.headers.authorization ?? '').replace('Bearer ', '');
    this.tokens.push(given);
    response.writeHead(given === this.token ? 200 : 401, { 'content-type': 'application/json' });
    if (request.url?.includes('watch=1') !== true) {
      response.end('{}');
      return;
    }
    response.flushHeaders();
    this.watches.push(response);
  });

  async listen(pair: KeyPair): Promise<number> {
    this.use(pair);
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  /** Shows another certificate to new connections. */
  use({ certificate, key }: KeyPair): void {
    this.server.setSecureContext({ cert: certificate, key });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

describe('a pod’s connection to its API server', () => {
  let authorities: readonly [KeyPair, KeyPair];
  let pairs: readonly [KeyPair, KeyPair];
  let folder: string;
  let server: QuietServer;
  let port: number;
  let connection: KubeConnection;

  before(async () => {
    const authority = () => makeAuthority('kubernetes', validity);
    authorities = [await authority(), await authority()];
    const pair = (issuer: KeyPair) => issueServer(issuer, ['localhost'], validity);
    pairs = [await pair(authorities[0]), await pair(authorities[1])];
  });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'kube-in-cluster-'));
    server = new QuietServer();
    port = await server.listen(pairs[0]);
    await mount(authorities[0].certificate, 'first');
    connection = inCluster();
  });

  afterEach(async () => {
    connection.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  /** Puts there what the kubelet mounts. */
  async function mount(ca: string, token: string): Promise<void> {
    const account = path.join(folder, 'var/run/secrets/kubernetes.io/serviceaccount');
    await mkdir(account, { recursive: true });
    const files = { 'ca.crt': ca, token, namespace: 'spo' };
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(account, name), text);
  }

  /** As loadFromDefault finds it in a pod; only the address comes from us instead of the environment. */
  function inCluster(): KubeConnection {
    const config = new KubeConfig();
    config.loadFromCluster(folder);
    const server = `https://localhost:${String(port)}`;
    config.clusters = config.clusters.map((cluster) => ({ ...cluster, server }));
    return new KubeConnection(config);
  }

  async function fromFile(cluster: object): Promise<KubeConnection> {
    const config = {
      clusters: [{ name: 'c', cluster: { server: `https://localhost:${String(port)}`, ...cluster } }],
      users: [{ name: 'u', user: { token: 'first' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    const file = path.join(folder, 'config');
    await writeFile(file, JSON.stringify(config));
    return new KubeConnection(loadKubeConfig(file));
  }

  const transportOf = (made: KubeConnection) => new KubeTransport(made, { userAgent: 'test/1' });

  async function outcome(made: KubeConnection): Promise<string> {
    try {
      return String((await transportOf(made).request(get, never)).status);
    } catch (error) {
      return String(error);
    }
  }

  it('trusts the authority that is mounted, and no other', async () => {
    expect(await outcome(connection)).to.equal('200');
    await mount(authorities[1].certificate, 'first');
    expect(await outcome(inCluster())).to.match(/certificate signature failure|unable to verify|self.signed/);
    expect(server.tokens).to.deep.equal(['first']);
  });

  it('verifies nothing where a kubeconfig says insecure-skip-tls-verify, and only there', async () => {
    const made = [await fromFile({ 'insecure-skip-tls-verify': true }), await fromFile({})];
    expect(await outcome(made[0]!)).to.equal('200');
    expect(await outcome(made[1]!)).to.match(/unable to verify|self.signed/);
    for (const each of made) each.close();
  });

  it('reads the token again when the server does not take it any more: the kubelet has exchanged it', async () => {
    expect(await outcome(connection)).to.equal('200');
    await mount(authorities[0].certificate, 'second');
    server.token = 'second';
    expect(await outcome(connection)).to.equal('200');
    expect(server.tokens).to.deep.equal(['first', 'first', 'second']);
  });

  it('makes new connections when the authority has changed, and leaves the old ones their watches', async () => {
    const old = await connection.credentials(false);
    const stream = await transportOf(connection).stream(watch, never);
    server.use(pairs[1]);
    await mount(authorities[1].certificate, 'first');
    const renewed = await connection.credentials(true);
    expect(renewed.agent).to.not.equal(old.agent);
    expect(await outcome(connection)).to.equal('200');
    server.watches[0]?.end('{"type":"BOOKMARK"}\n');
    const lines: unknown[] = [];
    for await (const line of stream.lines) lines.push(line);
    expect(lines).to.deep.equal([{ type: 'BOOKMARK' }]);
    old.agent.destroy();
  });

  it('finds new token and authority within a minute by itself, and keeps a watch in which nothing was said', async () => {
    const stream = await transportOf(connection).stream(watch, never);
    const line = stream.lines[Symbol.asyncIterator]().next();
    server.use(pairs[1]);
    server.token = 'second';
    await mount(authorities[1].certificate, 'second');
    await new Promise((resolve) => setTimeout(resolve, 62_000));
    expect(await outcome(connection)).to.equal('200');
    expect(server.tokens).to.deep.equal(['first', 'second']);
    server.watches[0]?.end('{"type":"BOOKMARK"}\n');
    expect(await line).to.deep.equal({ value: { type: 'BOOKMARK' }, done: false });
  }).timeout(120_000);
});
