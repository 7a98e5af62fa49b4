// SPDX-License-Identifier: Apache-2.0
// The way of objects into a store: cut down, compact, and within the budget of their namespace where their source has
// one.
import { Budget } from './budget.ts';
import type { Shift, Sized } from './budget.ts';
import { compacted, sizeOf, specTexts } from './compact.ts';
import type { Source } from './handler.ts';
import { keyOf } from './object.ts';
import type { KubeObject, ObjectKey } from './object.ts';
import type { Priority } from './queue.ts';
import type { Store } from './store.ts';

/** Characters of a spec from which on its object is large: usual ones have a tenth of that. */
const LARGE = 128 * 1024;

/** Takes what the API server shows of a source. */
export class Intake {
  private readonly source: Source;
  private readonly store: Store;
  private readonly budget: Budget | undefined;
  private readonly admit: (key: ObjectKey) => void;

  /**
   * `admit` is called for an object of which the store has the identity only, when there is room for all of it again.
   */
  constructor(source: Source, store: Store, admit: (key: ObjectKey) => void) {
    this.source = source;
    this.store = store;
    this.admit = admit;
    this.budget = source.budget === undefined ? undefined : new Budget(source.budget.limits);
    if (this.budget === undefined) return;
    store.subscribe((change) => {
      if (change.type === 'deleted') this.forget(keyOf(change.object));
    });
  }

  /** An object of a list or a watch; see `Store.upsert`. */
  upsert(scope: string, object: KubeObject, priority: Priority): void {
    if (!this.store.wouldTake(scope, object)) return;
    const { kept, withheld } = this.prepare(object);
    this.store.upsert(scope, kept, priority, withheld);
  }

  /** The answer to a write of ours; see `Store.observe`. */
  observe(object: KubeObject, origin: string): void {
    // An object that is not in the store has no place in the budget, and is not taken.
    if (this.store.get(keyOf(object)) === undefined) return;
    const { kept, withheld } = this.prepare(object);
    this.store.observe(kept, origin, withheld);
  }

  /** An object for which there was room again, as it is now. */
  restore(object: KubeObject): void {
    if (!this.store.isWithheld(keyOf(object))) return;
    const { kept, withheld } = this.prepare(object);
    if (!withheld) this.store.exchange(kept, false);
  }

  private prepare(object: KubeObject): { readonly kept: KubeObject; readonly withheld: boolean } {
    const cut = this.source.transform?.(object) ?? object;
    const { budget } = this.source;
    if (this.budget === undefined || budget === undefined) return { kept: cut, withheld: false };
    const texts = specTexts(cut);
    const { namespace = '', name } = object.metadata;
    const bytes = sizeOf(texts);
    this.store.measured(keyOf(object), bytes >= LARGE);
    this.follow(namespace, this.budget.put(namespace, sized(object, bytes)));
    const withheld = !this.budget.holds(namespace, name);
    return { kept: withheld ? budget.identity(cut) : compacted(cut, texts), withheld };
  }

  private forget({ namespace = '', name }: ObjectKey): void {
    const shift = this.budget?.take(namespace, name);
    if (shift !== undefined) this.follow(namespace, shift);
  }

  private follow(namespace: string, { withheld, admitted }: Shift): void {
    for (const name of withheld) {
      const object = this.store.get({ namespace, name });
      if (object !== undefined) this.store.exchange(this.source.budget?.identity(object) ?? object, true);
    }
    for (const name of admitted) this.admit({ namespace, name });
  }
}

function sized({ metadata }: KubeObject, bytes: number): Sized {
  return { name: metadata.name, created: metadata.creationTimestamp ?? '', bytes };
}
