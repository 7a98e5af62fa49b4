// SPDX-License-Identifier: Apache-2.0
// The way of objects into a store: cut down, compact, and within the budget of their namespace where their source has
// one.
import { Budget } from './budget.ts';
import type { Shift, Sized } from './budget.ts';
import { compacted, sizeOf, specTexts } from './compact.ts';
import type { Source, SourceBudget } from './handler.ts';
import { metadataExcess } from './metadata-size.ts';
import { keyOf } from './object.ts';
import type { KubeObject, ObjectKey, ObjectMeta } from './object.ts';
import type { Priority } from './queue.ts';
import type { Store } from './store.ts';

/** Characters of a spec from which on its object is large: usual ones have a tenth of that. */
const LARGE = 128 * 1024;

/** An object as it goes into the store. */
interface Kept {
  readonly kept: KubeObject;
  readonly withheld: boolean;
}

/** A write of ours that was refused unless the object was of that version. */
export interface OwnWrite {
  /** The object as it was. */
  readonly of: KubeObject;
  /** Its metadata as they are now. */
  readonly metadata: ObjectMeta;
  /** Its status as it is now, where that was written. */
  readonly status?: object;
}

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
    const { kept, withheld } = this.prepare(this.withSpec(object), this.store.isRewound(scope));
    this.store.upsert(scope, kept, priority, withheld);
  }

  /** Whether the spec of an object that is given without is needed; where it is not, `upsert` takes the object so. */
  wantsSpec(scope: string, object: KubeObject): boolean {
    if (this.source.specless === true || !this.store.wouldTake(scope, object)) return false;
    const { budget } = this.source;
    const whole = this.withSpec(object);
    const isKnown = 'spec' in whole && !this.store.isRewound(scope);
    if (this.budget === undefined || budget === undefined || !isKnown) return true;
    return this.keptAgain(this.source.transform?.(whole) ?? whole, this.budget, budget) === undefined;
  }

  /** The answer to a write of ours; see `Store.observe`. */
  observe(object: KubeObject, origin: string): void {
    // An object that is not in the store has no place in the budget. The watch is often before the answer.
    if (!this.store.wouldObserve(object)) return;
    const { kept, withheld } = this.prepare(object);
    this.store.observe(kept, origin, withheld);
  }

  /** A write of ours, as far as the store has the object in the version that was written to. */
  observeWrite({ of, metadata, status }: OwnWrite, origin: string): void {
    const known = this.store.get(keyOf(of));
    if (known === undefined || known.metadata.resourceVersion !== of.metadata.resourceVersion) return;
    this.observe({ ...known, metadata, ...(status === undefined ? {} : { status }) }, origin);
  }

  /** Whether `observeWrite` can show the store all that a write changes of an object. */
  followsWrites(key: ObjectKey): boolean {
    const { source, store } = this;
    return source.transform === undefined || source.repeatable === true || store.get(key) === undefined;
  }

  /** An object for which there was room again, as it is now. */
  restore(object: KubeObject): void {
    if (!this.store.isWithheld(keyOf(object))) return;
    const { kept, withheld } = this.prepare(object);
    if (!withheld) this.store.exchange(kept, false);
  }

  /** An object without a spec, with the one that it has in the store, where that is the same. */
  private withSpec(object: KubeObject): KubeObject {
    if ('spec' in object) return object;
    const known = this.store.get(keyOf(object));
    const isSame = known !== undefined && 'spec' in known && haveSameSpec(known, object);
    return isSame ? { ...object, ...{ spec: known.spec } } : object;
  }

  /** `isRewound`: the cluster is another one, whose generations say nothing of the spec that is here. */
  private prepare(object: KubeObject, isRewound = false): Kept {
    const cut = this.source.transform?.(object) ?? object;
    const { budget } = this.source;
    if (this.budget === undefined || budget === undefined) return { kept: cut, withheld: false };
    const again = isRewound ? undefined : this.keptAgain(cut, this.budget, budget);
    if (again !== undefined) return again;
    const texts = specTexts(cut);
    const { namespace = '', name } = object.metadata;
    const bytes = sizeOf(texts) + metadataExcess(cut.metadata);
    this.store.measured(keyOf(object), bytes >= LARGE);
    this.follow(namespace, this.budget.put(namespace, sized(object, bytes)));
    const withheld = !this.budget.holds(namespace, name);
    return { kept: withheld ? budget.identity(cut) : compacted(cut, texts), withheld };
  }

  /**
   * How an object is kept whose spec is the one that the store has: most changes are of a status or of metadata, and to
   * measure and compress a spec of 1 MB again takes tens of milliseconds. Undefined where it must be looked at.
   */
  private keptAgain(cut: KubeObject, room: Budget, source: SourceBudget): Kept | undefined {
    const known = this.store.get(keyOf(cut));
    if (known === undefined || !haveSameSpec(known, cut) || !haveSameSize(known, cut)) return undefined;
    const withheld = this.store.isWithheld(keyOf(cut));
    const { namespace = '', name } = cut.metadata;
    // Its place in the budget has changed, and the store does not know yet.
    if (withheld === room.holds(namespace, name)) return undefined;
    if (withheld) return { kept: source.identity(cut), withheld };
    return { kept: 'spec' in known ? { ...cut, ...{ spec: known.spec } } : cut, withheld };
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

/** The API server counts in `generation` all changes but those of metadata and status. */
function haveSameSpec({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean {
  return a.uid !== undefined && a.uid === b.uid && a.generation !== undefined && a.generation === b.generation;
}

/** Metadata of usual length take nothing of the budget, so they have the same size whatever becomes of them. */
function haveSameSize({ metadata: known }: KubeObject, { metadata }: KubeObject): boolean {
  return known.isCut !== true && metadataExcess(known) === metadataExcess(metadata);
}

function sized({ metadata }: KubeObject, bytes: number): Sized {
  return { name: metadata.name, created: metadata.creationTimestamp ?? '', bytes };
}
