// SPDX-License-Identifier: Apache-2.0
// The fields that every object of the API server has in common: identity, resource and path. The runtime
// knows no more of an object than this; what a SeccompProfile is, only handlers and core know.

/** The owner of an object, which the garbage collector follows. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** The part of an object's metadata that we read or write; times are RFC 3339 text. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string | null;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  /** Never on the wire: finalizers of others are missing here, so who changes the list must read it first. */
  readonly isCut?: true;
}

/** Any object of the API server; the generated types of our kinds are such objects. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A resource of the API server: where its objects lie. The constants of src/gen/kinds.ts are such values. */
export interface Resource {
  /** API group; '' is the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

/** Which object of a known kind: its name, and its namespace where it has one. */
export interface ObjectKey {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Which object of which kind. Every KubeObject's `apiVersion`, `kind` and metadata make one, see `refOf`. */
export interface ObjectRef extends ObjectKey {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The key of an object. */
export function keyOf(object: KubeObject): ObjectKey {
  return { namespace: object.metadata.namespace, name: object.metadata.name };
}

/** The reference of an object. */
export function refOf(object: KubeObject): ObjectRef {
  return { apiVersion: object.apiVersion, kind: object.kind, ...keyOf(object) };
}

/** One text per key: `namespace/name`, or `name` alone. Neither part can hold a slash, so the text is unique. */
export function keyText(key: ObjectKey): string {
  return key.namespace === undefined || key.namespace === '' ? key.name : `${key.namespace}/${key.name}`;
}

/** The key that `keyText` made the text of. */
export function keyFromText(text: string): ObjectKey {
  const slash = text.indexOf('/');
  return slash < 0 ? { name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** The `apiVersion` of a resource's objects: `v1`, `apps/v1`. */
export function apiVersionOf(resource: Pick<Resource, 'group' | 'version'>): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** Whether the object's deletion was requested and finalizers still hold it. */
export function isDeleting(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
