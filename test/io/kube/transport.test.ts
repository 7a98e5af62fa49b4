// SPDX-License-Identifier: Apache-2.0
// The transport between a process and its API server, over real sockets.
import { expect } from 'chai';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { KubeTransport, parseRetryAfter } from '../../../src/io/kube/transport.ts';
import type { Connection } from '../../../src/io/kube/transport.ts';
import { listen } from '../../fakes/api-http.ts';
import type { ApiListener } from '../../fakes/api-http.ts';
import { FakeApiServer } from '../../fakes/api-server.ts';
import { until, WIDGET, widget } from '../../fakes/operator.ts';

const path = '/apis/test.example.com/v1/namespaces/default/widgets';
const never = new AbortController().signal;

function connectionTo(server: URL, headers: () => Record<string, string> = () => ({})): Connection {
  const agent = new http.Agent({ keepAlive: true });
  return {
    server,
    credentials: async (renewed) => ({ agent, headers: { ...headers(), ...(renewed ? { renewed: '1' } : {}) } }),
  };
}

async function rejection(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error: unknown) => String(error),
  );
}

describe('KubeTransport', () => {
  let api: FakeApiServer;
  let listener: ApiListener;
  let transport: KubeTransport;
  const answers: string[] = [];

  beforeEach(async () => {
    api = new FakeApiServer({ kinds: [WIDGET] });
    listener = await listen(api);
    answers.length = 0;
    transport = new KubeTransport(connectionTo(listener.url), {
      userAgent: 'test/1',
      timeoutMs: 5000,
      onAnswer: ({ method, code }) => answers.push(`${method} ${code}`),
    });
  });

  afterEach(() => listener.close());

  it('sends objects and gets them back, with integers of 64 bits exact', async () => {
    const body = { ...widget('a'), spec: { size: 18446744073709551615n } };
    const response = await transport.request({ method: 'POST', path, body }, never);
    expect(response.status).to.equal(201);
    expect(response.body).to.have.deep.property('spec', { size: 18446744073709551615n });
  });

  it('uses one connection for requests that follow each other', async () => {
    for (let turn = 0; turn < 5; turn += 1) await transport.request({ method: 'GET', path }, never);
    expect(listener.connections()).to.equal(1);
  });

  it('tells each answer to the metrics, refusals too', async () => {
    await transport.request({ method: 'GET', path: `${path}/none` }, never);
    api.fault = () => new Error('gone');
    await rejection(transport.request({ method: 'POST', path, body: widget('a') }, never));
    expect(answers).to.deep.equal(['GET 404', 'POST <error>']);
  });

  it('reads Retry-After, as seconds and as a date', async () => {
    api.fault = () => ({ status: 429, body: { reason: 'TooManyRequests' }, retryAfterMs: 2000 });
    const response = await transport.request({ method: 'GET', path }, never);
    expect(response).to.include({ status: 429, retryAfterMs: 2000 });
    expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:05 GMT', 1000)).to.equal(4000);
    expect(parseRetryAfter('soon', 0)).to.equal(undefined);
  });

  it('tells how long an answer is, and reads none that is longer than asked for', async () => {
    const body = { ...widget('a'), spec: { text: 'x'.repeat(2_000_000) } };
    await transport.request({ method: 'POST', path, body }, never);
    const whole = await transport.request({ method: 'GET', path, longestAnswer: 3_000_000 }, never);
    expect(whole.length).to.be.within(2_000_000, 2_001_000);
    const refused = transport.request({ method: 'GET', path, longestAnswer: 1_000_000 }, never);
    expect(await rejection(refused)).to.equal('AnswerTooLong: the answer has more than 1000000 bytes');
    expect(await transport.request({ method: 'GET', path: `${path}/none` }, never)).to.include({ status: 404 });
  });

  it('renews credentials once when the server does not take them', async () => {
    api.fault = () => (listener.headers.at(-1)?.['renewed'] === undefined ? { status: 401, body: {} } : undefined);
    const response = await transport.request({ method: 'GET', path }, never);
    expect(response.status).to.equal(200);
    expect(answers).to.deep.equal(['GET 401', 'GET 200']);
  });

  it('gives up on an answer that does not come in time', async () => {
    const silent = net.createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const slow = new KubeTransport(connectionTo(new URL(`http://127.0.0.1:${String(port)}`)), {
      userAgent: 't',
      timeoutMs: 50,
    });
    expect(await rejection(slow.request({ method: 'GET', path }, never))).to.include(
      `GET ${path}: no answer within 0.05 s`,
    );
    silent.close();
  });

  it('breaks a request off with its signal', async () => {
    const stop = new AbortController();
    const hanging = rejection(transport.request({ method: 'GET', path }, stop.signal));
    stop.abort(new Error('enough'));
    expect(await hanging).to.match(/broken off|enough/);
  });

  it('sends a request again when the kept connection turns out to be closed', async () => {
    let requests = 0;
    const fickle = http.createServer((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.resetAndDestroy();
      else response.end('{}');
    });
    await new Promise<void>((resolve) => fickle.listen(0, '127.0.0.1', resolve));
    const { port } = fickle.address() as AddressInfo;
    const over = new KubeTransport(connectionTo(new URL(`http://127.0.0.1:${String(port)}`)), { userAgent: 't' });
    await over.request({ method: 'GET', path }, never);
    expect((await over.request({ method: 'GET', path }, never)).status).to.equal(200);
    expect(await rejection(over.request({ method: 'POST', path, body: {} }, never))).to.equal('nothing was thrown');
    expect(requests).to.equal(4);
    fickle.closeAllConnections();
    fickle.close();
  });

  it('streams a watch line by line, whatever the pieces, and longer than a request may take', async () => {
    api.put(widget('a'));
    const hasty = new KubeTransport(connectionTo(listener.url), { userAgent: 'test/1', timeoutMs: 1000 });
    const stream = await hasty.stream({ method: 'GET', path, query: { watch: '1', resourceVersion: '1' } }, never);
    const seen: string[] = [];
    setTimeout(() => api.put(widget('ü'.repeat(3000).slice(0, 2) + 'b')), 1050);
    setTimeout(() => api.endWatches(), 1100);
    for await (const line of stream.lines) seen.push(JSON.stringify(line).slice(0, 15));
    expect(seen).to.deep.equal(['{"type":"ADDED"', '{"type":"ADDED"']);
  });

  it('throws from the lines of a watch whose connection breaks', async () => {
    const stream = await transport.stream({ method: 'GET', path, query: { watch: '1' } }, never);
    setTimeout(() => api.endWatches(new Error('cut')), 10);
    const drain = async () => {
      for await (const line of stream.lines) expect(line).to.equal('nothing');
    };
    expect(await rejection(drain())).to.match(/aborted|socket hang up/);
  });

  it('frees the connection when nobody reads a watch any more', async () => {
    const stop = new AbortController();
    const stream = await transport.stream({ method: 'GET', path, query: { watch: '1' } }, stop.signal);
    setTimeout(() => stop.abort(), 10);
    const drain = async () => {
      for await (const line of stream.lines) expect(line).to.equal('nothing');
    };
    await rejection(drain());
    await until('the end of the watch', () => api.openWatches === 0);
  });

  it('hands over a refused watch as a response', async () => {
    api.fault = () => ({ status: 503, body: { message: 'not now' }, retryAfterMs: 1000 });
    const stream = await transport.stream({ method: 'GET', path, query: { watch: '1' } }, never);
    expect(stream).to.deep.include({ status: 503, body: { message: 'not now' }, retryAfterMs: 1000 });
  });
});
