// SPDX-License-Identifier: Apache-2.0
// Connections to registries by TLS. A file of its own, because Node.js's code for it is loaded when the first one is
// made: a pull from this machine by plain http does without.
import { Agent, request } from 'node:https';
import type { ClientRequest, RequestOptions } from 'node:http';
import { rootCertificates } from 'node:tls';
import { isLoopback } from '../../core/oci/challenge.ts';

/** How they are made. */
export interface SecureOptions {
  /** Certificates, as PEM, that are trusted besides those that every registry's may be signed by. */
  readonly ca?: string;
  /** HTTPS_PROXY, HTTP_PROXY, NO_PROXY and their small forms; nothing else of it is read. */
  readonly proxy?: Readonly<Record<string, string | undefined>>;
}

/** The connections, kept for as long as they are of use. */
export class SecureConnections {
  private readonly far: Agent;
  /** Without the proxy: this machine's own registry is no matter of it. */
  private readonly near: Agent;

  constructor({ ca, proxy }: SecureOptions) {
    const tls = { keepAlive: true, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) };
    this.near = new Agent(tls);
    this.far = new Agent({ ...tls, ...(proxy === undefined ? {} : { proxyEnv: { ...proxy } }) });
  }

  /** Begins a request. */
  request(url: URL, options: RequestOptions): ClientRequest {
    return request(url, { ...options, agent: isLoopback(url.hostname) ? this.near : this.far });
  }

  /** Ends them. */
  close(): void {
    this.near.destroy();
    this.far.destroy();
  }
}
