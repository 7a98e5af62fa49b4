// SPDX-License-Identifier: Apache-2.0
// How many events may be written: a burst for the everyday case, then a trickle. Five hundred profiles that are
// installed at once would otherwise be five hundred events, as many writes as their statuses, which say the same.

/** A burst, and after how many milliseconds one more is allowed. */
export interface Allowance {
  readonly burst: number;
  readonly refillMs: number;
}

/** Counts what may be said. */
export class EventBudget {
  private readonly allowance: Allowance;
  private tokens: number;
  private at = 0;

  constructor(allowance: Allowance) {
    this.allowance = allowance;
    this.tokens = allowance.burst;
  }

  /** Whether one more event may be written at a time, in milliseconds of any clock that never goes back. */
  spend(now: number): boolean {
    const { burst, refillMs } = this.allowance;
    this.tokens = Math.min(burst, this.tokens + Math.max(0, now - this.at) / refillMs);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
