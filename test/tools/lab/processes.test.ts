// SPDX-License-Identifier: Apache-2.0
// Processes known by more than their pid, and locks that vanish with who held them.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { withLock } from '../../../tools/lab/lock.ts';
import { commandOf, endAll, identify, isAlive } from '../../../tools/lab/processes.ts';

function start(...words: readonly string[]): ChildProcess {
  const [command = '', ...args] = words;
  return spawn(command, args, { stdio: 'ignore' });
}

describe('endAll()', () => {
  it('ends a process that obeys SIGTERM, and one that does not', async () => {
    const stubborn = spawn('sh', ['-c', 'trap "" TERM; echo set; while :; do sleep 0.1; done'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const children = [start('sleep', '100'), stubborn];
    const ids = children.map(({ pid }) => identify('child', pid!)!);
    expect(ids.map(isAlive)).to.deep.equal([true, true]);
    // Until the trap is set, the shell would obey.
    await new Promise((resolve) => stubborn.stdout.once('data', resolve));
    await endAll(ids.slice(0, 1), 60_000);
    await endAll(ids, 300);
    expect(ids.map(isAlive)).to.deep.equal([false, false]);
    const signals = await Promise.all(children.map((child) => signalOf(child)));
    expect(signals).to.deep.equal(['SIGTERM', 'SIGKILL']);
  });

  it('leaves a process alone that has got the pid of another', async () => {
    const child = start('sleep', '100');
    const id = identify('child', child.pid!)!;
    await endAll([{ ...id, started: String(Number(id.started) - 1) }], 0);
    expect(isAlive(id)).to.equal(true);
    expect(commandOf(id.pid)).to.deep.equal(['sleep', '100']);
    await endAll([id], 0);
  });
});

function signalOf(child: ChildProcess): Promise<NodeJS.Signals | null> {
  if (child.signalCode !== null) return Promise.resolve(child.signalCode);
  return new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
}

describe('withLock()', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lab-lock-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets one in at a time, and says when somebody waits', async () => {
    const file = path.join(folder, 'lock');
    const seen: string[] = [];
    const entered = Promise.withResolvers<undefined>();
    const waits = Promise.withResolvers<undefined>();
    const first = withLock(
      file,
      async () => {
        seen.push('a in');
        entered.resolve(undefined);
        await waits.promise;
        seen.push('a out');
      },
      () => seen.push('a waits'),
    );
    await entered.promise;
    const second = withLock(
      file,
      () => Promise.resolve(seen.push('b in', 'b out')),
      () => {
        seen.push('b waits');
        waits.resolve(undefined);
      },
    );
    await Promise.all([first, second]);
    expect(seen).to.deep.equal(['a in', 'b waits', 'a out', 'b in', 'b out']);
  });

  it('is free again when the action fails, and passes the failure on', async () => {
    const file = path.join(folder, 'lock');
    const fault = await withLock(
      file,
      () => Promise.reject(new Error('broken')),
      () => undefined,
    ).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(Error).with.property('message', 'broken');
    expect(
      await withLock(
        file,
        async () => 'in',
        () => expect.fail('the lock is held'),
      ),
    ).to.equal('in');
  });
});
