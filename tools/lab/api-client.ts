// SPDX-License-Identifier: Apache-2.0
// Asks the API server of a cluster, for the lab itself and for tests that need no more than a request and its answer.
import { Agent, request } from 'node:https';
import type { Credentials } from './kubeconfig.ts';

/** An answer of the API server. */
export interface Answer {
  readonly status: number;
  /** The parsed JSON, or the text where it is none. */
  readonly body: unknown;
}

/** A client with an identity. */
export class ApiClient {
  readonly url: string;
  private readonly agent: Agent;
  private readonly headers: Readonly<Record<string, string>>;

  /**
   * @param url - of the API server
   * @param authority - PEM of the certificate that signed the server's
   */
  constructor(url: string, authority: string, credentials: Credentials) {
    this.url = url;
    const pair = 'token' in credentials ? {} : { cert: credentials.certificate, key: credentials.key };
    this.agent = new Agent({ keepAlive: true, ca: authority, ...pair });
    this.headers = 'token' in credentials ? { authorization: `Bearer ${credentials.token}` } : {};
  }

  /**
   * Sends a request.
   * @param body - sent as JSON
   * @param contentType - for patches; a server-side apply takes JSON as `application/apply-patch+yaml`
   * @throws Error when there is no answer
   */
  async request(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...this.headers, accept: 'application/json', 'content-type': contentType };
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void => reject(new Error(`${method} ${path}: ${cause.message}`, { cause }));
      const outgoing = request(new URL(path, this.url), { method, headers, agent: this.agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', fail);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }));
      });
      outgoing.once('error', fail);
      outgoing.end(text);
    });
  }

  /** Closes connections that were kept for the next request. */
  close(): void {
    this.agent.destroy();
  }
}

function parse(bytes: Buffer): unknown {
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
