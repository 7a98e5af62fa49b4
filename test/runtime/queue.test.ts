// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { WorkQueue } from '../../src/runtime/queue.ts';
import type { QueueObserver } from '../../src/runtime/queue.ts';
import { FakeClock, settled } from '../fakes/clock.ts';

const never = new AbortController().signal;

function observed(): QueueObserver & { readonly seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    added: () => seen.push('added'),
    taken: (ms) => seen.push(`taken ${String(ms)}`),
    finished: (ms) => seen.push(`finished ${String(ms)}`),
    retried: () => seen.push('retried'),
  };
}

describe('WorkQueue', () => {
  let clock: FakeClock;
  let queue: WorkQueue;
  let observer: ReturnType<typeof observed>;

  beforeEach(() => {
    clock = new FakeClock();
    observer = observed();
    queue = new WorkQueue(clock, observer);
  });

  async function keyTaken(): Promise<string | undefined> {
    return queue.depth === 0 ? undefined : (await queue.take(never))?.key;
  }

  it('holds a key once, however often it is added', async () => {
    for (let turn = 0; turn < 3; turn += 1) queue.add('a');
    expect(queue.depth).to.equal(1);
    expect(await keyTaken()).to.equal('a');
    expect(await keyTaken()).to.equal(undefined);
  });

  it('gives fresh keys before routine ones, each in their order', async () => {
    queue.add('r1', 'routine');
    queue.add('r2', 'routine');
    queue.add('f1');
    queue.add('f2');
    queue.add('r2', 'fresh');
    expect([await keyTaken(), await keyTaken(), await keyTaken(), await keyTaken()]).to.deep.equal([
      'f1',
      'f2',
      'r2',
      'r1',
    ]);
  });

  it('never gives a key to two at a time; one that is added meanwhile comes again afterwards', async () => {
    queue.add('a');
    const task = await queue.take(never);
    queue.add('a', 'routine');
    queue.add('a');
    expect(queue.depth).to.equal(0);
    if (task !== undefined) queue.done(task);
    expect(await queue.take(never)).to.deep.equal({ key: 'a', priority: 'fresh' });
  });

  it('wakes whoever waits for a key', async () => {
    const waiting = [queue.take(never), queue.take(never)];
    queue.add('a');
    queue.add('b');
    expect((await Promise.all(waiting)).map((task) => task?.key)).to.deep.equal(['a', 'b']);
  });

  it('gives nothing once the signal aborts, and keeps what waits', async () => {
    const stop = new AbortController();
    const waiting = queue.take(stop.signal);
    stop.abort();
    expect(await waiting).to.equal(undefined);
    queue.add('a');
    expect(await queue.take(stop.signal)).to.equal(undefined);
    expect(queue.depth).to.equal(1);
  });

  it('adds a key later, at the earlier of two wishes', async () => {
    queue.addAfter('a', 100);
    queue.addAfter('a', 50);
    queue.addAfter('a', 70);
    await clock.advance(49);
    expect(queue.depth).to.equal(0);
    await clock.advance(1);
    expect(queue.depth).to.equal(1);
    expect(clock.waiting).to.equal(0);
  });

  it('doubles the wait with each failure in a row, up to a cap, and starts over after forget()', async () => {
    const task = { key: 'a', priority: 'fresh' } as const;
    const waits: number[] = [];
    for (let failure = 0; failure < 16; failure += 1) {
      queue.retry(task);
      let wait = 0;
      while (queue.depth === 0) {
        await clock.advance(5);
        wait += 5;
      }
      waits.push(wait);
      const taken = await queue.take(never);
      if (taken !== undefined) queue.done(taken);
      if (wait >= 640) break;
    }
    expect(waits).to.deep.equal([5, 10, 20, 40, 80, 160, 320, 640]);
    queue.forget('a');
    queue.retry(task);
    await clock.advance(5);
    expect(queue.depth).to.equal(1);
  }).timeout(120_000);

  it('does not retry before the time that the server asked for', async () => {
    queue.retry({ key: 'a', priority: 'fresh' }, 1000);
    await clock.advance(999);
    expect(queue.depth).to.equal(0);
    await clock.advance(1);
    expect(await queue.take(never)).to.deep.equal({ key: 'a', priority: 'fresh' });
  });

  it('tells what it measures', async () => {
    queue.add('a');
    await clock.advance(10);
    const task = await queue.take(never);
    await clock.advance(20);
    expect(queue.runningMs()).to.deep.equal([20]);
    if (task !== undefined) queue.done(task);
    expect(observer.seen).to.deep.equal(['added', 'taken 10', 'finished 20']);
  });

  it('takes in nothing while it is closed, and opens with what waited and what must not be forgotten', async () => {
    queue.add('waits');
    queue.addAfter('later', 60_000);
    queue.close();
    queue.add('changed');
    queue.ask('asked');
    expect([queue.depth, clock.waiting]).to.deep.equal([0, 0]);
    await clock.advance(3_600_000);
    queue.open();
    expect([await keyTaken(), await keyTaken(), await keyTaken()]).to.deep.equal(['waits', 'later', 'asked']);
    expect([await keyTaken(), queue.depth]).to.deep.equal([undefined, 0]);
    expect(observer.seen).to.deep.equal(['added', 'added', 'added', 'added', 'taken 0', 'taken 0', 'taken 0']);
  });

  it('forgets all and cancels its timers with clear()', async () => {
    queue.add('a');
    queue.addAfter('b', 10);
    queue.clear();
    await clock.advance(20);
    await settled();
    expect([queue.depth, clock.waiting]).to.deep.equal([0, 0]);
  });
});
