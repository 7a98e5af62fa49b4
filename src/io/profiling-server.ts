// SPDX-License-Identifier: Apache-2.0
// The profiling endpoints under the paths that `go tool pprof` knows: /debug/pprof/heap and /debug/pprof/profile?seconds=N.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ProcessProfiler } from './profiling.ts';

const INDEX = '/debug/pprof/heap\n/debug/pprof/profile?seconds=30\n';

/** What `go tool pprof` asks for when nobody says how long. */
const DEFAULT_SECONDS = 30;
const MOST_SECONDS = 600;

/** Serves profiles of this process until it is stopped. */
export class ProfilingServer {
  private readonly port: number;
  private readonly host: string;
  private readonly profiler = new ProcessProfiler();
  private readonly server: Server;
  private readonly stopping = new AbortController();

  /** Port 0 takes a free one. */
  constructor(port: number, host = '::') {
    this.port = port;
    this.host = host;
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** Begins to sample and to listen; returns the port. */
  async start(): Promise<number> {
    await this.profiler.start();
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, this.host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Ends all connections, and a profile that is being taken. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.profiler.stop();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const [status, body] = await this.page(new URL(request.url ?? '/', 'http://localhost'));
      response.writeHead(status, {
        'content-type': typeof body === 'string' ? 'text/plain' : 'application/octet-stream',
      });
      response.end(body);
    } catch (error) {
      response.writeHead(error instanceof RangeError ? 409 : 500, { 'content-type': 'text/plain' });
      response.end(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }

  private async page(url: URL): Promise<readonly [number, string | Uint8Array]> {
    switch (url.pathname) {
      case '/debug/pprof':
      case '/debug/pprof/':
        return [200, INDEX];
      case '/debug/pprof/heap':
        return [200, gzipSync(await this.profiler.heap())];
      case '/debug/pprof/profile':
        return this.cpu(url.searchParams.get('seconds') ?? String(DEFAULT_SECONDS));
      default:
        return [404, 'no such page\n'];
    }
  }

  private async cpu(wanted: string): Promise<readonly [number, string | Uint8Array]> {
    const seconds = Number(wanted);
    if (!(seconds > 0 && seconds <= MOST_SECONDS))
      return [400, `seconds must be between 0 and ${String(MOST_SECONDS)}\n`];
    return [200, gzipSync(await this.profiler.cpu(seconds, this.stopping.signal))];
  }
}
