// SPDX-License-Identifier: Apache-2.0
// The one HTTP and HTTPS server of this program, for probes, metrics and webhooks: HTTP/1.1 only (scrapers and users'
// checks expect it), few connections, bodies only where a route needs them, a certificate that can be exchanged while
// it serves, and a close that waits for no client for long.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { KeyPair } from '../../core/certificates.ts';
import type { TlsVersion } from '../../core/config.ts';
import { BodyRoom, BodyTooLarge, BodyTooSlow, NoRoomForBody } from './bodies.ts';
import type { BodyLimits } from './bodies.ts';
import { connectionKey, ConnectionRoom } from './connection-room.ts';
import type { ConnectionKey } from './connection-room.ts';
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
  /** Of the client; empty where it has gone. */
  readonly address: string;
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
   * connection of a request that has one is closed. `connections` times this is the memory that strangers can fill
   * where `bodies` says nothing.
   */
  readonly body: number;
  /**
   * How all bodies share the memory; one without room is answered with 503, one that is late with 408. Left out: they
   * may fill what they like within `requestMs`.
   */
  readonly bodies?: BodyLimits;
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
  /** The oldest version of TLS to agree on. Default: 1.2. */
  readonly minVersion?: TlsVersion;
  /** Called for what a route throws, and for connections that cannot be accepted. */
  readonly onError: (error: unknown) => void;
}

/**
 * How often Node.js looks for requests that take too long, in milliseconds; its default of 30 s would keep them as
 * long.
 */
const CHECK_MS = 2000;

const ANY = Number.POSITIVE_INFINITY;
const UNLIMITED = { small: ANY, smallRoom: ANY, waiting: ANY, silenceMs: ANY, turnMs: ANY } as const;

/** Statuses after which a connection is closed: the rest of a body is not read. */
const REFUSALS: ReadonlySet<number> = new Set([408, 413, 503]);

/** Whether a request says that a body follows. */
function announcesBody({ headers }: http.IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** A server. */
export class HttpServer {
  private readonly server: http.Server | https.Server;
  private readonly options: ServerOptions;
  private readonly room: ConnectionRoom;
  private readonly bodies: BodyRoom;
  private readonly closing = new AbortController();
  /** Connections that were opened under the present certificate. */
  private current = new WeakSet<Socket>();
  private draining = false;

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
        : https.createServer({ ...common, ...this.contextOf(certificate), ALPNProtocols: ['http/1.1'] }, answer);
    this.server.on('secureConnection', (socket: Socket) => this.current.add(socket));
    this.bodies = new BodyRoom(limits.body, limits.bodies ?? { ...UNLIMITED, arrivalMs: limits.requestMs });
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
   * New connections get this certificate; those that are open end with their next answer. Throws as the constructor
   * does, and keeps the certificate of before.
   */
  setCertificate(certificate: KeyPair): void {
    if (!(this.server instanceof https.Server)) return;
    this.server.setSecureContext(this.contextOf(certificate));
    this.current = new WeakSet();
  }

  /** From now on each answer is the last one of its connection; requests are answered as before. */
  drain(): void {
    this.draining = true;
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
    const key = connectionKey(request.socket);
    response.once('close', () => this.room.end(key));
    const { status, body, contentType = 'text/plain; charset=utf-8' } = await this.respond(request, key);
    const last = this.isLast(request, status);
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      ...(last ? { connection: 'close' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private isLast(request: http.IncomingMessage, status: number): boolean {
    const { limits } = this.options;
    const isOld = this.server instanceof https.Server && !this.current.has(request.socket);
    const isRefused = REFUSALS.has(status) || (limits.body === 0 && announcesBody(request));
    return this.draining || isOld || isRefused || limits.keepAliveMs === 0;
  }

  private contextOf({ certificate, key }: KeyPair) {
    return { cert: certificate, key, minVersion: this.options.minVersion ?? 'TLSv1.2' } as const;
  }

  private async bodyOf(request: http.IncomingMessage, key: ConnectionKey): Promise<string> {
    if (this.options.limits.body === 0 || !announcesBody(request)) return '';
    this.room.read(key);
    const { 'content-length': told } = request.headers;
    const { remoteAddress: address = '' } = request.socket;
    return this.bodies.read(request, { address, length: told === undefined ? undefined : Number(told) });
  }

  private async respond(request: http.IncomingMessage, key: ConnectionKey): Promise<ServerResponse> {
    const url = URL.parse(request.url ?? '/', 'http://server');
    if (url === null) return { status: 400, body: 'bad request\n' };
    const { pathname: path, searchParams: query } = url;
    const { routes } = this.options;
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) return { status: 404, body: `nothing is served at ${path}\n` };
    try {
      const body = await this.bodyOf(request, key);
      this.room.begin(key);
      const { method = 'GET', headers, socket } = request;
      const { remoteAddress: address = '' } = socket;
      return await route({ method, path, query, headers, body, address }, this.closing.signal);
    } catch (error) {
      if (error instanceof BodyTooSlow) return { status: 408, body: `${error.message}\n` };
      if (error instanceof BodyTooLarge) return { status: 413, body: `${error.message}\n` };
      if (error instanceof NoRoomForBody) return { status: 503, body: `${error.message}\n` };
      // A client that went away while it sent is no fault of ours, and reads no answer.
      if (request.errored === null) this.options.onError(error);
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
