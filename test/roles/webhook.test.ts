// SPDX-License-Identifier: Apache-2.0
// The webhook as the process that it is in a pod, asked as the API server asks it: over TLS, by HTTP/1.1, on kept
// connections.
import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import type { KeyPair } from '../../src/core/certificates.ts';
import { metricsHost } from '../../src/core/deploy/metrics-objects.ts';
import { webhookNames } from '../../src/core/deploy/webhooks/service.ts';
import { OPERATOR, WEBHOOK_PATH } from '../../src/core/names.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON } from '../../src/gen/kinds.ts';
import { issueServer, makeAuthority } from '../../src/io/http/certificates.ts';
import { DEPLOYMENT, MUTATING_WEBHOOK_CONFIGURATION, SECRET } from '../../src/runtime/kinds.ts';
import { anyPort } from '../../tools/lab/ports.ts';
import { until } from '../fakes/operator.ts';
import { RoleCluster, scrape } from './role-process.ts';
import type { RoleProcess } from './role-process.ts';

const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };
const [host = ''] = webhookNames(OPERATOR);
const JSON_TYPE = 'application/json';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly closes: boolean;
}

const pod = { metadata: { generateName: 'web-' }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } };

function review(object: object = pod): string {
  const kind = { group: '', version: 'v1', kind: 'Pod' };
  const request = { uid: 'u-1', kind, operation: 'CREATE', namespace: 'ns', object, dryRun: false, userInfo: {} };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

interface Response {
  readonly allowed: boolean;
  readonly patch?: string;
  readonly status?: { readonly message: string };
}

function responseIn(body: string): Response {
  return (JSON.parse(body) as { readonly response: Response }).response;
}

describe('the webhook', function () {
  this.timeout(120_000);
  let cluster: RoleCluster;
  let authority: KeyPair;
  let folder: string;
  let role: RoleProcess;
  let port: number;
  let health: number;
  let agent: https.Agent;

  beforeEach(async () => {
    cluster = new RoleCluster();
    await cluster.start();
    authority = await makeAuthority('ca', validity);
    folder = path.join(cluster.folder, 'webhook');
    mkdirSync(folder);
    health = await anyPort();
    agent = new https.Agent({ keepAlive: true, ca: authority.certificate, servername: host });
    bind('nginx:1.27');
  });
  afterEach(async () => {
    agent.destroy();
    role.kill();
    await cluster.stop();
  });

  function bind(image: string): void {
    cluster.api.put({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'ProfileBinding',
      metadata: { name: 'web-binding', namespace: 'ns', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { image, profileRef: { kind: 'SeccompProfile', name: 'web' } },
    } as Parameters<typeof cluster.api.put>[0]);
  }

  async function mount(directory: string, names: readonly string[]): Promise<KeyPair> {
    const pair = await issueServer(authority, names, validity);
    writeFileSync(path.join(directory, 'tls.key'), pair.key);
    writeFileSync(path.join(directory, 'tls.crt'), pair.certificate);
    return pair;
  }

  async function start(...words: readonly string[]): Promise<void> {
    await mount(folder, [host]);
    const env = { WEBHOOK_CERT_DIR: folder, HEALTH_PORT: String(health) };
    role = cluster.run(['webhook', '--port=0', ...words], env);
    port = Number(/port"?[=:] ?(\d+)/.exec(await role.says('serving webhooks'))?.[1]);
  }

  function post(body: string, where: string = WEBHOOK_PATH.binding, type = JSON_TYPE): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': type };
      const options = { host: '127.0.0.1', port, path: `${where}?timeout=5s`, method: 'POST', headers, agent };
      const request = https.request(options, (response) => {
        const closes = response.headers.connection === 'close';
        text(response).then((found) => resolve({ status: response.statusCode ?? 0, body: found, closes }), reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /**
   * The status for a body of which the length alone is sent: a client that goes on to write while it is refused may see
   * the end of the connection before the answer.
   */
  function announce(length: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': JSON_TYPE, 'content-length': length };
      const options = { host: '127.0.0.1', port, path: WEBHOOK_PATH.binding, method: 'POST', headers, agent };
      const request = https.request(options, ({ statusCode = 0 }) => {
        resolve(statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    });
  }

  async function isReady(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${String(health)}/readyz`);
    await answer.text();
    return answer.status === 200;
  }

  it('binds a pod, and counts what it did', async () => {
    await mount(cluster.certificates, [metricsHost(OPERATOR)]);
    await start();
    expect(await isReady()).to.equal(true);
    const { status, body } = await post(review());
    expect(status).to.equal(200);
    const { allowed, patch = '' } = responseIn(body);
    expect(allowed).to.equal(true);
    expect(Buffer.from(patch, 'base64').toString()).to.contain('"operator/ns/web.json"');
    const page = await scrape(await role.metricsPort(), authority.certificate, '/metrics-spod', metricsHost(OPERATOR));
    const prefix = 'security_profiles_operator_webhook_review';
    expect(page.body).to.contain(`${prefix}s_total{webhook="binding.spo.io",outcome="bound"} 1\n`);
    expect(page.body).to.contain(`${prefix}s_total{webhook="binding-image.spo.io",outcome="denied"} 0\n`);
    expect(page.body).to.contain(`${prefix}_duration_seconds_count{webhook="binding.spo.io"} 1\n`);
    expect(page.body).to.contain(`${prefix}_duration_seconds_count{webhook="binding-image.spo.io"} 0\n`);
  });

  it('answers nonsense with a sentence, and knows no other path', async () => {
    await start();
    expect(await post('{"kind":"Pod"}')).to.include({ status: 400 });
    expect((await post('{')).body).to.match(/^this is no review that can be answered: /);
    expect(await post(review(), WEBHOOK_PATH.binding, 'text/plain')).to.include({ status: 400 });
    expect(await post(review(), '/')).to.include({ status: 404 });
    expect(await post(review(), '/mutate-v1-pod')).to.include({ status: 404 });
    expect(await post(review(), WEBHOOK_PATH.recording)).to.include({ status: 200 });
    expect(await announce((8 << 20) + 1)).to.equal(413);
    expect(await post(review())).to.include({ status: 200 });
    expect(role.alive).to.equal(true);
  });

  it('speaks HTTP/1.1 alone, and TLS of the version that it is told', async () => {
    await start('--tls-min-version', '1.3');
    const protocolOf = (maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<string> =>
      new Promise((resolve) => {
        const common = { host: '127.0.0.1', port, ca: authority.certificate, servername: host };
        const socket = tls.connect({ ...common, maxVersion, ALPNProtocols: ['h2', 'http/1.1'] }, () => {
          resolve(`${socket.getProtocol() ?? ''} ${String(socket.alpnProtocol)}`);
          socket.destroy();
        });
        socket.on('error', () => resolve('refused'));
      });
    expect(await protocolOf('TLSv1.3')).to.equal('TLSv1.3 http/1.1');
    expect(await protocolOf('TLSv1.2')).to.equal('refused');
  });

  it('takes a new certificate while it answers, and lets old connections end with their answer', async () => {
    await start();
    expect(await post(review())).to.include({ status: 200, closes: false });
    let failures = 0;
    let answered = 0;
    const flow = new AbortController();
    const flows = Array.from({ length: 8 }, async () => {
      while (!flow.signal.aborted) {
        const { status } = await post(review()).catch(() => ({ status: 0 }));
        if (status === 200) answered += 1;
        else failures += 1;
      }
    });
    for (const round of [1, 2, 3]) {
      await mount(folder, [host]);
      await role.says('the certificate of the webhooks endpoint was changed', round);
    }
    flow.abort();
    await Promise.all(flows);
    expect(failures).to.equal(0);
    expect(answered).to.be.greaterThan(8);
  });

  it('answers from what it has seen while the API server is gone', async () => {
    await start();
    expect(responseIn((await post(review())).body).patch).to.be.a('string');
    await cluster.loseApiServer();
    await role.says('watching keeps failing');
    for (let round = 0; round < 3; round++) {
      expect(responseIn((await post(review())).body).patch).to.be.a('string');
      expect(await isReady()).to.equal(true);
    }
  });

  it('goes on answering after SIGTERM, not ready, and tells each client to look for another', async () => {
    await start('--static');
    expect(await post(review())).to.include({ status: 200, closes: false });
    const ended = role.end();
    for (let ready = true; ready;) ready = await isReady();
    for (let round = 0; round < 5; round++) expect(await post(review())).to.include({ status: 200, closes: true });
    expect(await ended).to.equal('status 0');
    expect(role.lines.join('\n')).to.contain('the webhook configurations are kept by others');
  });

  it("is in the manager's process where the spod says so, and until it says otherwise", async () => {
    const spod = (runWebhookInManager: boolean): void => {
      const metadata = { name: 'spod', namespace: OPERATOR };
      const known = cluster.api.get(SECURITY_PROFILES_OPERATOR_DAEMON, metadata);
      cluster.api.put({
        apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
        kind: 'SecurityProfilesOperatorDaemon',
        ...known,
        metadata: known?.metadata ?? metadata,
        spec: { runWebhookInManager },
      } as Parameters<typeof cluster.api.put>[0]);
    };
    spod(true);
    role = cluster.run(['manager'], { WEBHOOK_PORT: '0', HEALTH_PORT: String(health), POD_NAME: 'a' });
    port = Number(/port"?[=:] ?(\d+)/.exec(await role.says('serving webhooks'))?.[1]);
    const other = cluster.run(['manager'], { WEBHOOK_PORT: '0', POD_NAME: 'b' });
    await other.says('serving webhooks');
    await until('the configuration', () => cluster.api.list(MUTATING_WEBHOOK_CONFIGURATION).length === 1);
    const secret = cluster.api.get(SECRET, { namespace: OPERATOR, name: 'security-profiles-operator-ca' });
    const { data } = secret as unknown as { readonly data: Readonly<Record<string, string>> };
    agent = new https.Agent({ keepAlive: true, servername: host, ca: Buffer.from(data['ca.crt'] ?? '', 'base64') });
    expect(await post(review())).to.include({ status: 200 });
    while (!(await isReady()));
    spod(false);
    await until('the Deployment', () => cluster.api.list(DEPLOYMENT).length === 1);
    expect(await post(review()), 'nobody else answers yet').to.include({ status: 200 });
    const ready = { status: { readyReplicas: 1 } };
    for (const made of cluster.api.list(DEPLOYMENT)) cluster.api.put({ ...made, ...ready });
    for (let serves = true; serves;) {
      agent.destroy();
      serves = await post(review()).then(
        () => true,
        () => false,
      );
    }
    other.kill();
  });

  it('is not ready before there is a certificate, nor before its caches are filled', async () => {
    let released = false;
    const { fault } = cluster.api;
    cluster.api.fault = (request) =>
      !released && request.path.endsWith('/profilebindings') ? { status: 503, body: {} } : fault(request);
    role = cluster.run(['webhook', '--port=0'], { WEBHOOK_CERT_DIR: folder, HEALTH_PORT: String(health) });
    for (let listens = false; !listens;)
      listens = await isReady().then(
        () => true,
        () => false,
      );
    expect(await isReady()).to.equal(false);
    await mount(folder, [host]);
    released = true;
    await role.says('serving webhooks');
    for (let ready = false; !ready;) ready = await isReady();
  });
});
