// SPDX-License-Identifier: Apache-2.0
// A small HTTP or HTTPS server for probes and webhooks: HTTP/1.1 only, kept-alive connections, bodies of limited size,
// a certificate that can be exchanged while it serves, and a close that waits for nobody for long.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { listen } from './listen.ts';

/** A request, read in full. */
export interface ServerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** What to answer; the content type is `text/plain` where none is given. */
export interface ServerResponse {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

/** Answers requests for one path. What it throws becomes a 500 without details, and goes to `onError`. */
export type Route = (request: ServerRequest, signal: AbortSignal) => ServerResponse | Promise<ServerResponse>;

/** A certificate and its key, in PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What to serve, and where. */
export interface ServerOptions {
  /** 0 takes any free port; see `port`. */
  readonly port: number;
  /** Default: all addresses. */
  readonly host?: string;
  /** By exact path. */
  readonly routes: Readonly<Record<string, Route>>;
  /** Left out: plain HTTP. */
  readonly certificate?: ServerCertificate;
  /** Larger bodies are refused with 413; default 8 MiB, more than an AdmissionReview can have. */
  readonly largestBody?: number;
  readonly onError?: (error: unknown) => void;
}

const defaultLargestBody = 8 * 1024 * 1024;
/** Longer than the API server keeps idle webhook connections (90 s), so that it is never the one to find them closed. */
const keepAliveMs = 120_000;

class TooLarge extends Error {}

async function bodyOf(request: http.IncomingMessage, largest: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const piece = chunk as Buffer;
    size += piece.length;
    if (size > largest) throw new TooLarge(`the body has more than ${String(largest)} bytes`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A route that tells `ok`, or 500 with what is wrong, as Kubernetes probes and people with curl expect it. */
export function probe(faults: () => readonly string[]): Route {
  return () => {
    const wrong = faults();
    return wrong.length === 0 ? { status: 200, body: 'ok' } : { status: 500, body: `${wrong.join('\n')}\n` };
  };
}

/** A server; make it with `serve`. */
export class HttpServer {
  private readonly server: http.Server | https.Server;
  private readonly options: ServerOptions;
  private readonly closing = new AbortController();

  constructor(options: ServerOptions) {
    this.options = options;
    const answer = (request: http.IncomingMessage, response: http.ServerResponse) =>
      void this.answer(request, response);
    const common = { keepAliveTimeout: keepAliveMs, headersTimeout: 10_000, requestTimeout: 60_000 };
    const { certificate } = options;
    this.server =
      certificate === undefined
        ? http.createServer(common, answer)
        : https.createServer({ ...common, ...certificate, ALPNProtocols: ['http/1.1'], minVersion: 'TLSv1.2' }, answer);
  }

  /** The port that it listens on. */
  get port(): number {
    const address = this.server.address();
    return isAddress(address) ? address.port : 0;
  }

  /** Begins to listen. Rejects where the port is taken. */
  async listen(): Promise<void> {
    await listen(this.server, this.options);
    this.server.on('error', (error) => this.options.onError?.(error));
  }

  /** New connections get this certificate; those that are open keep theirs. Throws where key and certificate differ. */
  setCertificate(certificate: ServerCertificate): void {
    if (this.server instanceof https.Server) this.server.setSecureContext({ ...certificate, minVersion: 'TLSv1.2' });
  }

  /** Takes no more requests, gives those that run so many milliseconds, and closes all connections. */
  async close(graceMs = 200): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => {
      this.closing.abort(new Error('the server closes'));
      this.server.closeAllConnections();
    }, graceMs);
    await closed;
    clearTimeout(timer);
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { status, body, contentType = 'text/plain; charset=utf-8' } = await this.respond(request);
    const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, status === 413 ? { ...headers, connection: 'close' } : headers);
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private async respond(request: http.IncomingMessage): Promise<ServerResponse> {
    const url = URL.parse(request.url ?? '/', 'http://server');
    if (url === null) return { status: 400, body: 'bad request\n' };
    const { pathname: path, searchParams: query } = url;
    const route = Object.hasOwn(this.options.routes, path) ? this.options.routes[path] : undefined;
    if (route === undefined) return { status: 404, body: `nothing is served at ${path}\n` };
    try {
      const body = await bodyOf(request, this.options.largestBody ?? defaultLargestBody);
      return await route({ method: request.method ?? 'GET', path, query, body }, this.closing.signal);
    } catch (error) {
      if (error instanceof TooLarge) return { status: 413, body: `${error.message}\n` };
      // A client that went away while it sent is no fault of ours, and reads no answer.
      if (request.errored === null) this.options.onError?.(error);
      return { status: 500, body: 'internal error\n' };
    }
  }
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** Starts a server. Rejects where the port is taken. */
export async function serve(options: ServerOptions): Promise<HttpServer> {
  const server = new HttpServer(options);
  await server.listen();
  return server;
}
