// SPDX-License-Identifier: Apache-2.0
// All that a process watches: one store per source, shared by everyone who reads or watches the same, and one reflector
// for each namespace that it is restricted to.
import type { Reader, Selector, Source } from './handler.ts';
import { Intake } from './intake.ts';
import type { OwnWrite } from './intake.ts';
import { apiVersionOf } from './object.ts';
import type { KubeObject, ObjectKey, Resource } from './object.ts';
import { Readmission } from './readmission.ts';
import { Reflector } from './reflector.ts';
import type { ReflectorParts } from './reflector.ts';
import { isNewer, Store } from './store.ts';
import { typed } from './typed.ts';

interface Entry {
  readonly source: Source;
  readonly store: Store;
  readonly intake: Intake;
  readonly readmission: Readmission;
}

function sameSelector(a: Selector | undefined, b: Selector | undefined): boolean {
  return (
    a?.fieldSelector === b?.fieldSelector && a?.labelSelector === b?.labelSelector && a?.namespace === b?.namespace
  );
}

function sameResource(a: Resource, b: Resource): boolean {
  return apiVersionOf(a) === apiVersionOf(b) && a.plural === b.plural;
}

function isSame(a: Source, b: Source): boolean {
  return (
    sameResource(a.resource, b.resource) &&
    sameSelector(a.selector, b.selector) &&
    a.transform === b.transform &&
    a.budget === b.budget
  );
}

/** An object as the store shows it whose watch has come furthest. */
function newest(stores: readonly Store[], key: ObjectKey): KubeObject | undefined {
  const objects = stores.flatMap((store) => store.get(key) ?? []);
  return objects.reduce<KubeObject | undefined>(
    (best, one) =>
      best === undefined || isNewer(one.metadata.resourceVersion, best.metadata.resourceVersion) ? one : best,
    undefined,
  );
}

/** The stores of a process and what fills them. */
export class Sources {
  private readonly entries: Entry[] = [];
  private readonly namespaces: readonly string[];
  private started = false;

  /** `namespaces`: the only ones to watch; none means all. */
  constructor(namespaces: readonly string[]) {
    this.namespaces = namespaces;
  }

  /** The store of a source, made at the first call. All sources must be named before `run`. */
  store(source: Source): Store {
    const known = this.entries.find((entry) => isSame(entry.source, source));
    if (known !== undefined) return known.store;
    if (this.started) throw new Error(`${source.resource.plural} must be watched before the operator starts`);
    const store = new Store();
    const readmission = new Readmission();
    const intake = new Intake(source, store, (key) => readmission.want(key));
    this.entries.push({ source, store, intake, readmission });
    return store;
  }

  /** Read access for handlers to a source. */
  reader<T extends KubeObject>(source: Source<T>): Reader<T> {
    return typed<T>(this.store(source));
  }

  /** All that is watched. */
  list(): readonly Source[] {
    return this.entries.map((entry) => entry.source);
  }

  /** The stores of a resource. */
  storesOf(resource: Resource): readonly Store[] {
    return this.entriesOf(resource).map((entry) => entry.store);
  }

  /** The cached object, the newest of them where several stores hold it. */
  find(resource: Resource, key: ObjectKey): KubeObject | undefined {
    return newest(this.storesOf(resource), key);
  }

  /** The cached object, if a store holds it uncut; the newest of them. */
  findWhole(resource: Resource, key: ObjectKey): KubeObject | undefined {
    const whole = this.entries.filter(
      ({ source }) =>
        sameResource(source.resource, resource) && source.transform === undefined && source.budget === undefined,
    );
    return newest(
      whole.map(({ store }) => store),
      key,
    );
  }

  /**
   * Whether an object that had a resourceVersion is gone: a store that would hold it has come so far, and does not.
   * Stores of one kind have a watch each, and another one may still show the object.
   */
  isGone(resource: Resource, key: ObjectKey, resourceVersion: string | undefined): boolean {
    if (resourceVersion === undefined) return false;
    const passed = (store: Store) => store.get(key) === undefined && store.hasReached(key.namespace, resourceVersion);
    return this.completeStores(resource, key).some(passed);
  }

  /** Shows the stores an object as the server answered to a write of ours; see `Store.observe`. */
  observe(resource: Resource, object: KubeObject, origin: string): void {
    for (const { intake } of this.entriesOf(resource)) intake.observe(object, origin);
  }

  /** Shows the stores what a write of ours has made of an object. */
  observeWrite(resource: Resource, write: OwnWrite, origin: string): void {
    for (const { intake } of this.entriesOf(resource)) intake.observeWrite(write, origin);
  }

  /** Whether `observeWrite` is enough for the stores: that of an answer they need no more than the metadata. */
  followWrites(resource: Resource, key: ObjectKey): boolean {
    return this.entriesOf(resource).every(({ intake }) => intake.followsWrites(key));
  }

  /** Whether a store would hold this object if there were one, so that what it does not hold is not there. */
  isComplete(resource: Resource, key: ObjectKey): boolean {
    return this.completeStores(resource, key).length > 0;
  }

  /** Starts all reflectors. `synced` resolves when each has its first list; `ended` when all have stopped. */
  run(
    parts: ReflectorParts,
    signal: AbortSignal,
  ): { readonly synced: Promise<unknown>; readonly ended: Promise<unknown> } {
    this.started = true;
    const running = this.entries.flatMap((entry) =>
      this.scopesOf(entry.source).map((namespace) => {
        const synced = Promise.withResolvers<undefined>();
        const scope = { ...entry, namespace, onSynced: () => synced.resolve(undefined) };
        return { synced: synced.promise, ended: new Reflector(parts, scope).run(signal) };
      }),
    );
    const fetching = this.entries
      .filter(({ source }) => source.budget !== undefined)
      .map(({ source, intake, readmission }) =>
        readmission.run(source.resource, (object) => intake.restore(object), parts, signal),
      );
    return {
      synced: Promise.all(running.map((reflector) => reflector.synced)),
      ended: Promise.all([...running.map((reflector) => reflector.ended), ...fetching]),
    };
  }

  private entriesOf(resource: Resource): readonly Entry[] {
    return this.entries.filter(({ source }) => sameResource(source.resource, resource));
  }

  private completeStores(resource: Resource, { namespace, name }: ObjectKey): readonly Store[] {
    const sees = ({ source }: Entry) =>
      sameResource(source.resource, resource) &&
      [undefined, `metadata.name=${name}`].includes(source.selector?.fieldSelector) &&
      source.selector?.labelSelector === undefined &&
      this.scopesOf(source).some((scope) => scope === '' || scope === namespace);
    return this.entries.filter(sees).map(({ store }) => store);
  }

  private scopesOf(source: Source): readonly string[] {
    if (source.resource.scope === 'Cluster') return [''];
    if (source.selector?.namespace !== undefined) return [source.selector.namespace];
    return this.namespaces.length === 0 ? [''] : this.namespaces;
  }
}
