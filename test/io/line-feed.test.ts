// SPDX-License-Identifier: Apache-2.0
// Lines between two containers: all that counts comes first, and neither side's restart loses any.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { hearLines, tellLines } from '../../src/io/line-feed.ts';
import { until } from '../fakes/operator.ts';

describe('io/line-feed', function () {
  this.timeout(120_000);
  let folder: string;
  let socket: string;
  let end: AbortController;
  let heard: string[];
  let losses: number;
  const fail = (error: unknown): never => {
    throw error;
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-feed-'));
    socket = path.join(folder, 'lines.sock');
    end = new AbortController();
    heard = [];
    losses = 0;
  });
  afterEach(() => {
    end.abort();
    rmSync(folder, { recursive: true });
  });

  function hear(patienceMs?: number): Promise<void> {
    const listener = { line: (line: string) => heard.push(line), lost: () => (losses += 1) };
    return hearLines(socket, listener, end.signal, patienceMs);
  }

  it('tells first what counts, then what comes, and again after a restart of the teller', async () => {
    const hearing = hear();
    const first = await tellLines(socket, () => ['a', 'b'], fail);
    await until('the lines that count', () => heard.length === 2);
    first.say('c');
    await until('one that comes', () => heard.length === 3);
    await first.close();
    const second = await tellLines(socket, () => ['d'], fail);
    await until('the lines of another one', () => heard.length === 4);
    expect(heard).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(losses, 'of which nothing needs to be told').to.equal(0);
    end.abort();
    await hearing;
    await second.close();
  });

  it('is lost where nobody tells for long, at the beginning and after a connection', async () => {
    const hearing = hear(10);
    await until('the loss at the beginning', () => losses > 0);
    const feed = await tellLines(socket, () => ['a'], fail);
    await until('the line', () => heard.length === 1);
    const before = losses;
    await feed.close();
    await until('the loss after it', () => losses > before);
    end.abort();
    await hearing;
  });

  it('puts up with nobody there, and with one who never ends a line', async () => {
    const server = createServer((connection) => {
      connection.on('error', () => undefined);
      connection.write('x'.repeat(200_000));
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const hearing = hear(10);
    await until('the end of it', () => losses > 0);
    expect(heard).to.deep.equal([]);
    end.abort();
    await hearing;
    server.close();
  });
});
