// SPDX-License-Identifier: Apache-2.0
// The small server, asked over real sockets.
import { expect } from 'chai';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { text } from 'node:stream/consumers';
import { issueServer, makeAuthority } from '../../src/io/certificates.ts';
import { probe, serve } from '../../src/io/server.ts';
import type { HttpServer, ServerCertificate, ServerOptions } from '../../src/io/server.ts';

const validity = { from: Date.now() - 1000, until: Date.now() + 3_600_000 };

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

function ask(port: number, path: string, body?: string, agent?: http.Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path, method: body === undefined ? 'GET' : 'POST', agent };
    const request = http.request(options, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode, body: answer }), reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function certificate(): Promise<ServerCertificate> {
  const authority = await makeAuthority('test', validity);
  const pair = await issueServer(authority, ['localhost'], validity);
  return { cert: pair.certificate, key: pair.key };
}

function fingerprintAt(port: number): Promise<{ fingerprint: string; protocol: string | false | null }> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] };
    const socket = tls.connect(options, () => {
      resolve({ fingerprint: socket.getPeerCertificate().fingerprint256, protocol: socket.alpnProtocol });
      socket.end();
    });
    socket.on('error', reject);
  });
}

describe('serve()', () => {
  let server: HttpServer;

  afterEach(() => server.close(0));

  async function start(options: Partial<ServerOptions>): Promise<void> {
    server = await serve({ port: 0, host: '127.0.0.1', routes: {}, ...options });
  }

  it('answers by path, with the body read in full, and 404 for the rest', async () => {
    await start({
      routes: { '/echo': ({ body, query }) => ({ status: 201, body: `${query.get('q') ?? ''} ${body}` }) },
    });
    expect(await ask(server.port, '/echo?q=1', 'x'.repeat(100_000))).to.deep.equal({
      status: 201,
      body: `1 ${'x'.repeat(100_000)}`,
    });
    expect(await ask(server.port, '/constructor')).to.include({ status: 404 });
    expect(await ask(server.port, '//')).to.include({ status: 400 });
  });

  it('refuses a body that is too large', async () => {
    await start({ routes: { '/echo': ({ body }) => ({ status: 200, body }) }, largestBody: 10 });
    expect(await ask(server.port, '/echo', 'x'.repeat(11))).to.include({ status: 413 });
  });

  it('answers 500 without details for what a route throws, and reports it', async () => {
    const errors: unknown[] = [];
    const routes = {
      '/bad': () => {
        throw new Error('secret');
      },
    };
    await start({ routes, onError: (error) => errors.push(error) });
    expect(await ask(server.port, '/bad')).to.deep.equal({ status: 500, body: 'internal error\n' });
    expect(errors.map(String)).to.deep.equal(['Error: secret']);
  });

  it('tells probes what is wrong', async () => {
    const faults: string[] = [];
    await start({ routes: { '/readyz': probe(() => faults) } });
    expect(await ask(server.port, '/readyz')).to.deep.equal({ status: 200, body: 'ok' });
    faults.push('the caches are not filled yet');
    expect(await ask(server.port, '/readyz')).to.deep.equal({ status: 500, body: 'the caches are not filled yet\n' });
  });

  it('speaks HTTP/1.1 over TLS, and shows an exchanged certificate to new connections', async () => {
    const [first, second] = await Promise.all([certificate(), certificate()]);
    await start({ routes: { '/': () => ({ status: 200, body: 'ok' }) }, certificate: first });
    const before = await fingerprintAt(server.port);
    server.setCertificate(second);
    const after = await fingerprintAt(server.port);
    expect(before.protocol).to.equal('http/1.1');
    expect(after.fingerprint).to.not.equal(before.fingerprint);
  });

  it('closes idle connections at once, and others after their grace', async () => {
    const routes = { '/slow': () => new Promise<never>(() => undefined), '/': () => ({ status: 200, body: 'ok' }) };
    await start({ routes });
    const agent = new http.Agent({ keepAlive: true });
    await ask(server.port, '/', undefined, agent);
    const slow = ask(server.port, '/slow').then(
      () => 'answered',
      () => 'closed',
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    const begun = performance.now();
    await server.close(50);
    expect(performance.now() - begun).to.be.within(40, 500);
    expect(await slow).to.equal('closed');
    agent.destroy();
    https.globalAgent.destroy();
  });
});
