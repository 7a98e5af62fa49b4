// SPDX-License-Identifier: Apache-2.0
// Objects in, objects out: the few verbs of the Kubernetes API that the runtime and the roles use, over any transport.
// Whatever the server refuses becomes an ApiError that names the request.
import { isJsonObject } from '../core/json.ts';
import { apiErrorFrom, isStatus } from './api.ts';
import type { ApiRequest, ApiResponse, ApiStream, Transport } from './api.ts';
import type { Selector } from './handler.ts';
import { apiVersionOf, keyOf } from './object.ts';
import type { KubeObject, ObjectKey, ObjectMeta, Resource } from './object.ts';

/** A page of a list. */
export interface Page {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Where the next page begins; '' at the last one. */
  readonly next: string;
  /** Bytes of the answer. */
  readonly length: number;
}

/** Which page to ask for. */
export interface PageRequest {
  /** Objects per page; 0 asks for all at once. */
  readonly limit: number;
  readonly next: string;
  /** Bytes that the answer may have; undefined for any. */
  readonly longest?: number | undefined;
}

/** Conditions under which an object is deleted. */
export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function segment(text: string): string {
  return encodeURIComponent(text);
}

/** The path of a resource, of one of its objects, or of an object's subresource. */
export function pathOf(
  resource: Resource,
  key: { namespace?: string | undefined; name?: string },
  sub?: string,
): string {
  const root = resource.group === '' ? '/api' : `/apis/${resource.group}`;
  const namespaced = resource.scope === 'Namespaced' && key.namespace !== undefined && key.namespace !== '';
  return [
    `${root}/${resource.version}`,
    ...(namespaced ? ['namespaces', segment(key.namespace ?? '')] : []),
    resource.plural,
    ...(key.name === undefined ? [] : [segment(key.name)]),
    ...(sub === undefined ? [] : [sub]),
  ].join('/');
}

function hasName(metadata: unknown): metadata is KubeObject['metadata'] {
  return isJsonObject(metadata) && typeof metadata['name'] === 'string';
}

function isKubeObject(value: unknown): value is KubeObject {
  return isJsonObject(value) && hasName(value['metadata']) && typeof value['kind'] === 'string';
}

function slimMetadata(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const slim: Record<string, unknown> = { ...metadata };
  delete slim['managedFields'];
  const annotations = metadata['annotations'];
  if (isJsonObject(annotations) && LAST_APPLIED in annotations) {
    slim['annotations'] = Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== LAST_APPLIED));
  }
  return slim;
}

/**
 * An object as the server sent it, without what only other writers need (managedFields and kubectl's copy of the
 * object, together often larger than the object). Lists leave apiVersion and kind out: the resource knows them.
 * Throws a TypeError for what is no object.
 */
export function parseObject(value: unknown, resource: Resource): KubeObject {
  const fields = isJsonObject(value) ? value : {};
  const metadata = isJsonObject(fields['metadata']) ? slimMetadata(fields['metadata']) : undefined;
  const object = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...fields, metadata };
  if (!isKubeObject(object)) throw new TypeError(`the server sent something that is no ${resource.kind}`);
  return object;
}

function selectorQuery(selector: Selector): Record<string, string> {
  return {
    ...(selector.fieldSelector === undefined ? {} : { fieldSelector: selector.fieldSelector }),
    ...(selector.labelSelector === undefined ? {} : { labelSelector: selector.labelSelector }),
  };
}

