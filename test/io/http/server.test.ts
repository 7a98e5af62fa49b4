// SPDX-License-Identifier: Apache-2.0
// The small server, asked over real sockets.
import { expect } from 'chai';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { text } from 'node:stream/consumers';
import { issueServer, makeAuthority } from '../../../src/io/http/certificates.ts';
import type { KeyPair } from '../../../src/core/certificates.ts';
import { probe, PROBE_LIMITS } from '../../../src/io/http/probes.ts';
import type { BodyLimits } from '../../../src/io/http/bodies.ts';
import { serve } from '../../../src/io/http/server.ts';
import type { HttpServer, Limits, ServerOptions } from '../../../src/io/http/server.ts';
import { until } from '../../fakes/operator.ts';

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

/** A POST whose body is still to be sent. */
function beginPost(port: number, length: number) {
  const headers = { 'content-length': length };
  const request = http.request({ port, host: '127.0.0.1', path: '/echo', method: 'POST', headers });
  const status = new Promise<number | undefined>((resolve) => {
    request.once('response', (got) => {
      got.resume();
      resolve(got.statusCode);
    });
    request.on('error', () => resolve(undefined));
  });
  request.flushHeaders();
  return Object.assign(request, { status });
}

async function certificate(): Promise<KeyPair> {
  return issueServer(await makeAuthority('test', validity), ['localhost'], validity);
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
  const errors: unknown[] = [];

  afterEach(async () => {
    await server.close(0);
    errors.length = 0;
  });

  async function start(options: Partial<ServerOptions>): Promise<void> {
    const limits: Limits = { connections: 8, body: 1 << 20, requestMs: 5000, keepAliveMs: 5000 };
    const onError = (error: unknown): void => void errors.push(error);
    server = await serve({ port: 0, host: '127.0.0.1', routes: {}, limits, onError, ...options });
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
    const limits: Limits = { connections: 8, body: 10, requestMs: 5000, keepAliveMs: 5000 };
    await start({ routes: { '/echo': ({ body }) => ({ status: 200, body }) }, limits });
    expect(await ask(server.port, '/echo', 'x'.repeat(11))).to.include({ status: 413 });
  });

  it('ends connections with their next answer when it drains, and after a change of the certificate', async () => {
    const [first, second] = await Promise.all([certificate(), certificate()]);
    await start({ routes: { '/': () => ({ status: 200, body: 'ok' }) }, certificate: first });
    const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
    const last = (): Promise<boolean> =>
      new Promise((resolve, reject) => {
        const request = https.get({ port: server.port, host: '127.0.0.1', path: '/', agent }, (response) => {
          response.resume();
          response.once('end', () => resolve(response.headers.connection === 'close'));
        });
        request.on('error', reject);
      });
    expect([await last(), await last()]).to.deep.equal([false, false]);
    server.setCertificate(second);
    expect([await last(), await last()]).to.deep.equal([true, false]);
    server.drain();
    expect([await last(), await last()]).to.deep.equal([true, true]);
    agent.destroy();
  });

  const BODIES: BodyLimits = {
    small: 1000,
    smallRoom: 4000,
    waiting: 8,
    silenceMs: 20,
    turnMs: 5000,
    arrivalMs: 10_000,
  };

  it('reads small bodies while unfinished large ones are there, and large ones in turns', async () => {
    const limits: Limits = { connections: 16, body: 8000, bodies: BODIES, requestMs: 10_000, keepAliveMs: 5000 };
    await start({ routes: { '/echo': ({ body }) => ({ status: 200, body: String(body.length) }) }, limits });
    const posts: ReturnType<typeof beginPost>[] = [];
    for (let i = 0; i < 6; i++) {
      const post = beginPost(server.port, 8000);
      post.write('x'.repeat(7999));
      posts.push(post);
      expect(await ask(server.port, '/echo', 'y'.repeat(11))).to.deep.equal({ status: 200, body: '11' });
    }
    expect(await ask(server.port, '/echo', 'z'.repeat(8000))).to.deep.equal({ status: 200, body: '8000' });
    for (const post of posts) expect(await post.status).to.equal(408);
    expect(await ask(server.port, '/echo', 'z'.repeat(8000))).to.deep.equal({ status: 200, body: '8000' });
    expect(errors).to.deep.equal([]);
  });

  it('reads a large body that is announced by nothing but its pieces', async () => {
    const limits: Limits = { connections: 16, body: 8000, bodies: BODIES, requestMs: 10_000, keepAliveMs: 5000 };
    await start({ routes: { '/echo': ({ body }) => ({ status: 200, body: String(body.length) }) }, limits });
    const request = http.request({ port: server.port, host: '127.0.0.1', path: '/echo', method: 'POST' });
    const answer = new Promise<string>((resolve, reject) => {
      request.on('error', reject).on('response', (response) => resolve(text(response)));
    });
    request.write('x'.repeat(3000));
    request.end('y'.repeat(3000));
    expect(await answer).to.equal('6000');
  });

  it('does not wait for a body for long', async () => {
    const bodies = { ...BODIES, arrivalMs: 100 };
    const limits: Limits = { connections: 8, body: 1000, bodies, requestMs: 60_000, keepAliveMs: 5000 };
    await start({ routes: { '/echo': ({ body }) => ({ status: 200, body }) }, limits });
    expect(await beginPost(server.port, 10).status).to.equal(408);
    expect(errors).to.deep.equal([]);
  });

  it('answers 500 without details for what a route throws, and reports it', async () => {
    const routes = {
      '/bad': () => {
        throw new Error('secret');
      },
    };
    await start({ routes });
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
    expect(performance.now() - begun).to.be.at.least(40);
    expect(await slow).to.equal('closed');
    agent.destroy();
    https.globalAgent.destroy();
  });
});

