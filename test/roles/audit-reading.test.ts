// SPDX-License-Identifier: Apache-2.0
// The program that reads audit records is started again when it has ended, unless it does not last.
import { expect } from 'chai';
import { SILENT } from '../../src/core/log.ts';
import type { Auditor } from '../../src/io/native/auditor.ts';
import { keepReading } from '../../src/roles/wiring/audit-reading.ts';

/** A program of the test, which ends when it is told to or stopped. */
interface Program extends Auditor {
  readonly fail: (how: string) => void;
}

function program(): Program {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { ended: promise, stop: () => resolve('ended with status 0'), fail: resolve };
}

describe('roles/wiring/audit-reading', () => {
  let now: number;
  let started: Program[];
  let ending: AbortController;
  let said: string[];

  /** Reads, with programs that the test has in its hands. */
  function read(): Promise<number> {
    const begin = (): Auditor => {
      const next = program();
      started.push(next);
      return next;
    };
    const log = { ...SILENT, error: (_: string, { why }: { why?: unknown } = {}) => said.push(String(why)) };
    return keepReading(begin, { log, clock: { monotonic: () => now } }, ending.signal);
  }

  /** Lets everything happen that has been caused. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    now = 0;
    started = [];
    said = [];
    ending = new AbortController();
  });

  it('starts the next program at once, as often as one has lasted', async () => {
    const status = read();
    for (const [time, count] of [
      [10_000, 2],
      [25_000, 3],
    ] as const) {
      now = time;
      started.at(-1)?.fail('ended with SIGKILL');
      await settle();
      expect(started).to.have.lengthOf(count);
    }
    ending.abort();
    expect(await status).to.equal(0);
    expect(said).to.deep.equal(['ended with SIGKILL', 'ended with SIGKILL']);
  });

  it('ends with a program that did not last, and says how that ended', async () => {
    const status = read();
    now = 9999;
    started[0]?.fail('ended with status 1');
    expect(await status).to.equal(1);
    expect([started.length, said]).to.deep.equal([1, ['ended with status 1']]);
  });

  it('stops the program with the process, also when that was told to end before', async () => {
    ending.abort();
    expect(await read()).to.equal(0);
    expect([started.length, said]).to.deep.equal([1, []]);
  });
});
