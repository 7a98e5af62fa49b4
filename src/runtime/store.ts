// SPDX-License-Identifier: Apache-2.0
// The objects of one source, as last seen: what handlers read, and what tells controllers that something changed.
//
// Two writers feed it: the reflectors (one per watched namespace), and the answers to our own writes, so that a handler
// reads what it has just written. An answer may arrive after the watch has already shown a later state, even the
// deletion; so it is taken only for an object that is still there, and only if it is newer than that. Comparing
// resourceVersions is allowed for objects of one resource, where they are decimal numbers.
import { keyOf, keyText } from './object.ts';
import type { KubeObject, ObjectKey } from './object.ts';
import type { Reader } from './handler.ts';
import type { Priority } from './queue.ts';

/** A change of an object. `routine` changes come from a first list or a relist, `fresh` ones from the watch. */
export type Change<T extends KubeObject = KubeObject> =
  | { readonly type: 'added'; readonly object: T; readonly priority: Priority }
  | {
      readonly type: 'modified';
      readonly object: T;
      readonly before: T;
      readonly priority: Priority;
      /** The reconcile that wrote it, where it was one of ours: it needs no other reconcile for what it knows. */
      readonly origin?: string;
      /** It is kept whole now, or not any more: no predicate is asked. */
      readonly moved?: true;
    }
  | { readonly type: 'deleted'; readonly object: T; readonly priority: Priority };

/** Whether the resourceVersion `a` is later than `b`; false where they cannot be compared. */
export function isNewer(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || !/^\d+$/.test(a) || !/^\d+$/.test(b)) return false;
  return a.length === b.length ? a > b : a.length > b.length;
}

function isOld(object: KubeObject, before: KubeObject): boolean {
  const [version, known] = [object.metadata.resourceVersion, before.metadata.resourceVersion];
  return version === known || isNewer(known, version);
}

/** One computed lookup over a store. An answer is kept while none of its objects changes. */
class Index<T extends KubeObject> {
  readonly valuesOf: (object: T) => readonly string[];
  private readonly objects: ReadonlyMap<string, T>;
  private readonly keys = new Map<string, Set<string>>();
  private readonly answers = new Map<string, readonly T[]>();

  constructor(objects: ReadonlyMap<string, T>, valuesOf: (object: T) => readonly string[]) {
    this.objects = objects;
    this.valuesOf = valuesOf;
  }

  add(key: string, object: T): void {
    for (const value of this.valuesOf(object)) {
      this.answers.delete(value);
      const keys = this.keys.get(value);
      if (keys === undefined) this.keys.set(value, new Set([key]));
      else keys.add(key);
    }
  }

  remove(key: string, object: T): void {
    for (const value of this.valuesOf(object)) {
      this.answers.delete(value);
      const keys = this.keys.get(value);
      keys?.delete(key);
      if (keys?.size === 0) this.keys.delete(value);
    }
  }

  lookup(value: string): readonly T[] {
    const known = this.answers.get(value);
    if (known !== undefined) return known;
    const answer = [...(this.keys.get(value) ?? [])].flatMap((key) => this.objects.get(key) ?? []);
    // Values that nothing has are asked for, too, and would only fill the memory.
    if (answer.length > 0) this.answers.set(value, answer);
    return answer;
  }
}

/** The objects of one source by key, with lookups and listeners. */
export class Store<T extends KubeObject = KubeObject> implements Reader<T> {
  private readonly objects = new Map<string, T>();
  private readonly indexes: Index<T>[] = [];
  private readonly listeners: ((change: Change<T>) => void)[] = [];
  private readonly positions = new Map<string, string>();
  private readonly rewound = new Set<string>();
  private readonly withheld = new Set<string>();
  private readonly large = new Set<string>();

  get(key: ObjectKey): T | undefined {
    return this.objects.get(keyText(key));
  }

