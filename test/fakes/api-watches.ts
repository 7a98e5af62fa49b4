// SPDX-License-Identifier: Apache-2.0
// The watches of the fake API server: a change goes to whoever selects the object, before or after it.
import { apiVersionOf } from '../../src/runtime/object.ts';
import type { Resource } from '../../src/runtime/object.ts';
import type { Entry } from './api-objects.ts';
import { isSelected } from './selectors.ts';

/** The request of a watch. */
export interface WatchRequest {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

/** Lines that are pushed on one side and iterated on the other. */
class Channel implements AsyncIterable<unknown> {
  private readonly lines: unknown[] = [];
  private ended = false;
  private error: Error | undefined;
  private wake: () => void = () => undefined;

  push(line: unknown): void {
    this.lines.push(line);
    this.wake();
  }

  end(error?: Error): void {
    this.ended = true;
    this.error ??= error;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator {
    for (;;) {
      if (this.lines.length > 0) yield this.lines.shift();
      else if (this.error !== undefined) throw this.error;
      else if (this.ended) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

interface Watcher {
  readonly request: WatchRequest;
  /**
   * Changes that are not younger are not shown, nor is a bookmark from before it: as the real server does, even after a
   * restore.
   */
  readonly from: number;
  readonly channel: Channel;
}

function linesOf(entry: Entry, { resource, namespace, query }: WatchRequest): readonly unknown[] {
  if (entry.resource.plural !== resource.plural || entry.resource.group !== resource.group) return [];
  const object = entry.after ?? entry.before;
  if (object === undefined || (namespace !== undefined && object.metadata.namespace !== namespace)) return [];
  const was = entry.before !== undefined && isSelected(entry.before, query);
  const is = entry.after !== undefined && isSelected(entry.after, query);
  if (!was && !is) return [];
  const change = was ? 'MODIFIED' : 'ADDED';
  return [{ type: is ? change : 'DELETED', object: structuredClone(object) }];
}

/** All open watches. */
export class Watches {
  private readonly open = new Set<Watcher>();

  get size(): number {
    return this.open.size;
  }

  /** Opens a watch that begins with what the history holds after the version that was asked for. */
  start(request: WatchRequest, history: readonly Entry[], signal: AbortSignal): AsyncIterable<unknown> {
    const watcher = { request, channel: new Channel(), from: Number(request.query['resourceVersion'] ?? 0) };
    this.open.add(watcher);
    for (const entry of history) this.send(watcher, entry);
    signal.addEventListener('abort', () => this.end(watcher, new Error('broken off')));
    const seconds = Number(request.query['timeoutSeconds'] ?? 0);
    if (seconds > 0) setTimeout(() => this.end(watcher), seconds * 1000).unref();
    return watcher.channel;
  }

  tell(entry: Entry): void {
    for (const watcher of this.open) this.send(watcher, entry);
  }

  /** Sends a line to all; without one, a bookmark. */
  sendAll(version: number, line?: unknown): void {
    for (const { request, channel, from } of this.open) {
      if (line === undefined && version < from) continue;
      const { kind } = request.resource;
      const object = {
        kind,
        apiVersion: apiVersionOf(request.resource),
        metadata: { resourceVersion: String(version) },
      };
      channel.push(line ?? { type: 'BOOKMARK', object });
    }
  }

  /** Ends all: regularly, or as a broken connection does. */
  endAll(error?: Error): void {
    for (const watcher of this.open) this.end(watcher, error);
  }

  private send(watcher: Watcher, entry: Entry): void {
    if (entry.version <= watcher.from) return;
    for (const line of linesOf(entry, watcher.request)) watcher.channel.push(line);
  }

  private end(watcher: Watcher, error?: Error): void {
    this.open.delete(watcher);
    watcher.channel.end(error);
  }
}
