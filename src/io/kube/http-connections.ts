// SPDX-License-Identifier: Apache-2.0
// The connections to one server with one identity. Those that are free are used again, the last one first, so that the
// others of a burst grow old and are closed.
import { HttpConnection } from './http-connection.ts';
import type { ConnectionOwner } from './http-connection.ts';
import type { Dial } from './dial.ts';

/** Connections of a burst are closed after so long without use; each costs 50 KiB. Watches are not touched. */
const IDLE_MS = 60_000;

/** How many times in that time the idle ones are looked at, as long as there are any. */
const LOOKS = 4;

/** A connection that waits for a request, since when, in monotonic milliseconds. */
interface Free {
  readonly connection: HttpConnection;
  readonly since: number;
}

/** Hands out connections. */
export class HttpConnections implements ConnectionOwner {
  private readonly dial: Dial;
  private readonly all = new Set<HttpConnection>();
  /** The one that was used last is the last. */
  private free: Free[] = [];
  private readonly idleMs: number;
  private timer: NodeJS.Timeout | undefined;

  /** `idleMs`: connections are closed after so long without use, or a quarter of it later. */
  constructor(dial: Dial, idleMs = IDLE_MS) {
    this.dial = dial;
    this.idleMs = idleMs;
  }

  /** A connection without an open request, a new one where none is free. */
  take(): HttpConnection {
    const known = this.free.pop()?.connection;
    known?.wake();
    if (known !== undefined) return known;
    const made = new HttpConnection(this.dial, this);
    this.all.add(made);
    return made;
  }

  freed(connection: HttpConnection): void {
    this.free.push({ connection, since: performance.now() });
    connection.rest();
    this.timer ??= this.lookLater();
  }

  closed(connection: HttpConnection): void {
    this.all.delete(connection);
    this.free = this.free.filter((known) => known.connection !== connection);
  }

  /** Closes all of them; requests that are open fail. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const connection of this.all) connection.close();
  }

  private look(): void {
    const oldest = performance.now() - this.idleMs;
    for (const { connection, since } of this.free) if (since <= oldest) connection.close();
    this.timer = this.free.length === 0 ? undefined : this.lookLater();
  }

  private lookLater(): NodeJS.Timeout {
    return setTimeout(() => this.look(), this.idleMs / LOOKS).unref();
  }
}
