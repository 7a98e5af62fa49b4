// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { NotYet } from '../../src/core/errors.ts';
import { ApiError } from '../../src/runtime/api.ts';
import { Controller } from '../../src/runtime/controller.ts';
import type { Reconcile } from '../../src/runtime/controller.ts';
import { RuntimeMetrics } from '../../src/runtime/metrics.ts';
import { FakeClock, settled } from '../fakes/clock.ts';
import { keptLog } from '../fakes/operator.ts';
import type { LogLine } from '../fakes/operator.ts';

describe('Controller', () => {
  let clock: FakeClock;
  let registry: Registry;
  let lines: LogLine[];
  let draining: AbortController;
  let breaking: AbortController;
  let ended: Promise<void>;

  beforeEach(() => {
    clock = new FakeClock();
    registry = new Registry();
    lines = [];
    draining = new AbortController();
    breaking = new AbortController();
  });

  afterEach(async () => {
    draining.abort();
    breaking.abort();
    await ended;
  });

  function run(reconcile: Reconcile, concurrency = 2): Controller {
    const made = new Controller('widgets', concurrency, reconcile, {
      clock,
      log: keptLog(lines),
      metrics: new RuntimeMetrics(registry),
    });
    ended = made.run({ draining: draining.signal, breaking: breaking.signal });
    return made;
  }

  async function metric(line: string): Promise<void> {
    expect(await registry.metrics()).to.include(line);
  }

  it('runs so many passes at a time, and no key twice', async () => {
    const running: string[] = [];
    const release: (() => void)[] = [];
    const controller = run(async ({ name }) => {
      running.push(name);
      await new Promise<void>((resolve) => release.push(resolve));
      return {};
    });
    for (const key of ['a', 'b', 'c', 'a']) controller.queue.add(key);
    await settled();
    expect(running).to.deep.equal(['a', 'b']);
    await metric('controller_runtime_active_workers{controller="widgets"} 2');
    release.shift()?.();
    await settled();
    expect(running).to.deep.equal(['a', 'b', 'c']);
    for (const resolve of release) resolve();
  });

  it('breaks off a pass that takes longer than two minutes, and tries again', async () => {
    const signals: AbortSignal[] = [];
    const controller = run((_key, signal) => {
      signals.push(signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('broken off'))));
    });
    controller.queue.add('a');
    await clock.advance(119_999);
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([false]);
    await clock.advance(10);
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, false]);
    await metric('controller_runtime_reconcile_timeouts_total{controller="widgets"} 1');
  });

  it('tells a fault of the program from one of its surroundings', async () => {
    const errors = [
      new TypeError('x is undefined'),
      new Error('disk full'),
      new TypeError('fetch failed', { cause: new Error('x') }),
    ];
    const controller = run(async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return {};
    });
    controller.queue.add('a');
    await clock.advance(1000);
    await metric('controller_runtime_reconcile_panics_total{controller="widgets"} 1');
    await metric('controller_runtime_reconcile_errors_total{controller="widgets"} 3');
    await metric('controller_runtime_reconcile_total{controller="widgets",result="success"} 1');
  });

  it('does not ask again before the time that an overloaded server named', async () => {
    let reconciles = 0;
    const controller = run(async () => {
      reconciles += 1;
      if (reconciles === 1) throw new ApiError('GET /x', { code: 429, reason: '', message: '', retryAfterMs: 5000 });
      return {};
    });
    controller.queue.add('a');
    await clock.advance(4999);
    expect(reconciles).to.equal(1);
    await clock.advance(1);
    expect(reconciles).to.equal(2);
  });

  it('asks what waits for somebody else once a second at first, then ever more rarely, and without an alarm', async () => {
    const times: number[] = [];
    const controller = run(async () => {
      times.push(clock.monotonic());
      throw new NotYet('the base is missing');
    });
    controller.queue.add('a');
    await clock.advance(600_000);
    expect(times.slice(0, 4)).to.deep.equal([0, 1000, 2000, 3000]);
    expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).to.equal(60_000);
    expect(lines.filter(({ level }) => level !== 'debug')).to.deep.equal([]);
  });

  it('warns of conflicts from the fifth in a row of a key on', async () => {
    const conflict = new ApiError('PATCH /x', { code: 409, reason: 'Conflict', message: 'modified' });
    let left = 4;
    const controller = run(async ({ name }) => {
      if (name === 'b' || left-- > 0) throw conflict;
      return {};
    });
    const warnings = () => lines.filter(({ level }) => level === 'warn');
    controller.queue.add('a');
    await clock.advance(1000);
    left = 4;
    controller.queue.add('a');
    await clock.advance(1000);
    expect(warnings(), 'conflicts that end').to.deep.equal([]);
    controller.queue.add('b');
    await clock.advance(5 + 10 + 20 + 40 + 80 + 160 + 100);
    expect(warnings().map(({ fields }) => [fields['key'], fields['conflicts']])).to.deep.equal([
      ['b', 5],
      ['b', 6],
      ['b', 7],
    ]);
    expect(warnings()[0]?.fields['error']).to.equal(conflict);
  });

  it('passes again after the time that a pass asks for', async () => {
    let reconciles = 0;
    const controller = run(async () => {
      reconciles += 1;
      return { requeueAfterMs: 1000 };
    });
    controller.queue.add('a');
    await clock.advance(3500);
    expect(reconciles).to.equal(4);
    await metric('controller_runtime_reconcile_total{controller="widgets",result="requeue_after"} 4');
  });

  it('slows down a key that does nothing but ask for another pass, and not one that somebody changes', async () => {
    const times: number[] = [];
    const controller = run(async ({ name }) => {
      if (name === 'a') times.push(clock.monotonic());
      return { requeueAfterMs: 1 };
    });
    controller.queue.add('a');
    await clock.advance(4000);
    expect(times).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 1006, 2006, 3006]);
    controller.queue.add('a');
    await clock.advance(0);
    expect(times.at(-1), 'a change is looked at at once').to.equal(4000);
  });

  it('lets a key ask for itself again when it has once been content', async () => {
    const times: number[] = [];
    const controller = run(async () => {
      times.push(clock.monotonic());
      return times.length % 4 === 0 ? {} : { requeueAfterMs: 1 };
    });
    for (let turn = 0; turn < 3; turn += 1) {
      controller.queue.add('a', 'routine');
      await clock.advance(10);
    }
    expect(times).to.deep.equal([0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]);
  });

  it('takes no errors of passes for failures that it breaks off itself while it stops', async () => {
    const controller = run(
      (_key, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('x')))),
    );
    controller.queue.add('a');
    await settled();
    draining.abort();
    breaking.abort();
    await ended;
    expect(lines).to.deep.equal([]);
  });
});
