// SPDX-License-Identifier: Apache-2.0
// One at a time, and a share for each address: whoever sends many from one address waits for himself, not others for
// him. Those that wait are few, because waiting costs memory, too.

/** Somebody who wants a turn. */
export interface Waiter {
  /** The turn has come. */
  begin(): void;
  /** It will not come: too many wait. */
  turnAway(): void;
}

/** Hands out turns, to one waiter at a time. */
export class FairTurns {
  private readonly most: number;
  /** Those that wait by address, the address whose turn is the next one first. */
  private readonly waiting = new Map<string, Waiter[]>();
  private count = 0;
  private current: Waiter | undefined;

  /** `most`: how many may wait. */
  constructor(most: number) {
    this.most = most;
  }

  /** Whether anybody waits. */
  get isWanted(): boolean {
    return this.count > 0;
  }

  /** Wants a turn, which may begin at once. */
  enter(waiter: Waiter, address: string): void {
    if (this.current === undefined) {
      this.current = waiter;
      waiter.begin();
      return;
    }
    const queue = this.waiting.get(address);
    if (queue === undefined) this.waiting.set(address, [waiter]);
    else queue.push(waiter);
    this.count += 1;
    if (this.count > this.most) this.turnOneAway();
  }

  /** Is over with its turn, or waits no longer. */
  leave(waiter: Waiter): void {
    for (const [address, queue] of this.waiting) this.take(address, queue.indexOf(waiter));
    if (this.current !== waiter) return;
    this.current = this.next();
    this.current?.begin();
  }

  private next(): Waiter | undefined {
    const [first] = this.waiting;
    if (first === undefined) return undefined;
    const [address, queue] = first;
    const waiter = this.take(address, 0);
    // The others of this address come after those of all other ones.
    if (this.waiting.delete(address)) this.waiting.set(address, queue);
    return waiter;
  }

  /** The oldest of the address that has the most. */
  private turnOneAway(): void {
    const [longest] = [...this.waiting].sort(([, a], [, b]) => b.length - a.length);
    if (longest !== undefined) this.take(longest[0], 0)?.turnAway();
  }

  private take(address: string, index: number): Waiter | undefined {
    const queue = this.waiting.get(address) ?? [];
    const [waiter] = index < 0 ? [] : queue.splice(index, 1);
    if (waiter !== undefined) this.count -= 1;
    if (queue.length === 0) this.waiting.delete(address);
    return waiter;
  }
}
