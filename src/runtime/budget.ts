// SPDX-License-Identifier: Apache-2.0
// Which objects of a namespace are kept whole. Every process of ours holds every profile, so what one tenant writes
// costs the memory of all nodes; a budget for each namespace bounds that. Beyond it an object is kept as its identity
// only.
//
// Guarantees: the objects kept whole are those created first, up to the one with which the budget would be exceeded. So
// all processes choose the same, after a restart as well, and no object loses its place to a newer one.

/** The limits of the objects of one namespace together. */
export interface BudgetLimits {
  readonly bytes: number;
  readonly objects: number;
}

/** Says of an object why it is not kept whole. */
export function budgetSentence(namespace: string, { bytes, objects }: BudgetLimits): string {
  const limit = `${String(bytes >> 20)} MiB or ${String(objects)} objects of the kind`;
  return `namespace ${namespace} has more than ${limit}, and the objects created before this one use them up: delete or shrink some`;
}

/** An object as a budget sees it. */
export interface Sized {
  /** Unique in its namespace. */
  readonly name: string;
  /** When it was created, as sortable text; objects of the same moment are ordered by name. */
  readonly created: string;
  readonly bytes: number;
}

/** Names of objects whose place changed, besides the one that was put or taken. */
export interface Shift {
  /** They were kept whole, and are not any more. */
  readonly withheld: readonly string[];
  /** There is room for them now. */
  readonly admitted: readonly string[];
}

const NO_SHIFT: Shift = { withheld: [], admitted: [] };

function isBefore(a: Sized, b: Sized): boolean {
  return a.created === b.created ? a.name < b.name : a.created < b.created;
}

/** The budget of one namespace. */
class NamespaceBudget {
  private readonly limits: BudgetLimits;
  private readonly known = new Map<string, Sized>();
  /** All objects, oldest first. */
  private readonly queue: Sized[] = [];
  /** The first so many of the queue are kept whole. */
  private whole = 0;
  private bytes = 0;

  constructor(limits: BudgetLimits) {
    this.limits = limits;
  }

  get isEmpty(): boolean {
    return this.queue.length === 0;
  }

  holds(name: string): boolean {
    const object = this.known.get(name);
    return object !== undefined && this.placeOf(object) < this.whole;
  }

  put(object: Sized): Shift {
    const before = this.known.get(object.name);
    const wasWhole = this.holds(object.name);
    if (before !== undefined) this.drop(before);
    const place = this.placeOf(object);
    this.queue.splice(place, 0, object);
    this.known.set(object.name, object);
    if (place < this.whole || (wasWhole && place === this.whole)) {
      this.whole += 1;
      this.bytes += object.bytes;
    }
    return this.settle(object.name);
  }

  take(name: string): Shift {
    const object = this.known.get(name);
    if (object === undefined) return NO_SHIFT;
    this.drop(object);
    return this.settle(name);
  }

  private drop(object: Sized): void {
    const place = this.placeOf(object);
    this.queue.splice(place, 1);
    this.known.delete(object.name);
    if (place >= this.whole) return;
    this.whole -= 1;
    this.bytes -= object.bytes;
  }

  /** Moves the border until it is right. The object that the caller speaks of is left out of what is returned. */
  private settle(except: string): Shift {
    const withheld: string[] = [];
    const admitted: string[] = [];
    for (let last = this.queue[this.whole - 1]; last !== undefined && !this.fits(); last = this.queue[this.whole - 1]) {
      this.whole -= 1;
      this.bytes -= last.bytes;
      if (last.name !== except) withheld.push(last.name);
    }
    for (let next = this.queue[this.whole]; next !== undefined && this.fits(next); next = this.queue[this.whole]) {
      this.whole += 1;
      this.bytes += next.bytes;
      if (next.name !== except) admitted.push(next.name);
    }
    return { withheld, admitted };
  }

  private fits(more?: Sized): boolean {
    const objects = this.whole + (more === undefined ? 0 : 1);
    const bytes = this.bytes + (more?.bytes ?? 0);
    return objects <= this.limits.objects && bytes <= this.limits.bytes;
  }

  /** Where an object stands in the queue, or would. */
  private placeOf(object: Sized): number {
    let [low, high] = [0, this.queue.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.queue[middle];
      if (other !== undefined && isBefore(other, object)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The budgets of all namespaces. */
export class Budget {
  private readonly limits: BudgetLimits;
  private readonly namespaces = new Map<string, NamespaceBudget>();

  constructor(limits: BudgetLimits) {
    this.limits = limits;
  }

  /** Whether there is room for the object; false for one that was never put. */
  holds(namespace: string, name: string): boolean {
    return this.namespaces.get(namespace)?.holds(name) === true;
  }

  /** An object has come, or has changed its size. */
  put(namespace: string, object: Sized): Shift {
    let budget = this.namespaces.get(namespace);
    if (budget === undefined) {
      budget = new NamespaceBudget(this.limits);
      this.namespaces.set(namespace, budget);
    }
    return budget.put(object);
  }

  /** An object has gone. */
  take(namespace: string, name: string): Shift {
    const budget = this.namespaces.get(namespace);
    if (budget === undefined) return NO_SHIFT;
    const shift = budget.take(name);
    if (budget.isEmpty) this.namespaces.delete(namespace);
    return shift;
  }
}
