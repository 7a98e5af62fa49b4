// SPDX-License-Identifier: Apache-2.0
// A proxy before a real API server that does to connections what networks and overloaded servers do: breaks them, falls
// silent, refuses, ends watches. Plain HTTP on its own side, so that a test can look into what passes.
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConnection, loadKubeConfig } from '../../src/io/kube/connection.ts';

/** A request as it passed, with the status that it was answered with. */
export interface Passed {
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

/** The fault of a request instead of passing it on: break its connection, never answer, or answer this. */
export type Trouble =
  'break' | 'ignore' | { readonly status: number; readonly headers?: http.OutgoingHttpHeaders; readonly body?: string };

/** So long nothing comes of an operator that rests: its lease apart, all that it does by the clock it does seldom. */
const QUIET_MS = 3000;

interface Watch {
  readonly response: http.ServerResponse;
  frozen: boolean;
}

/** The proxy. */
export class FaultProxy {
  readonly passed: Passed[] = [];
  /** Asked for each request; undefined passes it on. */
  trouble: (request: { readonly method: string; readonly url: string }) => Trouble | undefined = () => undefined;
  /** The URL to request instead. */
  rewrite: (url: string) => string = (url) => url;
  /** So many milliseconds pass before a request is passed on. */
  delayMs = 0;
  /** Connections that were made to it so far. */
  connections = 0;
  private readonly upstream: KubeConnection;
  private readonly server = http.createServer((request, response) => void this.handle(request, response));
  private readonly sockets = new Set<Socket>();
  private readonly watches = new Set<Watch>();

  constructor(kubeconfig: string) {
    this.upstream = new KubeConnection(loadKubeConfig(kubeconfig));
    this.server.on('connection', (socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): URL {
    const { port } = this.server.address() as AddressInfo;
    return new URL(`http://127.0.0.1:${String(port)}`);
  }

  /** Writes that passed, refused ones too. */
  get writes(): readonly Passed[] {
    return this.passed.filter(({ method }) => method !== 'GET');
  }

  /** Lists that passed, a page each. */
  listsOf(plural: string): readonly Passed[] {
    return this.passed.filter(
      ({ method, url }) => method === 'GET' && url.includes(`/${plural}?`) && !url.includes('watch=1'),
    );
  }

  /** Watches that were begun. */
  watchesOf(plural: string): readonly Passed[] {
    return this.passed.filter(({ url }) => url.includes(`/${plural}?`) && url.includes('watch=1'));
  }

  /** Writes a kubeconfig that leads to it into a folder; its path. */
  kubeconfigIn(folder: string): string {
    const file = path.join(folder, 'through-proxy.kubeconfig');
    const named = (kind: string, value: object): object => ({ name: 'proxy', [kind]: value });
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [named('cluster', { server: this.url.href.replace(/\/$/, '') })],
      users: [named('user', {})],
      contexts: [named('context', { cluster: 'proxy', user: 'proxy' })],
      'current-context': 'proxy',
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  /** Resets every connection, as a router that forgot them. */
  breakAll(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Ends every watch as the server does when its time is over. */
  endWatches(): void {
    for (const { response } of this.watches) response.end();
  }

  /** Passes nothing more on in the watches that are open, and keeps their connections: the other end has vanished. */
  freezeWatches(): void {
    for (const watch of this.watches) watch.frozen = true;
  }

  /** Sends a line of our own in every watch. */
  inject(line: object): void {
    for (const { response } of this.watches) response.write(`${JSON.stringify(line)}\n`);
  }

  /**
   * Waits until none of the requests that count has come for three seconds: on a busy machine the last may be late.
   * @throws Error with the latest of them when they come for two minutes
   */
  async untilQuiet(counts: (request: Passed) => boolean): Promise<void> {
    const seen = (): readonly Passed[] => this.passed.filter(counts);
    for (let [tries, before] = [0, -1]; before !== seen().length; tries += 1) {
      if (tries > 40) throw new Error(`it does not rest: ${JSON.stringify(seen().slice(-5))}`);
      before = seen().length;
      await sleep(QUIET_MS);
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    this.upstream.close();
    await closed;
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const trouble = this.trouble({ method, url });
    if (trouble === 'ignore') return;
    if (trouble === 'break') {
      request.socket.resetAndDestroy();
      return;
    }
    if (trouble !== undefined) {
      this.passed.push({ method, url, status: trouble.status });
      response.writeHead(trouble.status, trouble.headers).end(trouble.body ?? '{}');
      return;
    }
    if (this.delayMs > 0) await sleep(this.delayMs);
    await this.forward(request, response);
  }

  private async forward(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { agent } = await this.upstream.credentials(false);
    const { hostname, port } = this.upstream.server;
    const { method = 'GET', url = '/' } = request;
    const kept = Object.entries(request.headers).filter(([name]) => name !== 'connection' && name !== 'host');
    const headers = Object.fromEntries(kept);
    const sent = https.request({ hostname, port, method, path: this.rewrite(url), headers, agent }, (answer) => {
      this.passed.push({ method, url, status: answer.statusCode ?? 0 });
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      this.pipe(answer, response, url.includes('watch=1'));
    });
    sent.on('error', () => request.socket.destroy());
    response.on('close', () => sent.destroy());
    request.pipe(sent);
  }

  private pipe(answer: http.IncomingMessage, response: http.ServerResponse, isWatch: boolean): void {
    const watch = { response, frozen: false };
    if (isWatch) this.watches.add(watch);
    answer.on('data', (chunk: Buffer) => watch.frozen || response.write(chunk));
    answer.on('end', () => watch.frozen || response.end());
    answer.on('error', () => response.destroy());
    response.on('close', () => this.watches.delete(watch));
  }
}
