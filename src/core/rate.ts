// SPDX-License-Identifier: Apache-2.0
// How often something may be done: a burst for the everyday case, then a trickle. Five hundred profiles that are
// installed at once would otherwise be five hundred events, and a stranger's guesses as many questions to the API
// server. Where several ask, each has a share, so that one of them does not take that of the others.

/** A burst, and after how many milliseconds one more is allowed. */
export interface RateLimit {
  readonly burst: number;
  readonly refillMs: number;
}

/** Counts what may be done. */
export class Rate {
  private readonly limit: RateLimit;
  private tokens: number;
  private at = 0;

  constructor(limit: RateLimit) {
    this.limit = limit;
    this.tokens = limit.burst;
  }

  /** Whether one more may be done at a time, in milliseconds of any clock that never goes back. */
  spend(now: number): boolean {
    const { burst, refillMs } = this.limit;
    this.tokens = Math.min(burst, this.tokens + Math.max(0, now - this.at) / refillMs);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/** Owners of shares that are remembered; one who was forgotten has a burst again. */
const OWNERS = 1024;

/** Counts what several may do, each within a share and all together within a limit. */
export class SharedRate {
  private readonly each: RateLimit;
  private readonly all: Rate;
  /** The one that has asked last is the last. */
  private readonly owners = new Map<string, Rate>();

  constructor(each: RateLimit, all: RateLimit) {
    this.each = each;
    this.all = new Rate(all);
  }

  /** Whether an owner may do one more, as Rate has it. One without a share left takes nothing of the others'. */
  spend(owner: string, now: number): boolean {
    const share = this.owners.get(owner) ?? new Rate(this.each);
    this.owners.delete(owner);
    this.owners.set(owner, share);
    const oldest = this.owners.keys().next();
    if (this.owners.size > OWNERS && oldest.done !== true) this.owners.delete(oldest.value);
    return share.spend(now) && this.all.spend(now);
  }
}
