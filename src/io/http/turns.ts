// SPDX-License-Identifier: Apache-2.0
// Work that a stranger can cause, kept to so many at a time: the rest waits for its turn, and what does not even find
// room to wait is turned away at once.

/** Room for work. */
export interface Room {
  /** Works that run at the same time. */
  readonly running: number;
  /** Works that may wait, besides those that go first. */
  readonly waiting: number;
}

/** Hands out turns. */
export class Turns {
  private readonly room: Room;
  private readonly first: (() => void)[] = [];
  private readonly others: (() => void)[] = [];
  private running = 0;

  constructor(room: Room) {
    this.room = room;
  }

  /**
   * Does the work when its turn comes, and settles as it does; undefined when there is no room. Urgent work goes before
   * all other and always finds room, so the caller must know that there is little of it.
   */
  run<T>(work: () => Promise<T>, goesFirst: boolean): Promise<T> | undefined {
    if (this.running < this.room.running) {
      this.running += 1;
      return this.holding(work);
    }
    if (!goesFirst && this.others.length >= this.room.waiting) return undefined;
    const turn = new Promise<void>((resolve) => (goesFirst ? this.first : this.others).push(resolve));
    return turn.then(() => this.holding(work));
  }

  /** Works, and hands the turn over to who waits. */
  private async holding<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      const next = this.first.shift() ?? this.others.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
