// SPDX-License-Identifier: Apache-2.0
// Connections to an API server over real sockets: which are used again, which are closed, and what a server does that
// does not keep to HTTP, or is not the one that is trusted.
import { expect } from 'chai';
import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import tls from 'node:tls';
import type { KeyPair } from '../../../src/core/certificates.ts';
import { issueServer, makeAuthority } from '../../../src/io/http/certificates.ts';
import { Answer } from '../../../src/io/kube/answer.ts';
import { dialDirect } from '../../../src/io/kube/dial.ts';
import type { Dial } from '../../../src/io/kube/dial.ts';
import { HttpConnections } from '../../../src/io/kube/http-connections.ts';
import { until } from '../../fakes/operator.ts';

const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n';

/** A server of which a test decides what it says, byte for byte. */
class RawServer {
  readonly sockets: Socket[] = [];
  received = '';
  /** Said at once to every request. */
  saying = '';
  private readonly server: Server;

  constructor(pair?: KeyPair) {
    const talk = (socket: Socket): void => {
      this.sockets.push(socket);
      socket.on('data', (bytes: Buffer) => {
        this.received += bytes.toString();
        socket.write(this.saying);
      });
      socket.on('error', () => undefined);
    };
    this.server =
      pair === undefined ? net.createServer(talk) : tls.createServer({ cert: pair.certificate, key: pair.key }, talk);
    this.server.on('tlsClientError', () => undefined);
  }

  async listen(): Promise<URL> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    return new URL(`${this.server instanceof tls.Server ? 'https' : 'http'}://localhost:${String(port)}`);
  }

  /** Waits for so many requests. */
  async asked(times: number): Promise<void> {
    await until(`${String(times)} requests`, () => this.received.split('GET /').length > times);
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) await once(this.server, 'close');
  }
}

async function rejection(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error: unknown) => String(error),
  );
}

