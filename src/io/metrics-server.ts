// SPDX-License-Identifier: Apache-2.0
// The metrics endpoints: HTTPS, HTTP/1.1 (scrapers and users' checks expect it), and only for those whom the API server
// lets read them. The certificate can be changed while it runs.
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';
import type { KeyPair } from './certificates.ts';
import { listen } from './listen.ts';

/** What the server needs. */
export interface MetricsServerParts {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host?: string;
  readonly certificate: KeyPair;
  /** Text of each path, in Prometheus' format. */
  readonly pages: ReadonlyMap<string, () => Promise<string>>;
  check(token: string, path: string): Promise<Access>;
  /** Told when the API server could not be asked. */
  onError(error: unknown): void;
  /** Told of connections that could not be accepted. */
  onTrouble(error: Error): void;
  readonly limits?: Limits;
}

/** What a client may take of us before it has shown who it is. */
export interface Limits {
  /** Connections at a time; more are closed at once. */
  readonly connections: number;
  /** How long TLS may take to agree, in milliseconds. */
  readonly handshakeMs: number;
}

const LIMITS: Limits = { connections: 64, handshakeMs: 10_000 };

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A scraper that says nothing is hung up on after this time. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Serves metrics until it is stopped. */
export class MetricsServer {
  private readonly parts: MetricsServerParts;
  private readonly server: Server;

  /** Throws where the certificate is none, or does not belong to the key. */
  constructor(parts: MetricsServerParts) {
    this.parts = parts;
    const { connections, handshakeMs } = parts.limits ?? LIMITS;
    this.server = createServer(
      { ...contextOf(parts.certificate), requestTimeout: REQUEST_TIMEOUT_MS, handshakeTimeout: handshakeMs },
      (request, response) => void this.answer(request, response),
    );
    this.server.maxConnections = connections;
  }

  /** Begins to listen; returns the port. Rejects where it is taken. */
  async start(): Promise<number> {
    const port = await listen(this.server, this.parts);
    this.server.on('error', (error) => this.parts.onTrouble(error));
    return port;
  }

  /** Connections from now on get this certificate. Throws as the constructor does, and keeps the one before. */
  useCertificate(certificate: KeyPair): void {
    this.server.setSecureContext(contextOf(certificate));
  }

  /** Ends all connections. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const [status, text] = await this.page(request);
      response.writeHead(status, { 'content-type': CONTENT_TYPE });
      response.end(text);
    } catch (error) {
      this.parts.onError(error);
      response.writeHead(503, { 'content-type': 'text/plain' });
      response.end('the API server could not be asked for permission\n');
    }
  }

  private async page(request: IncomingMessage): Promise<readonly [number, string]> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const page = this.parts.pages.get(path);
    if (page === undefined) return [404, 'no such page\n'];
    if (request.method !== 'GET') return [405, 'only GET is served\n'];
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const access = token === undefined ? 'unauthenticated' : await this.parts.check(token, path);
    switch (access) {
      case 'allowed':
        return [200, await page()];
      case 'unauthenticated':
        return [401, 'a valid bearer token is needed\n'];
      case 'forbidden':
        return [403, `this account may not get ${path}\n`];
      case 'busy':
        return [503, 'too many ask for permission at the moment\n'];
      default: {
        const never: never = access;
        return never;
      }
    }
  }
}

function contextOf({ certificate, key }: KeyPair) {
  return { cert: certificate, key, minVersion: 'TLSv1.2' } as const;
}
