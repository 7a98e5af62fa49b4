// SPDX-License-Identifier: Apache-2.0
// All that a process watches: one store per source, shared by everyone who reads or watches the same, and one reflector
// for each namespace that it is restricted to.
import type { Reader, Selector, Source } from './handler.ts';
import { Intake } from './intake.ts';
import { apiVersionOf } from './object.ts';
import type { KubeObject, ObjectKey, Resource } from './object.ts';
import { Readmission } from './readmission.ts';
import { Reflector } from './reflector.ts';
import type { ReflectorParts } from './reflector.ts';
import { Store } from './store.ts';
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
    return this.entries.filter((entry) => sameResource(entry.source.resource, resource)).map((entry) => entry.store);
  }

  /** The cached object, if any store holds it. */
  find(resource: Resource, key: ObjectKey): KubeObject | undefined {
    for (const store of this.storesOf(resource)) {
      const object = store.get(key);
      if (object !== undefined) return object;
    }
    return undefined;
  }

  /** The cached object, if a store holds it uncut. */
  findWhole(resource: Resource, key: ObjectKey): KubeObject | undefined {
    const whole = this.entries.filter(
      ({ source }) =>
        sameResource(source.resource, resource) && source.transform === undefined && source.budget === undefined,
    );
    return whole.map(({ store }) => store.get(key)).find((object) => object !== undefined);
  }

  /** Shows the stores an object as the server answered to a write of ours; see `Store.observe`. */
  observe(resource: Resource, object: KubeObject, origin: string): void {
    for (const { source, intake } of this.entries) {
      if (sameResource(source.resource, resource)) intake.observe(object, origin);
    }
  }

  /** A store that would hold this object if there were one, so that what it does not hold is not there. */
  completeStore(resource: Resource, { namespace, name }: ObjectKey): Store | undefined {
    const sees = ({ source }: Entry) =>
      sameResource(source.resource, resource) &&
      [undefined, `metadata.name=${name}`].includes(source.selector?.fieldSelector) &&
      source.selector?.labelSelector === undefined &&
      this.scopesOf(source).some((scope) => scope === '' || scope === namespace);
    return this.entries.find(sees)?.store;
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

  private scopesOf(source: Source): readonly string[] {
    if (source.resource.scope === 'Cluster') return [''];
    if (source.selector?.namespace !== undefined) return [source.selector.namespace];
    return this.namespaces.length === 0 ? [''] : this.namespaces;
  }
}
