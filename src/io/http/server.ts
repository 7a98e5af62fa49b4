// SPDX-License-Identifier: Apache-2.0
// The one HTTP and HTTPS server of this program, for probes, metrics and webhooks: HTTP/1.1 only (scrapers and users'
// checks expect it), few connections, bodies only where a route needs them, a certificate that can be exchanged while
// it serves, and a close that waits for no client for long.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KeyPair } from './certificates.ts';
import { ConnectionRoom } from './connection-room.ts';
import { listen } from './listen.ts';
import type { Place } from './listen.ts';

/** A request, with its body where the server reads bodies. */
export interface ServerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<http.IncomingHttpHeaders>;
  /** Empty where the server reads none. */
  readonly body: string;
}

/** The answer to a request; the content type is `text/plain` where none is given. */
export interface ServerResponse {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

/** Answers requests for one path. An error that it throws becomes a 500 without details, and goes to `onError`. */
export type Route = (request: ServerRequest, signal: AbortSignal) => ServerResponse | Promise<ServerResponse>;

/** The resources that clients may use before they have authenticated. */
export interface Limits {
  /** Connections at a time; the one that has been idle longest makes room for a new one. */
  readonly connections: number;
  /**
   * Bytes of a body; a larger one is refused with 413. At 0 no body is read: the answer comes at once, and the
   * connection of a request that has one is closed. `connections` times this is the memory that strangers can fill.
   */
  readonly body: number;
  /** How long a request may take to arrive, and how long TLS may take to agree, in milliseconds. */
  readonly requestMs: number;
  /** How long an idle connection is kept after an answer, in milliseconds; 0 closes it with the answer. */
  readonly keepAliveMs: number;
}

/** The routes to serve, and the address. */
export interface ServerOptions extends Place {
  /** By exact path. */
  readonly routes: Readonly<Record<string, Route>>;
  readonly limits: Limits;
  /** Left out: plain HTTP. */
  readonly certificate?: KeyPair;
  /** Called for what a route throws, and for connections that cannot be accepted. */
  readonly onError: (error: unknown) => void;
}

/**
 * How often Node.js looks for requests that take too long, in milliseconds; its default of 30 s would keep them as
 * long.
 */
const CHECK_MS = 2000;

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

/** Whether a request says that a body follows. */
function announcesBody({ headers }: http.IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** A server. */
export class HttpServer {
  private readonly server: http.Server | https.Server;
  private readonly options: ServerOptions;
  private readonly room: ConnectionRoom;
  private readonly closing = new AbortController();

  /** Throws where the certificate is none, or does not belong to the key. */
  constructor(options: ServerOptions) {
    this.options = options;
    const { certificate, limits } = options;
    const answer = (request: http.IncomingMessage, response: http.ServerResponse) =>
      void this.answer(request, response);
    const common = {
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: limits.requestMs,
      requestTimeout: limits.requestMs,
      handshakeTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, limits.requestMs),
    };
    this.server =
      certificate === undefined
        ? http.createServer(common, answer)
        : https.createServer({ ...common, ...contextOf(certificate), ALPNProtocols: ['http/1.1'] }, answer);
    this.room = new ConnectionRoom(this.server, limits.connections);
  }

  /** The port that it listens on. */
  get port(): number {
    const address = this.server.address();
    return isAddress(address) ? address.port : 0;
  }

  /** Begins to listen. Rejects where the port is taken. */
  async listen(): Promise<void> {
    await listen(this.server, this.options);
    this.server.on('error', (error) => this.options.onError(error));
  }

  /**
   * New connections get this certificate; those that are open keep theirs. Throws as the constructor does, and keeps
   * the certificate of before.
   */
  setCertificate(certificate: KeyPair): void {
    if (this.server instanceof https.Server) this.server.setSecureContext(contextOf(certificate));
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
    // Node.js forgets the address of a socket that is closed.
    const { remoteAddress, remotePort } = request.socket;
    response.once('close', () => this.room.end({ remoteAddress, remotePort }));
    const { status, body, contentType = 'text/plain; charset=utf-8' } = await this.respond(request);
    const { limits } = this.options;
    const last = status === 413 || limits.keepAliveMs === 0 || (limits.body === 0 && announcesBody(request));
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      ...(last ? { connection: 'close' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private async respond(request: http.IncomingMessage): Promise<ServerResponse> {
    const url = URL.parse(request.url ?? '/', 'http://server');
    if (url === null) return { status: 400, body: 'bad request\n' };
    const { pathname: path, searchParams: query } = url;
    const { routes, limits } = this.options;
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) return { status: 404, body: `nothing is served at ${path}\n` };
    try {
      const body = limits.body === 0 ? '' : await bodyOf(request, limits.body);
      this.room.begin(request.socket);
      const { method = 'GET', headers } = request;
      return await route({ method, path, query, headers, body }, this.closing.signal);
    } catch (error) {
      if (error instanceof TooLarge) return { status: 413, body: `${error.message}\n` };
      // A client that went away while it sent is no fault of ours, and reads no answer.
      if (request.errored === null) this.options.onError(error);
      return { status: 500, body: 'internal error\n' };
    }
  }
}

function contextOf({ certificate, key }: KeyPair) {
  return { cert: certificate, key, minVersion: 'TLSv1.2' } as const;
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