describe('a server of probes', () => {
  const sockets: net.Socket[] = [];
  let server: HttpServer;

  beforeEach(async () => {
    const routes = { '/healthz': probe(() => []) };
    const onError = (error: unknown): never => expect.fail(String(error));
    server = await serve({ port: 0, host: '127.0.0.1', routes, limits: PROBE_LIMITS, onError });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close(0);
  });

  /** Opens a connection and sends the texts; the server may hang up in between. */
  function send(...texts: readonly (string | Buffer)[]): net.Socket {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.resume();
    for (const part of texts) socket.write(part);
    sockets.push(socket);
    return socket;
  }

  const closed = (): number => sockets.filter((socket) => socket.destroyed || socket.readableEnded).length;

  it('answers half a request with a body without reading it, and keeps its memory', async () => {
    const piece = Buffer.alloc(7_900_000);
    const answers: string[] = [];
    const before = process.memoryUsage();
    for (let i = 0; i < 20; i++) {
      const socket = send('POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n', piece);
      socket.on('data', (data) => answers.push(data.toString()));
    }
    await until('all to be closed', () => closed() === 20);
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    // One piece is ours; all that the server had read was 158 MB.
    expect(arrayBuffers - before.arrayBuffers).to.be.lessThan(20e6);
    expect(heapUsed - before.heapUsed).to.be.lessThan(20e6);
    expect(answers.length).to.be.greaterThan(0);
    for (const text of answers)
      expect(text)
        .to.match(/^HTTP\/1.1 200 OK\r\n/)
        .and.match(/\r\nconnection: close\r\n/i);
  });

  it('answers the kubelet while strangers hold more connections than there may be', async () => {
    for (let i = 0; i < 3 * PROBE_LIMITS.connections; i++) send('GET /healthz HTTP/1.1\r\nHost: x\r\n');
    await until('the first strangers to be closed', () => closed() >= 2 * PROBE_LIMITS.connections);
    expect(await ask(server.port, '/healthz')).to.deep.equal({ status: 200, body: 'ok' });
  });

  it('hangs up on a request that does not come to its end', async function () {
    this.timeout(120_000);
    const begun = performance.now();
    send('GET /healthz HTTP/1.1\r\nHost: x\r\n');
    send('');
    await until('both to be closed', () => closed() === 2);
    expect(performance.now() - begun).to.be.at.least(4900);
  });
});

describe('the connections of a server', () => {
  const limits: Limits = { connections: 4, body: 1000, requestMs: 10_000, keepAliveMs: 10_000 };
  const routes = { '/echo': ({ body }: { readonly body: string }) => ({ status: 200, body }) };

  it('are not closed for silent ones while a body arrives, nor kept from others by unfinished bodies', async () => {
    const server = await serve({ port: 0, host: '127.0.0.1', routes, limits, onError: () => undefined });
    const strangers: net.Socket[] = [];
    const stranger = (text: string): void => {
      const socket = net.connect(server.port, '127.0.0.1', () => socket.write(text));
      socket.on('error', () => undefined).resume();
      strangers.push(socket);
    };
    const closed = (): number => strangers.filter((socket) => socket.readableEnded || socket.destroyed).length;
    try {
      const half = beginPost(server.port, 8);
      half.write('half');
      await until('the first half to be there', () => half.socket?.bytesWritten !== 0);
      for (let i = 0; i < 12; i++) stranger('');
      await until('all but three strangers to be closed', () => closed() >= 9);
      half.end('half');
      expect(await half.status).to.equal(200);
      for (let i = 0; i < 12; i++) stranger('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n');
      await until('the strangers to be closed', () => closed() >= 20);
      expect(await ask(server.port, '/echo', 'ours')).to.deep.equal({ status: 200, body: 'ours' });
    } finally {
      for (const socket of strangers) socket.destroy();
      await server.close(0);
    }
  });

  it('are not closed for others while they wait for an answer', async () => {
    const waiting: (() => void)[] = [];
    const slow = () =>
      new Promise<{ status: number; body: string }>((resolve) => {
        waiting.push(() => resolve({ status: 200, body: 'done' }));
      });
    const limits: Limits = { connections: 2, body: 0, requestMs: 5000, keepAliveMs: 5000 };
    const onError = (error: unknown): never => expect.fail(String(error));
    const server = await serve({ port: 0, host: '127.0.0.1', routes: { '/slow': slow }, limits, onError });
    try {
      const [first, second] = [ask(server.port, '/slow'), ask(server.port, '/slow')];
      await until('both to wait', () => waiting.length === 2);
      const third = await ask(server.port, '/').catch((error: unknown) => error);
      expect(third).to.be.instanceOf(Error);
      for (const answer of waiting) answer();
      expect(await Promise.all([first, second])).to.deep.equal(Array(2).fill({ status: 200, body: 'done' }));
      expect(await ask(server.port, '/')).to.include({ status: 404 });
    } finally {
      await server.close(0);
    }
  });
});
