// SPDX-License-Identifier: Apache-2.0
// The objects of the fake API server: one resourceVersion for all, a history for watches, finalizers that hold what is
// deleted, a generation that counts changes of the spec.
import { isJsonObject } from '../../src/core/json.ts';
import { sameJson } from '../../src/runtime/merge-patch.ts';
import { keyText } from '../../src/runtime/object.ts';
import type { KubeObject, ObjectKey, Resource } from '../../src/runtime/object.ts';

/** An entry of the history. */
export interface Entry {
  readonly version: number;
  readonly resource: Resource;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

function withoutMeta(object: KubeObject): object {
  return { ...object, metadata: undefined, status: undefined };
}

function sameObject(a: KubeObject, b: KubeObject): boolean {
  const bare = (object: KubeObject) => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: '', generation: 0 },
  });
  return sameJson(bare(a), bare(b));
}

function nameOf(resource: Resource, key: ObjectKey): string {
  return `${resource.group}/${resource.plural}/${keyText(key)}`;
}

/** All objects, by resource and key. */
export class ApiObjects {
  readonly history: Entry[] = [];
  version = 1;
  private readonly objects = new Map<string, { readonly resource: Resource; readonly object: KubeObject }>();
  private readonly listeners: ((entry: Entry) => void)[] = [];
  private uids = 0;

  get(resource: Resource, key: ObjectKey): KubeObject | undefined {
    return this.objects.get(nameOf(resource, key))?.object;
  }

  /** The objects of a resource in one namespace or all, by name. */
  list(resource: Resource, namespace: string | undefined): readonly KubeObject[] {
    const prefix = `${resource.group}/${resource.plural}/`;
    return [...this.objects.entries()]
      .filter(
        ([name, { object }]) =>
          name.startsWith(prefix) && (namespace ?? object.metadata.namespace) === object.metadata.namespace,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { object }]) => object);
  }

  /** Stores a new object. */
  create(resource: Resource, object: KubeObject): KubeObject {
    this.uids += 1;
    const metadata = {
      ...object.metadata,
      uid: `00000000-0000-4000-8000-${String(this.uids).padStart(12, '0')}`,
      generation: 1,
      // Other than the real server, it believes a test that says when.
      creationTimestamp: object.metadata.creationTimestamp ?? new Date().toISOString().replace(/\.\d+Z/, 'Z'),
    };
    return this.store(resource, undefined, { ...object, metadata });
  }

  /** Stores a changed object; the same content is no change. One that is being deleted goes with its last finalizer. */
  update(resource: Resource, before: KubeObject, after: KubeObject): KubeObject {
    const { uid, creationTimestamp, deletionTimestamp, generation = 1 } = before.metadata;
    const kept = {
      ...(uid === undefined ? {} : { uid }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    };
    const changed = !sameJson(withoutMeta(before), withoutMeta(after));
    const metadata = { ...after.metadata, ...kept, generation: changed ? generation + 1 : generation };
    const object = { ...after, metadata };
    if (deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0)
      return this.erase(resource, object);
    return sameObject(before, object) ? before : this.store(resource, before, object);
  }

  /** Deletes, or marks what finalizers hold. */
  delete(resource: Resource, object: KubeObject): KubeObject {
    if ((object.metadata.finalizers ?? []).length === 0) return this.erase(resource, object);
    if (object.metadata.deletionTimestamp !== undefined) return object;
    const deletionTimestamp = new Date().toISOString().replace(/\.\d+Z/, 'Z');
    const generation = (object.metadata.generation ?? 1) + 1;
    return this.store(resource, object, { ...object, metadata: { ...object.metadata, deletionTimestamp, generation } });
  }

  /** Goes back to how everything was at an earlier version, as from a backup; versions are given again from there. */
  rewind(version: number): void {
    const kept = this.history.filter((entry) => entry.version <= version);
    this.history.splice(0, this.history.length, ...kept);
    this.version = version;
    this.objects.clear();
    for (const { resource, before, after } of kept) {
      const object = after ?? before;
      if (object === undefined) continue;
      const name = nameOf(resource, object.metadata);
      if (after === undefined) this.objects.delete(name);
      else this.objects.set(name, { resource, object: after });
    }
  }

  /** Calls back for every change. */
  listen(listener: (entry: Entry) => void): void {
    this.listeners.push(listener);
  }

  private erase(resource: Resource, object: KubeObject): KubeObject {
    const name = nameOf(resource, object.metadata);
    const before = this.objects.get(name)?.object ?? object;
    this.objects.delete(name);
    this.version += 1;
    const last = { ...before, metadata: { ...before.metadata, resourceVersion: String(this.version) } };
    this.tell({ version: this.version, resource, before: last, after: undefined });
    return object;
  }

  private store(resource: Resource, before: KubeObject | undefined, after: KubeObject): KubeObject {
    this.version += 1;
    const object = { ...after, metadata: { ...after.metadata, resourceVersion: String(this.version) } };
    this.objects.set(nameOf(resource, object.metadata), { resource, object });
    this.tell({ version: this.version, resource, before, after: object });
    return object;
  }

  private tell(entry: Entry): void {
    this.history.push(entry);
    for (const listener of this.listeners) listener(entry);
  }
}

/** An object with the status of another, or without one. */
export function withStatusOf(object: KubeObject, other: KubeObject): KubeObject {
  const bare = Object.fromEntries(Object.entries(object).filter(([name]) => name !== 'status'));
  const { apiVersion, kind, metadata } = object;
  return { ...bare, apiVersion, kind, metadata, ...('status' in other ? { status: other.status } : {}) };
}

/** Reads a request's body as an object of a resource. Throws a TypeError for what is none. */
export function objectFrom(value: unknown, resource: Resource, namespace: string | undefined): KubeObject {
  const fields = isJsonObject(value) ? value : {};
  const metadata = isJsonObject(fields['metadata']) ? fields['metadata'] : {};
  const { name, generateName } = metadata;
  const made =
    typeof generateName === 'string' ? `${generateName}${Math.random().toString(36).slice(2, 7)}` : undefined;
  const given = typeof name === 'string' ? name : made;
  if (given === undefined) throw new TypeError('the object has no name');
  const place = namespace === undefined ? {} : { namespace };
  return {
    apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
    kind: resource.kind,
    ...fields,
    metadata: { ...metadata, name: given, ...place },
  };
}
