// SPDX-License-Identifier: Apache-2.0
// The fake API server on a real socket, over plain HTTP, for tests of what lies between a process and its API server.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseJson, printJson } from '../../src/core/json.ts';
import type { ApiRequest, ApiResponse } from '../../src/runtime/api.ts';
import type { FakeApiServer } from './api-server.ts';

/** A listener; requests can be looked at as they come over the wire. */
export interface ApiListener {
  readonly url: URL;
  /** Connections that were made so far. */
  readonly connections: () => number;
  readonly headers: http.IncomingHttpHeaders[];
  close(): Promise<void>;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

async function requestOf(incoming: http.IncomingMessage): Promise<ApiRequest> {
  const url = new URL(incoming.url ?? '/', 'http://api');
  const body = await text(incoming);
  const method = methods.find((known) => known === incoming.method) ?? 'GET';
  return {
    method,
    path: decodeURIComponent(url.pathname),
    query: Object.fromEntries(url.searchParams),
    contentType: incoming.headers['content-type'] ?? 'application/json',
    ...(body === '' ? {} : { body: parseJson(body) }),
  };
}

function begin(response: http.ServerResponse, { status, retryAfterMs }: ApiResponse): void {
  const retry = retryAfterMs === undefined ? {} : { 'retry-after': String(retryAfterMs / 1000) };
  response.writeHead(status, { 'content-type': 'application/json', ...retry });
  response.flushHeaders();
}

function end(response: http.ServerResponse, { body }: ApiResponse): void {
  response.end(body === undefined ? '' : printJson(body));
}

async function watch(api: FakeApiServer, request: ApiRequest, response: http.ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const stream = await api.stream(request, gone.signal);
  begin(response, stream);
  if (stream.status < 300) for await (const line of stream.lines) response.write(`${printJson(line)}\n`);
  end(response, stream);
}

async function answer(
  api: FakeApiServer,
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const request = await requestOf(incoming);
  if (request.query?.['watch'] !== undefined) return watch(api, request, response);
  const answered = await api.request(request, new AbortController().signal);
  begin(response, answered);
  end(response, answered);
}

/** Listens on loopback. An error of the fake breaks the connection, as a fault of the network would. */
export async function listen(api: FakeApiServer): Promise<ApiListener> {
  const headers: http.IncomingHttpHeaders[] = [];
  let connections = 0;
  const server = http.createServer((incoming, response) => {
    headers.push(incoming.headers);
    answer(api, incoming, response).catch(() => response.destroy());
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${String(port)}`),
    connections: () => connections,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
