// SPDX-License-Identifier: Apache-2.0
// In which order jobs run, and what runs beside what.
import { expect } from 'chai';
import { schedule } from '../../../tools/test/schedule.ts';
import type { Job } from '../../../tools/test/schedule.ts';

/** Runs jobs that end when the test says so, and notes what happens. */
class Stage {
  readonly log: string[] = [];
  readonly stop = new AbortController();
  readonly done: Promise<void>;
  private readonly ends = new Map<string, (succeeded: boolean) => void>();

  constructor(cores: number, ...jobs: readonly Job[]) {
    this.done = schedule(jobs, cores, {
      run: ({ name }) => {
        this.log.push(name);
        return new Promise((resolve) => this.ends.set(name, resolve));
      },
      blocked: ({ name }) => this.log.push(`blocked ${name}`),
      signal: this.stop.signal,
    });
  }

  /** Ends a running job, and lets the scheduler take note of it. */
  async end(name: string, succeeded = true): Promise<void> {
    const end = this.ends.get(name);
    if (end === undefined) throw new Error(`${name} does not run`);
    this.ends.delete(name);
    end(succeeded);
    await new Promise(setImmediate);
  }
}

const job = (name: string, load: number, rest: Partial<Job> = {}): Job => ({ name, load, ...rest });

describe('schedule()', () => {
  it('starts as much as the cores carry, in the order of the list', async () => {
    const stage = new Stage(2, job('a', 1), job('b', 0.8), job('c', 0.8), job('d', 0.3));
    expect(stage.log).to.deep.equal(['a', 'b']);
    await stage.end('a');
    expect(stage.log).to.deep.equal(['a', 'b', 'c', 'd']);
    for (const name of ['b', 'c', 'd']) await stage.end(name);
    await stage.done;
  });

  it('lets only what mostly waits overtake what the cores cannot carry yet', async () => {
    const stage = new Stage(2, job('a', 1.5), job('b', 1), job('c', 0.5), job('d', 0.1));
    expect(stage.log).to.deep.equal(['a', 'd']);
    await stage.end('a');
    expect(stage.log).to.deep.equal(['a', 'd', 'b', 'c']);
    for (const name of ['b', 'c', 'd']) await stage.end(name);
    await stage.done;
  });

  it('runs one after the other on one core, also what needs more', async () => {
    const stage = new Stage(1, job('a', 3), job('b', 0.9), job('c', 0.9));
    expect(stage.log).to.deep.equal(['a']);
    await stage.end('a');
    expect(stage.log).to.deep.equal(['a', 'b']);
    await stage.end('b');
    await stage.end('c');
    await stage.done;
  });

  it('never runs two with one lock', async () => {
    const stage = new Stage(9, job('a', 1, { locks: ['x', 'y'] }), job('b', 1, { locks: ['y'] }), job('c', 1));
    expect(stage.log).to.deep.equal(['a', 'c']);
    await stage.end('a');
    expect(stage.log).to.deep.equal(['a', 'c', 'b']);
    await stage.end('b');
    await stage.end('c');
    await stage.done;
  });

  it('runs together what shares something, and never beside what has it locked', async () => {
    const shares = { shares: ['x'] };
    const stage = new Stage(
      9,
      job('a', 1, shares),
      job('b', 1, shares),
      job('c', 1, { locks: ['x'] }),
      job('d', 1, shares),
    );
    expect(stage.log).to.deep.equal(['a', 'b', 'd']);
    for (const name of ['a', 'b', 'd']) await stage.end(name);
    expect(stage.log).to.deep.equal(['a', 'b', 'd', 'c']);
    await stage.end('c');
    await stage.done;
    const reverse = new Stage(9, job('c', 1, { locks: ['x'] }), job('a', 1, shares));
    expect(reverse.log).to.deep.equal(['c']);
    await reverse.end('c');
    await reverse.end('a');
    await reverse.done;
  });

  it('starts what comes after another when that has succeeded', async () => {
    const stage = new Stage(9, job('b', 1, { after: ['a'] }), job('a', 1));
    expect(stage.log).to.deep.equal(['a']);
    await stage.end('a');
    expect(stage.log).to.deep.equal(['a', 'b']);
    await stage.end('b');
    await stage.done;
  });

  it('tells what can never start, and goes on with the rest', async () => {
    const stage = new Stage(9, job('a', 1), job('b', 1, { after: ['a'] }), job('c', 1, { after: ['b'] }), job('d', 1));
    await stage.end('a', false);
    expect(stage.log).to.deep.equal(['a', 'd', 'blocked b', 'blocked c']);
    await stage.end('d', false);
    await stage.done;
  });

  it('waits for nothing that is not in the list', async () => {
    const stage = new Stage(1, job('a', 1, { after: ['nothing'] }));
    await stage.end('a');
    await stage.done;
  });

  it('starts nothing more when it was aborted, and waits for what runs', async () => {
    const stage = new Stage(1, job('a', 1), job('b', 1));
    let isOver = false;
    void stage.done.then(() => (isOver = true));
    stage.stop.abort();
    await new Promise(setImmediate);
    expect(isOver).to.equal(false);
    await stage.end('a', false);
    expect(stage.log).to.deep.equal(['a']);
    await stage.done;
  });
});
