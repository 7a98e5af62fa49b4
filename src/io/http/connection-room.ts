// SPDX-License-Identifier: Apache-2.0
// A limit on the connections of a server that one client cannot turn against the others: when it is full, the
// connection that has been idle longest makes room for the new one. `maxConnections` of Node.js refuses the new one
// instead, so that a stranger who holds a few silent connections would keep the kubelet's probes and Prometheus out.
import type { Server, Socket } from 'node:net';

/** The peer of a connection; the same for a TCP connection and for the TLS connection over it. */
type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/** The connections of one server. */
export class ConnectionRoom {
  private readonly most: number;
  /** Connections without a request that is being answered; the longest idle first. */
  private readonly idle = new Map<string, Socket>();
  private readonly busy = new Map<string, Socket>();

  /** Limits a server, which must not listen yet, to `most` connections. */
  constructor(server: Server, most: number) {
    this.most = most;
    server.prependListener('connection', (socket: Socket) => this.admit(socket));
  }

  /** A request of this connection has been read and is being answered: the connection is not closed for others. */
  begin(peer: Peer): void {
    this.move(peer, this.idle, this.busy);
  }

  /** The request has been answered. */
  end(peer: Peer): void {
    this.move(peer, this.busy, this.idle);
  }

  private admit(socket: Socket): void {
    const key = keyOf(socket);
    if (this.idle.size + this.busy.size >= this.most && !this.evict()) {
      socket.destroy();
      return;
    }
    this.idle.set(key, socket);
    socket.once('close', () => {
      this.idle.delete(key);
      this.busy.delete(key);
    });
  }

  /** Closes the connection that has been idle longest; false where all are busy. */
  private evict(): boolean {
    const [oldest] = this.idle;
    if (oldest === undefined) return false;
    const [key, socket] = oldest;
    this.idle.delete(key);
    socket.destroy();
    return true;
  }

  private move(peer: Peer, from: Map<string, Socket>, to: Map<string, Socket>): void {
    const key = keyOf(peer);
    const socket = from.get(key);
    if (socket === undefined) return;
    from.delete(key);
    to.set(key, socket);
  }
}

function keyOf({ remoteAddress = '', remotePort = 0 }: Peer): string {
  return `${remoteAddress} ${String(remotePort)}`;
}
