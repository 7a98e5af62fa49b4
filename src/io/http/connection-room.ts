// SPDX-License-Identifier: Apache-2.0
// A limit on the connections of a server that one client cannot turn against the others: when it is full, the
// connection that has been idle longest makes room for the new one. `maxConnections` of Node.js refuses the new one
// instead, so that a stranger who holds a few silent connections would keep the kubelet's probes and Prometheus out.
import type { Server, Socket } from 'node:net';

/** The peer of a connection; the same for a TCP connection and for the TLS connection over it. */
type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/** Names a connection by its peer. A closed one has forgotten it. */
export type ConnectionKey = string;

/** Connections in one state, the one that has been in it for longest first. */
type Connections = Map<ConnectionKey, Socket>;

/** The connections of one server. */
export class ConnectionRoom {
  private readonly most: number;
  /** Connections without a request. */
  private readonly idle: Connections = new Map();
  /** Connections on which the body of a request arrives. */
  private readonly reading: Connections = new Map();
  /** Connections with a request that is being answered. */
  private readonly busy: Connections = new Map();

  /** Limits a server, which must not listen yet, to `most` connections. */
  constructor(server: Server, most: number) {
    this.most = most;
    server.prependListener('connection', (socket: Socket) => this.admit(socket));
  }

  /** A request of this connection has begun and its body arrives. */
  read(key: ConnectionKey): void {
    this.move(key, this.reading);
  }

  /** A request of this connection has been read and is being answered: the connection is not closed for others. */
  begin(key: ConnectionKey): void {
    this.move(key, this.busy);
  }

  /** The request has been answered. */
  end(key: ConnectionKey): void {
    this.move(key, this.idle);
  }

  private get all(): readonly Connections[] {
    return [this.idle, this.reading, this.busy];
  }

  private admit(socket: Socket): void {
    const key = connectionKey(socket);
    if (this.idle.size + this.reading.size + this.busy.size >= this.most && !this.evict()) {
      socket.destroy();
      return;
    }
    this.idle.set(key, socket);
    socket.once('close', () => {
      for (const connections of this.all) connections.delete(key);
    });
  }

  /**
   * Closes the connection that has been idle for longest; false where all are busy. Where most of them are reading,
   * these are strangers', and a client that has just connected, and is idle for the moment, is none.
   */
  private evict(): boolean {
    const from = this.idle.size === 0 || this.reading.size > this.most / 2 ? this.reading : this.idle;
    const [oldest] = from;
    if (oldest === undefined) return false;
    const [key, socket] = oldest;
    from.delete(key);
    socket.destroy();
    return true;
  }

  private move(key: ConnectionKey, to: Connections): void {
    for (const from of this.all) {
      const socket = from.get(key);
      if (socket === undefined) continue;
      from.delete(key);
      to.set(key, socket);
      return;
    }
  }
}

/** The key of an open connection. */
export function connectionKey({ remoteAddress = '', remotePort = 0 }: Peer): ConnectionKey {
  return `${remoteAddress} ${String(remotePort)}`;
}
