// SPDX-License-Identifier: Apache-2.0
// Opens connections to an API server: TCP, or TLS whose other end has been verified before anything is said, and the
// same through the proxy of a kubeconfig.
import type { Agent } from 'node:http';
import type { AgentOptions } from 'node:https';
import net from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

/**
 * Opens a connection. Its bytes go to `receive`, and are valid during the call only. Rejects where there is no
 * connection, or none that is trusted, and where the signal aborts.
 */
export type Dial = (receive: (bytes: Buffer) => void, signal: AbortSignal) => Promise<Socket>;

/** The TLS side of credentials; a change of any needs new connections. */
export type Tls = Pick<
  AgentOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'
>;

/** TCP probes on idle connections, so that NAT tables do not forget them. */
const KEEP_ALIVE_MS = 30_000;

/**
 * All connections are read into this, one after the other: what is read has been used or copied before the next read.
 * A buffer for each read would be memory of the system's, asked for and given back every time.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 << 10);

interface Address {
  readonly host: string;
  readonly port: number;
}

function addressOf({ protocol, hostname, port }: URL): Address {
  const usual = protocol === 'http:' ? 80 : 443;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) };
}

/** The name that a server's certificate is asked for by; undefined for an IP address, which is no name. */
function nameOf({ host }: Address): string | undefined {
  return net.isIP(host) === 0 ? host : undefined;
}

/** Reads a socket without a stream of it, which costs as much as all the rest of a small answer. */
function readInto(receive: (bytes: Buffer) => void) {
  const callback = (length: number, buffer: Uint8Array): boolean => {
    receive(Buffer.from(buffer.buffer, buffer.byteOffset, length));
    return true;
  };
  return { onread: { buffer: READ_BUFFER, callback } } as const;
}

/** Waits until a socket is connected. */
function connected(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const abort = (): void => void socket.destroy();
    signal.addEventListener('abort', abort, { once: true });
    socket.once(event, () => {
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      resolve(socket);
    });
    socket.once('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(new Error('the connection was closed before it was open'));
    });
  });
}

/** Connections to the server itself. */
export function dialDirect(server: URL, options: Tls): Dial {
  const address = addressOf(server);
  if (server.protocol === 'http:') {
    return (receive, signal) => connected(net.connect({ ...address, ...readInto(receive) }), 'connect', signal);
  }
  const { servername = nameOf(address), rejectUnauthorized, ...identity } = options;
  let secureContext: tls.SecureContext | undefined;
  let session: Buffer | undefined;
  return async (receive, signal) => {
    secureContext ??= tls.createSecureContext(identity);
    const socket = tls.connect({
      ...address,
      ...readInto(receive),
      secureContext,
      ALPNProtocols: ['http/1.1'],
      ...(servername === undefined ? {} : { servername }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
      ...(session === undefined ? {} : { session }),
    });
    // The next connection takes this one up again, which spares both sides most of the handshake.
    socket.on('session', (given: Buffer) => (session = given));
    socket.once('error', () => (session = undefined));
    return connected(socket, 'secureConnect', signal);
  };
}

/** Connections through a proxy, as an agent makes them. */
export function dialThrough(agent: Agent, server: URL, identity: Tls): Dial {
  const address = addressOf(server);
  const options = { servername: nameOf(address), ...identity, ...address };
  return (receive, signal) =>
    new Promise((resolve, reject) => {
      agent.createConnection(options, (error: Error | null, socket: Duplex) => {
        if (error !== null) {
          reject(error);
          return;
        }
        socket.on('data', receive);
        if (signal.aborted) socket.destroy();
        // The proxy's own connection is open, TLS over it is about to be.
        if (socket instanceof tls.TLSSocket) connected(socket, 'secureConnect', signal).then(resolve, reject);
        else if (socket instanceof net.Socket) resolve(socket);
      });
    });
}