  list(namespace?: string): readonly T[] {
    const all = [...this.objects.values()];
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  index(valuesOf: (object: T) => readonly string[]): (value: string) => readonly T[] {
    const index = new Index(this.objects, valuesOf);
    for (const [key, object] of this.objects) index.add(key, object);
    this.indexes.push(index);
    return (value) => index.lookup(value);
  }

  isWithheld(key: ObjectKey): boolean {
    return this.withheld.has(keyText(key));
  }

  /** Whether the object is large, as the API server has it. */
  isLarge(key: ObjectKey): boolean {
    return this.large.has(keyText(key));
  }

  /** Notes whether an object is large. */
  measured(key: ObjectKey, large: boolean): void {
    if (large) this.large.add(keyText(key));
    else this.large.delete(keyText(key));
  }

  /** Keys of all objects, as texts. */
  keys(): Iterable<string> {
    return this.objects.keys();
  }

  /** Calls back after every change, until the operator ends. */
  subscribe(listener: (change: Change<T>) => void): void {
    this.listeners.push(listener);
  }

  /** Begins a list of a scope (a namespace, or '' for all). One older than what was already seen tells of a rewind. */
  listing(scope: string, resourceVersion: string): void {
    if (isNewer(this.positions.get(scope), resourceVersion)) this.rewind(scope);
  }

  /**
   * The cluster was restored from a backup: what the next list of the scope shows is taken whatever its version, even
   * the same one, which may have been given twice.
   */
  rewind(scope: string): void {
    this.rewound.add(scope);
  }

  /** Whether the cluster was restored, and no list of the scope has come since. */
  isRewound(scope: string): boolean {
    return this.rewound.has(scope);
  }

  /**
   * Takes an object as the API server showed it. An unchanged resourceVersion is no change, a lower one is outdated.
   */
  upsert(scope: string, object: T, priority: Priority, withheld = false): void {
    if (!this.wouldTake(scope, object)) return;
    const key = keyText(keyOf(object));
    const before = this.objects.get(key);
    const moved = this.put(key, object, before, withheld);
    this.tell(
      before === undefined
        ? { type: 'added', object, priority }
        : { type: 'modified', object, before, priority, ...moved },
    );
  }

  /** Whether `upsert` would take the object. */
  wouldTake(scope: string, object: T): boolean {
    const before = this.objects.get(keyText(keyOf(object)));
    return before === undefined || this.rewound.has(scope) || !isOld(object, before);
  }

  /** Takes an object that is there in another form: whole, or as its identity only. */
  exchange(object: T, withheld: boolean): void {
    const key = keyText(keyOf(object));
    const before = this.objects.get(key);
    if (before === undefined) return;
    this.put(key, object, before, withheld);
    this.tell({ type: 'modified', object, before, priority: 'routine', moved: true });
  }

  /** Takes the deletion of an object. */
  remove(key: ObjectKey, priority: Priority): void {
    const text = keyText(key);
    const object = this.objects.get(text);
    if (object === undefined) return;
    this.objects.delete(text);
    this.withheld.delete(text);
    this.large.delete(text);
    for (const index of this.indexes) index.remove(text, object);
    this.tell({ type: 'deleted', object, priority });
  }

  /**
   * Ends a list of a scope: objects that it did not show and that did not come after it are gone. So a deletion is
   * noticed that happened while no watch ran.
   */
  replaced(scope: string, seen: ReadonlySet<string>, resourceVersion: string): void {
    const gone = this.within(scope).filter(
      (object) =>
        !seen.has(keyText(keyOf(object))) &&
        (this.rewound.has(scope) || !isNewer(object.metadata.resourceVersion, resourceVersion)),
    );
    this.rewound.delete(scope);
    for (const object of gone) this.remove(keyOf(object), 'routine');
    this.reached(scope, resourceVersion);
  }

  /** The kind itself has gone: so have all objects of the scope, however young, and how far we had come. */
  clear(scope: string): void {
    this.positions.delete(scope);
    for (const object of this.within(scope)) this.remove(keyOf(object), 'routine');
  }

  /** Notes how far a scope's list or watch has come. */
  reached(scope: string, resourceVersion: string): void {
    this.positions.set(scope, resourceVersion);
  }

  /** Whether the watch has delivered everything up to a resourceVersion of an object of this namespace. */
  hasReached(namespace: string | undefined, resourceVersion: string): boolean {
    const position = this.positions.get(namespace ?? '') ?? this.positions.get('');
    return position !== undefined && !isNewer(resourceVersion, position);
  }

  /**
   * Takes the answer to a write that a reconcile of ours (the origin) made, if it is newer than what the watch has
   * shown.
   */
  observe(object: T, origin: string, withheld = false): void {
    const key = keyText(keyOf(object));
    const before = this.objects.get(key);
    if (before === undefined || !this.wouldObserve(object)) return;
    const moved = this.put(key, object, before, withheld);
    this.tell({ type: 'modified', object, before, priority: 'fresh', origin, ...moved });
  }

  /** Whether `observe` would take the object. */
  wouldObserve(object: T): boolean {
    const before = this.objects.get(keyText(keyOf(object)));
    return before !== undefined && isNewer(object.metadata.resourceVersion, before.metadata.resourceVersion);
  }

  private within(scope: string): readonly T[] {
    const all = [...this.objects.values()];
    return scope === '' ? all : all.filter((object) => object.metadata.namespace === scope);
  }

  /** Whether it is kept whole now and was not before, or the other way round. */
  private put(key: string, object: T, before: T | undefined, withheld: boolean): { readonly moved?: true } {
    const moved = before !== undefined && this.withheld.has(key) !== withheld;
    this.objects.set(key, object);
    if (withheld) this.withheld.add(key);
    else this.withheld.delete(key);
    for (const index of this.indexes) {
      if (before !== undefined) index.remove(key, before);
      index.add(key, object);
    }
    return moved ? { moved } : {};
  }

  private tell(change: Change<T>): void {
    for (const listener of this.listeners) listener(change);
  }
}
