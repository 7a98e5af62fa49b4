// SPDX-License-Identifier: Apache-2.0
// When a node's policies are installed: once those that come together have come, one round for all of them, and never
// two rounds at a time. A round that fails is tried again, because nobody else would.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { backoffMs, sleep } from '../../runtime/clock.ts';
import type { Backoff, Clock } from '../../runtime/clock.ts';

/** Policies that come closer together than this are of one round, in milliseconds. */
const QUIET_MS = 150;

/** A round waits for no more policies than come in this time, in milliseconds. */
const LONGEST_MS = 2000;

const RETRY: Backoff = { firstMs: 1000, capMs: 60_000, jitter: 0.2 };

/** The surroundings of the rounds. */
export interface PolicyRoundsParts {
  readonly clock: Clock;
  readonly log: Log;
  round(): Promise<void>;
  /** A round has ended well. */
  ended(): void;
}

/** Rounds of installing. */
export class PolicyRounds {
  private readonly parts: PolicyRoundsParts;
  private asked = 0;
  /** Why the last round has failed; empty where it has not. It is said once. */
  private why = '';
  private wake: () => void = () => undefined;

  constructor(parts: PolicyRoundsParts) {
    this.parts = parts;
  }

  /** Something has changed. */
  ask(): void {
    this.asked += 1;
    this.wake();
  }

  /** Does rounds until the signal aborts: the first at once, then one after each change. */
  async run(signal: AbortSignal): Promise<void> {
    let done = -1;
    let failures = 0;
    for (;;) {
      if (!(await this.gather(done, signal))) return;
      const begun = this.asked;
      const failed = await this.attempt();
      failures = failed ? failures + 1 : 0;
      if (failed) await sleep(this.parts.clock, backoffMs(RETRY, failures, this.parts.clock.random()), signal);
      else done = begun;
    }
  }

  /** Returns when something has been asked for, and nothing more for a while; false once the signal has aborted. */
  private async gather(done: number, signal: AbortSignal): Promise<boolean> {
    if (this.asked === done) await this.next(signal);
    const begun = this.parts.clock.monotonic();
    for (let seen = -1; seen !== this.asked && this.parts.clock.monotonic() - begun < LONGEST_MS;) {
      seen = this.asked;
      if (!(await sleep(this.parts.clock, QUIET_MS, signal))) return false;
    }
    return !signal.aborted;
  }

  private next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private async attempt(): Promise<boolean> {
    try {
      await this.parts.round();
      this.parts.ended();
      this.why = '';
      return false;
    } catch (error) {
      const why = errorText(error);
      if (why !== this.why) this.parts.log.error('the policies of the node cannot be installed now', { why });
      this.why = why;
      return true;
    }
  }
}
