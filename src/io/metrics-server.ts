// SPDX-License-Identifier: Apache-2.0
// The metrics endpoints: HTTPS, HTTP/1.1 (scrapers and users' checks expect it), and only for those whom the API server
// lets read them. The certificate can be changed while it runs.
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Access } from './access.ts';
import type { KeyPair } from './certificates.ts';

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
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A scraper that says nothing is hung up on after this time. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Serves metrics until it is stopped. */
export class MetricsServer {
  private readonly parts: MetricsServerParts;
  private readonly server: Server;

  constructor(parts: MetricsServerParts) {
    this.parts = parts;
    this.server = createServer(
      { ...contextOf(parts.certificate), minVersion: 'TLSv1.2', requestTimeout: REQUEST_TIMEOUT_MS },
      (request, response) => void this.answer(request, response),
    );
  }

  /** Begins to listen; returns the port. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.parts.port, this.parts.host ?? '::', () => {
        this.server.off('error', reject);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Connections from now on get this certificate. */
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
      default: {
        const never: never = access;
        return never;
      }
    }
  }
}

function contextOf(pair: KeyPair): { readonly cert: string; readonly key: string } {
  return { cert: pair.certificate, key: pair.key };
}