describe('HttpConnections', () => {
  let server: RawServer;
  let url: URL;
  let connections: HttpConnections;

  beforeEach(async () => {
    server = new RawServer();
    url = await server.listen();
    connections = new HttpConnections(dialDirect(url, {}));
  });

  afterEach(async () => {
    connections.close();
    await server.close();
  });

  const ask = (): Answer => new Answer(connections.take(), REQUEST);

  async function text(answer: Answer): Promise<string> {
    await answer.begun;
    return (await answer.whole()).text;
  }

  async function inPieces(answer: Answer): Promise<string> {
    const pieces: string[] = [];
    for await (const piece of answer.inPieces()) pieces.push(piece);
    return pieces.join('');
  }

  /** Asks, and has the server's last connection say this. */
  async function told(saying: string, times: number): Promise<string> {
    const answer = ask();
    await server.asked(times);
    server.sockets.at(-1)?.write(saying);
    return text(answer);
  }

  it('uses the connection again that was free last', async () => {
    const [one, two] = [ask(), ask()];
    await server.asked(2);
    for (const socket of server.sockets) socket.write(`${ANSWER}ok`);
    expect(await Promise.all([text(one), text(two)])).to.deep.equal(['ok', 'ok']);
    const third = ask();
    await server.asked(3);
    for (const socket of server.sockets) socket.write(`${ANSWER}no`);
    expect(await text(third)).to.equal('no');
    expect(server.sockets).to.have.length(2);
  });

  it('reads characters that come in two pieces, whole and piece by piece', async () => {
    for (const [index, read] of [text, inPieces].entries()) {
      const answer = ask();
      await server.asked(index + 1);
      const body = Buffer.from('aü€𝄞b');
      server.sockets[0]?.write(`HTTP/1.1 200 OK\r\ncontent-length: ${String(body.length)}\r\n\r\n`);
      const found = read(answer);
      for (const byte of body) {
        server.sockets[0]?.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await found).to.equal('aü€𝄞b');
    }
  });

  it('asks nothing more of a connection whose answer says that it closes', async () => {
    expect(await told('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok', 1)).to.equal('ok');
    expect(await told(`${ANSWER}ok`, 2)).to.equal('ok');
    expect(server.sockets).to.have.length(2);
  });

  it('reads an answer that ends with its connection', async () => {
    const answer = ask();
    await server.asked(1);
    server.sockets[0]?.end('HTTP/1.1 200 OK\r\n\r\nall of it');
    expect(await text(answer)).to.equal('all of it');
  });

  it('forgets a free connection that the server closes, or says something in', async () => {
    expect(await told(`${ANSWER}ok`, 1)).to.equal('ok');
    server.sockets[0]?.end();
    await once(server.sockets[0]!, 'close');
    expect(await told(`${ANSWER}ok`, 2)).to.equal('ok');
    server.sockets[1]?.write(`${ANSWER}of another`);
    await once(server.sockets[1]!, 'close');
    expect(await told(`${ANSWER}ok`, 3)).to.equal('ok');
    expect(server.sockets).to.have.length(3);
  });

  it('closes a connection that has not been used for long, and one in use not', async () => {
    const own = new HttpConnections(dialDirect(url, {}), 40);
    const [used, free] = [new Answer(own.take(), REQUEST), new Answer(own.take(), REQUEST)];
    await server.asked(2);
    server.sockets[1]?.write(`${ANSWER}ok`);
    expect(await text(free)).to.equal('ok');
    await once(server.sockets[1]!, 'close');
    server.sockets[0]?.write(`${ANSWER}ok`);
    expect(await text(used)).to.equal('ok');
    own.close();
  });

  it('tells of an answer that is cut short, of none, and of one that is no HTTP', async () => {
    const cut = ask();
    await server.asked(1);
    server.sockets[0]?.end(`${ANSWER}o`);
    expect(await rejection(text(cut))).to.include('aborted');
    const none = ask();
    await server.asked(2);
    server.sockets[1]?.end();
    expect(await rejection(text(none))).to.include('socket hang up');
    expect(await rejection(told('220 smtp.example\r\n\r\n', 3))).to.include('no answer of HTTP/1.1 begins with "220');
  });

  it('makes a server wait whose answer nobody reads, and gets all of it', async () => {
    const answer = ask();
    const pieces = answer.inPieces();
    await server.asked(1);
    const [socket] = server.sockets;
    socket?.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    await answer.begun;
    const first = pieces.next();
    const chunk = `${(1 << 20).toString(16)}\r\n${'x'.repeat(1 << 20)}\r\n`;
    // More than the buffers of both kernels hold: it is read when it is asked for, and not before.
    for (let times = 0; times < 32; times += 1) socket?.write(chunk);
    socket?.write('0\r\n\r\n');
    let length = (await first).value?.length ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(socket?.writableLength).to.be.greaterThan(8 << 20);
    for await (const piece of pieces) length += piece.length;
    expect(length).to.equal(32 << 20);
  });

  it('fails the open requests when it is closed, and lets no connection live that was about to be opened', async () => {
    const [open, opening] = [ask(), ask()];
    await server.asked(2);
    connections.close();
    expect(await rejection(open.begun)).to.include('the connection was closed');
    expect(await rejection(opening.begun)).to.include('the connection was closed');
    const late = ask();
    connections.close();
    expect(await rejection(late.begun)).to.include('the connection was closed');
    await until('all to be closed', () => server.sockets.every(({ destroyed }) => destroyed));
  });
});

describe('connections over TLS', () => {
  const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };
  let authority: KeyPair;
  let server: RawServer;
  let url: URL;

  before(async () => {
    authority = await makeAuthority('kubernetes', validity);
  });

  beforeEach(async () => {
    server = new RawServer(await issueServer(authority, ['localhost'], validity));
    url = await server.listen();
  });

  afterEach(() => server.close());

  async function answerTo(dial: Dial): Promise<string> {
    const connections = new HttpConnections(dial);
    try {
      const answer = new Answer(connections.take(), REQUEST);
      server.saying = `${ANSWER}ok`;
      await answer.begun;
      return (await answer.whole()).text;
    } finally {
      connections.close();
    }
  }

  it('say nothing to a server that is not trusted', async () => {
    expect(await answerTo(dialDirect(url, { ca: authority.certificate }))).to.equal('ok');
    server.received = '';
    const others = (await makeAuthority('kubernetes', validity)).certificate;
    expect(await rejection(answerTo(dialDirect(url, { ca: others })))).to.match(/certificate|self.signed/);
    const named = { ca: authority.certificate, servername: 'elsewhere.example' };
    expect(await rejection(answerTo(dialDirect(url, named)))).to.include("Hostname/IP does not match certificate's");
    expect(server.received).to.equal('');
  });
});
