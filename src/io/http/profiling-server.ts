// SPDX-License-Identifier: Apache-2.0
// The profiling endpoints under the paths that `go tool pprof` knows: /debug/pprof/heap and
// /debug/pprof/profile?seconds=N.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { listen } from './listen.ts';
import type { Place } from './listen.ts';
import { ProcessProfiler } from '../profiling.ts';

const INDEX = '/debug/pprof/heap\n/debug/pprof/profile?seconds=30\n';

/** The duration that `go tool pprof` asks for by default. */
const DEFAULT_SECONDS = 30;
const MOST_SECONDS = 600;

/** Where profiles are served, and who hears of trouble. */
export interface ProfilingParts extends Place {
  /** Called for each connection that could not be accepted. */
  onTrouble(error: Error): void;
}

/** Serves profiles of this process until it is stopped. */
export class ProfilingServer {
  private readonly parts: ProfilingParts;
  private readonly profiler = new ProcessProfiler();
  private readonly server: Server;
  private readonly stopping = new AbortController();

  constructor(parts: ProfilingParts) {
    this.parts = parts;
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** Begins to listen and to sample; returns the port. Rejects where it is taken; then nothing is sampled. */
  async start(): Promise<number> {
    const port = await listen(this.server, this.parts);
    this.server.on('error', (error) => this.parts.onTrouble(error));
    await this.profiler.start();
    return port;
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