/** The objects of an API server. */
export class KubeClient {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /** One object, or undefined where there is none. */
  async get(resource: Resource, key: ObjectKey, signal: AbortSignal): Promise<KubeObject | undefined> {
    try {
      return parseObject(await this.send({ method: 'GET', path: pathOf(resource, key) }, signal), resource);
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /** A page of a list. Rejects with AnswerTooLong where it is longer than asked for. */
  async list(resource: Resource, selector: Selector, page: PageRequest, signal: AbortSignal): Promise<Page> {
    const query = {
      ...selectorQuery(selector),
      ...(page.limit > 0 ? { limit: String(page.limit) } : {}),
      ...(page.next === '' ? {} : { continue: page.next }),
    };
    const path = pathOf(resource, { namespace: selector.namespace });
    const request: ApiRequest = { method: 'GET', path, query, longestAnswer: page.longest };
    const response = await this.transport.request(request, signal);
    this.refuse(request, response);
    return this.parsePage(response, resource);
  }

  /** A watch from a resourceVersion on, with bookmarks. */
  async watch(
    resource: Resource,
    selector: Selector,
    from: { resourceVersion: string; timeoutSeconds: number },
    signal: AbortSignal,
  ): Promise<ApiStream> {
    const query = {
      ...selectorQuery(selector),
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: from.resourceVersion,
      timeoutSeconds: String(from.timeoutSeconds),
    };
    const request: ApiRequest = { method: 'GET', path: pathOf(resource, { namespace: selector.namespace }), query };
    const stream = await this.transport.stream(request, signal);
    this.refuse(request, stream);
    return stream;
  }

  /** Creates an object; the answer is the object as stored. `body` may lack a name where it has `generateName`. */
  async create(
    resource: Resource,
    namespace: string | undefined,
    body: object,
    signal: AbortSignal,
  ): Promise<KubeObject> {
    return parseObject(
      await this.send({ method: 'POST', path: pathOf(resource, { namespace }), body }, signal),
      resource,
    );
  }

  /**
   * A merge patch (RFC 7386) of an object or its status. A resourceVersion in it is a precondition: 409 if it is old.
   */
  async patch(
    resource: Resource,
    key: ObjectKey,
    body: object,
    signal: AbortSignal,
    subresource?: 'status',
  ): Promise<KubeObject> {
    return parseObject(await this.send(mergePatch(pathOf(resource, key, subresource), body), signal), resource);
  }

  /** The same where the object's metadata are enough of an answer: as they are then. */
  async patchForMetadata(
    resource: Resource,
    key: ObjectKey,
    body: object,
    signal: AbortSignal,
    subresource?: 'status',
  ): Promise<ObjectMeta> {
    const request = { ...mergePatch(pathOf(resource, key, subresource), body), metadataOnly: true };
    return parseObject(await this.send(request, signal), resource).metadata;
  }

  /** A JSON patch (RFC 6902) of an object. */
  async jsonPatch(
    resource: Resource,
    key: ObjectKey,
    steps: readonly object[],
    signal: AbortSignal,
  ): Promise<KubeObject> {
    const contentType = 'application/json-patch+json';
    const request: ApiRequest = { method: 'PATCH', path: pathOf(resource, key), body: steps, contentType };
    return parseObject(await this.send(request, signal), resource);
  }

  /** Server-side apply: the object will have these fields, and no longer those that the manager applied before. */
  async apply(resource: Resource, object: KubeObject, manager: string, signal: AbortSignal): Promise<KubeObject> {
    const request: ApiRequest = {
      method: 'PATCH',
      path: pathOf(resource, keyOf(object)),
      query: { fieldManager: manager, force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: object,
    };
    return parseObject(await this.send(request, signal), resource);
  }

  /** Replaces an object; its resourceVersion is a precondition. */
  async replace(resource: Resource, object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
    const path = pathOf(resource, keyOf(object));
    return parseObject(await this.send({ method: 'PUT', path, body: object }, signal), resource);
  }

  /** Deletes an object. An object that is not there is fine; one that fails the preconditions is a 409. */
  async remove(resource: Resource, key: ObjectKey, preconditions: Preconditions, signal: AbortSignal): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions };
    try {
      await this.send({ method: 'DELETE', path: pathOf(resource, key), body }, signal);
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  }

  /** Any other request; the parsed answer. */
  async send(request: ApiRequest, signal: AbortSignal): Promise<unknown> {
    const response = await this.transport.request(request, signal);
    this.refuse(request, response);
    return response.body;
  }

  private refuse(request: ApiRequest, response: ApiResponse): void {
    if (response.status < 300) return;
    const what = `${request.method} ${request.path}`;
    throw apiErrorFrom(what, response.status, response.body, response.retryAfterMs);
  }

  private parsePage({ body, length = 0 }: ApiResponse, resource: Resource): Page {
    const list = isJsonObject(body) ? body : {};
    const metadata = isJsonObject(list['metadata']) ? list['metadata'] : {};
    const { resourceVersion, continue: next } = metadata;
    if (!Array.isArray(list['items']) || typeof resourceVersion !== 'string') {
      throw new TypeError(`the server sent something that is no list of ${resource.plural}`);
    }
    const items = list['items'].map((item: unknown) => parseObject(item, resource));
    return { items, resourceVersion, next: typeof next === 'string' ? next : '', length };
  }
}

function mergePatch(path: string, body: object): ApiRequest {
  return { method: 'PATCH', path, body, contentType: 'application/merge-patch+json' };
}
