// SPDX-License-Identifier: Apache-2.0
// The relay between the machine and the lab's network, with this machine's own network in the place of the lab's.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { compile } from '../../tools/lab/compile.ts';
import type { Running } from '../../tools/lab/launch.ts';
import { launch, untilReady } from '../../tools/lab/launch.ts';
import { anyPort } from '../../tools/lab/ports.ts';
import { endAll } from '../../tools/lab/processes.ts';

describe('relay', () => {
  let folder: string;
  let relay: Running | undefined;
  let port: number;
  /** Sends everything back, and ends when its client does. */
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    // A client that goes away in the middle of its bytes is part of these tests.
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });

  before(async function () {
    if (process.geteuid?.() !== 0) {
      console.error('NOT TESTED: the relay, because entering a network namespace needs root');
      this.skip();
    }
    folder = mkdtempSync(path.join(tmpdir(), 'lab-relay-'));
    await compile('relay', path.join(folder, 'relay'));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const target = portOf();
    port = await anyPort();
    const ground = { bin: folder, logs: folder, dieWithParent: true, note: () => undefined };
    const args = [String(port), '/proc/self/ns/net', '127.0.0.1', String(target)];
    relay = await launch(ground, { name: 'relay', program: 'relay', args });
    await untilReady(relay, async () => (await talk(Buffer.from('x'))).length === 1, 120);
  });

  after(async () => {
    if (relay === undefined) return;
    await endAll([relay.id], 0);
    echo.close();
    rmSync(folder, { recursive: true });
  });

  function portOf(): number {
    const address: AddressInfo | string | null = echo.address();
    if (address === null || typeof address === 'string') throw new Error('the echo server has no port');
    return address.port;
  }

  function dial(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true }, () => resolve(socket));
      socket.once('error', reject);
    });
  }

  /** Sends bytes, says that no more will come, and returns what comes back. */
  async function talk(bytes: Buffer): Promise<Buffer> {
    const socket = await dial();
    socket.end(bytes);
    return buffer(socket);
  }

  it('passes all bytes both ways, also after one side has said that it is done', async () => {
    const bytes = randomBytes(8 << 20);
    expect((await talk(bytes)).equals(bytes)).to.equal(true);
  });

  it('serves many connections at once, each with its own bytes', async () => {
    const sent = Array.from({ length: 100 }, () => randomBytes(10_000));
    const received = await Promise.all(sent.map((bytes) => talk(bytes)));
    expect(received.map((bytes, index) => bytes.equals(sent[index]!))).to.not.include(false);
  });

  it('is not held up by a client that reads nothing', async () => {
    const idle = await dial();
    idle.write(randomBytes(1 << 20));
    idle.pause();
    expect((await talk(Buffer.from('others'))).toString()).to.equal('others');
    idle.destroy();
  });

  it('closes the connection when there is nobody behind it, and goes on', async () => {
    const target = portOf();
    await new Promise((resolve) => echo.close(resolve));
    expect((await talk(Buffer.from('x')).catch(() => Buffer.alloc(0))).length).to.equal(0);
    await new Promise<void>((resolve) => echo.listen(target, '127.0.0.1', resolve));
    expect((await talk(Buffer.from('again'))).toString()).to.equal('again');
  });

  it('says what is wrong with its arguments', () => {
    const { status, stderr } = spawnSync(path.join(folder, 'relay'), ['0', '/proc/self/ns/net', '127.0.0.1', '1']);
    expect(status).to.equal(2);
    expect(stderr.toString()).to.equal('usage: relay PORT NAMESPACE ADDRESS PORT\n');
  });
}).timeout(300_000);
