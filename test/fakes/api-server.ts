// SPDX-License-Identifier: Apache-2.0
// A working API server in memory: lists in pages, watches with bookmarks and 410, conflicts, finalizers, the status
// subresource, server-side apply, RBAC, and faults on demand. It is a transport itself, for tests without a network; a
// listener for tests with one is in api-http.ts. For what it lacks (validation, defaults) there is the real one.
import { setImmediate as turn } from 'node:timers/promises';
import { AnswerTooLong } from '../../src/core/errors.ts';
import { parseJson, printJson } from '../../src/core/json.ts';
import { isJsonObject } from '../../src/core/json.ts';
import type { ApiRequest, ApiResponse, ApiStream, Transport } from '../../src/runtime/api.ts';
import type { PolicyRule } from '../../src/runtime/handler.ts';
import { KindTable, KNOWN_KINDS } from '../../src/runtime/kinds.ts';
import { apiVersionOf } from '../../src/runtime/object.ts';
import type { KubeObject, ObjectKey, Resource } from '../../src/runtime/object.ts';
import { ApiObjects, objectFrom, withStatusOf } from './api-objects.ts';
import { Watches } from './api-watches.ts';
import { FieldOwners } from './field-owners.ts';
import { jsonPatch, mergeInto, PatchFailed } from './patches.ts';
import { isSelected } from './selectors.ts';

/** A request as it was answered. */
export interface Answered {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
}

/** The options of a fake API server. */
export interface FakeOptions {
  /** Kinds besides those of Kubernetes itself. */
  readonly kinds: readonly Resource[];
  /** The permissions of callers; left out: all. */
  readonly rules?: readonly PolicyRule[];
}

/** Asked before each request; an answer or an error takes the place of the real one. */
export type Fault = (request: ApiRequest) => ApiResponse | Error | undefined;

interface Target {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** A refusal, as a Status. */
class Refused extends Error {
  readonly status: { readonly code: number; readonly reason: string; readonly message: string };

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.status = { code, reason, message };
  }

  get response(): ApiResponse {
    return { status: this.status.code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', ...this.status } };
  }
}

function refuse(code: number, reason: string, message: string): never {
  throw new Refused(code, reason, message);
}

function copy(value: unknown): unknown {
  return value === undefined ? undefined : parseJson(printJson(value));
}

async function* linesOf(...lines: readonly unknown[]): AsyncGenerator {
  yield* lines;
}

const pathPattern =
  /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/;

function verbOf(request: ApiRequest, target: Target): string {
  if (request.query?.['watch'] !== undefined) return 'watch';
  const read = target.name === undefined ? 'list' : 'get';
  return { GET: read, POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }[request.method];
}

/** A list or watch that selects one name counts as a request for that name, as in the real server. */
function selectedName(request: ApiRequest): string | undefined {
  return /^metadata\.name=([^,]+)$/.exec(request.query?.['fieldSelector'] ?? '')?.[1];
}

function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof PatchFailed)
    return new Refused(422, 'Invalid', 'the server rejected our request due to an error in our request');
  if (error instanceof TypeError) return new Refused(400, 'BadRequest', error.message);
  throw error;
}

/** An answer of metadata alone, where these are all that is asked for. */
function reduced({ metadataOnly }: ApiRequest, response: ApiResponse): ApiResponse {
  const { body } = response;
  if (metadataOnly !== true || response.status >= 300 || !isJsonObject(body)) return response;
  const { metadata } = body;
  return { ...response, body: { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata } };
}

/** The fake. */
export class FakeApiServer implements Transport {
  readonly requests: Answered[] = [];
  /** Set to make requests fail. */
  fault: Fault = () => undefined;
  private readonly objects = new ApiObjects();
  private readonly watches = new Watches();
  private readonly kinds: KindTable;
  private readonly rules: readonly PolicyRule[] | undefined;
  private readonly owners = new Map<string, FieldOwners>();
  private readonly snapshots = new Map<string, readonly KubeObject[]>();
  private compacted = 0;

  constructor(options: FakeOptions) {
    this.kinds = new KindTable([...KNOWN_KINDS, ...options.kinds]);
    this.rules = options.rules;
    this.objects.listen((entry) => this.watches.tell(entry));
  }

  /** The server as somebody sees it who may do only this; rules for the operator's namespace count only there. */
  as(rules: readonly PolicyRule[], operator: string): Transport {
    const may = (request: ApiRequest) =>
      this.answer(request, (target) => {
        this.authorize(request, target, rules, operator);
        return { status: 200, body: undefined };
      });
    return {
      request: async (request, signal) => {
        const answer = may(request);
        return answer.status === 200 ? this.request(request, signal) : this.refuseTo(request, answer);
      },
      stream: async (request, signal) => {
        const answer = may(request);
        return answer.status === 200
          ? this.stream(request, signal)
          : { ...this.refuseTo(request, answer), lines: linesOf() };
      },
    };
  }

  private refuseTo(request: ApiRequest, answer: ApiResponse): ApiResponse {
    const { method, path, query = {}, body } = request;
    this.requests.push({ method, path, query, body: copy(body), status: answer.status });
    return answer;
  }

  /** Requests that wanted to change something. */
  get writes(): readonly Answered[] {
    return this.requests.filter(({ method }) => method !== 'GET');
  }

  /** Watches that are open now. */
  get openWatches(): number {
    return this.watches.size;
  }

  /** Creates or replaces an object, as a user would; its status and finalizers stay unless others are given. */
  put(object: KubeObject): KubeObject {
    const resource = this.kinds.resourceOf(object);
    const namespace = resource.scope === 'Cluster' ? undefined : (object.metadata.namespace ?? 'default');
    const given = objectFrom(copy(object), resource, namespace);
    const before = this.objects.get(resource, given.metadata);
    if (before === undefined) return this.owned('user', undefined, this.objects.create(resource, given));
    const { finalizers = [] } = before.metadata;
    const after = { ...given, metadata: { finalizers, ...given.metadata } };
    const whole = 'status' in given ? after : withStatusOf(after, before);
    return this.owned('user', before, this.objects.update(resource, before, whole));
  }

  /** The object as it is stored. */
  get(resource: Resource, key: ObjectKey): KubeObject | undefined {
    return this.objects.get(resource, key);
  }

  /** All objects of a resource. */
  list(resource: Resource): readonly KubeObject[] {
    return this.objects.list(resource, undefined);
  }

  /** Deletes an object, as a user would. */
  delete(resource: Resource, key: ObjectKey): void {
    const object = this.objects.get(resource, key);
    if (object !== undefined) this.objects.delete(resource, object);
  }

  /** Forgets the history: a watch from an earlier version gets 410. */
  compact(): void {
    this.compacted = this.objects.version;
  }

  /** The version that the last change was given. */
  get version(): number {
    return this.objects.version;
  }

  /** Is restored from a backup of an earlier version; open watches end with the process that served them. */
  restore(version: number): void {
    this.objects.rewind(version);
    this.endWatches(new Error('the API server was restarted'));
  }

  /** Ends all open watches: regularly, or as a broken connection. */
  endWatches(error?: Error): void {
    this.watches.endAll(error);
  }

  /** Sends a line to all open watches; without one, a bookmark. */
  sendToWatches(line?: unknown): void {
    this.watches.sendAll(this.objects.version, line);
  }

  request(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> {
    return this.serve(request, signal, (target) => reduced(request, this.perform(request, target)));
  }

  async stream(request: ApiRequest, signal: AbortSignal): Promise<ApiStream> {
    let lines: AsyncIterable<unknown> = linesOf();
    const response = await this.serve(request, signal, (target) => {
      lines = this.watch(request, target, signal);
      return { status: 200, body: undefined };
    });
    return { ...response, lines };
  }

  private async serve(
    request: ApiRequest,
    signal: AbortSignal,
    answer: (target: Target) => ApiResponse,
  ): Promise<ApiResponse> {
    await turn();
    signal.throwIfAborted();
    const wrong = this.fault(request);
    if (wrong instanceof Error) throw wrong;
    const response = wrong ?? this.answer(request, answer);
    const { method, path, query = {}, body, longestAnswer } = request;
    this.requests.push({ method, path, query, body: copy(body), status: response.status });
    if (query['limit'] === undefined) return response;
    const { length } = printJson(response.body ?? '');
    if (longestAnswer !== undefined && length > longestAnswer)
      throw new AnswerTooLong(`the answer has more than ${String(longestAnswer)} bytes`);
    return { ...response, length };
  }

  private answer(request: ApiRequest, answer: (target: Target) => ApiResponse): ApiResponse {
    try {
      const target = this.targetOf(request.path);
      this.authorize(request, target);
      return answer(target);
    } catch (error) {
      return refusalOf(error).response;
    }
  }

  private targetOf(path: string): Target {
    const [, group = '', version = '', namespace, plural = '', name, subresource] = pathPattern.exec(path) ?? [];
    const resource = this.kinds.byPlural(group, version, plural);
    if (resource.kind === '') return refuse(404, 'NotFound', 'the server could not find the requested resource');
    return { resource, namespace, name, subresource };
  }

  private authorize(request: ApiRequest, target: Target, rules = this.rules, operator?: string): void {
    const { resource, subresource, namespace } = target;
    const name = target.name ?? selectedName(request);
    const verb = verbOf(request, target);
    const named = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
    const allows = (rule: PolicyRule) =>
      rule.apiGroups.includes(resource.group) &&
      rule.resources.includes(named) &&
      rule.verbs.includes(verb) &&
      (operator === undefined || rule.where !== 'operator' || namespace === operator) &&
      (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name)));
    if (rules?.some(allows) === false) refuse(403, 'Forbidden', `cannot ${verb} ${named} in "${resource.group}"`);
  }

  private perform(request: ApiRequest, target: Target): ApiResponse {
    switch (request.method) {
      case 'GET':
        return target.name === undefined ? this.content(request, target) : this.ok(this.found(target));
      case 'POST':
        return this.create(request, target);
      case 'PUT':
        return this.ok(this.update(target, this.found(target), copy(request.body)));
      case 'PATCH':
        return this.patch(request, target);
      case 'DELETE':
        return this.ok(this.remove(request, target));
      default:
        return request.method satisfies never;
    }
  }

  private ok(object: KubeObject): ApiResponse {
    return { status: 200, body: copy(object) };
  }

  private found({ resource, namespace, name = '' }: Target): KubeObject {
    const object = this.objects.get(resource, { namespace, name });
    return object ?? refuse(404, 'NotFound', `${resource.plural} "${name}" not found`);
  }

  /** Later pages show what the first one saw, whatever has changed since. */
  private content(request: ApiRequest, { resource, namespace }: Target): ApiResponse {
    const query = request.query ?? {};
    const [from = 0, snapshot = this.objects.version] = (query['continue'] ?? '')
      .split('@')
      .filter(Boolean)
      .map(Number);
    if (snapshot < this.compacted) return refuse(410, 'Expired', 'the provided continue parameter is too old');
    const name = `${request.path} ${String(snapshot)}`;
    const seen = from === 0 ? undefined : this.snapshots.get(name);
    const all = seen ?? this.objects.list(resource, namespace).filter((object) => isSelected(object, query));
    const limit = Number(query['limit'] ?? all.length);
    const more = from + limit < all.length ? { continue: `${String(from + limit)}@${String(snapshot)}` } : {};
    if (from + limit < all.length) this.snapshots.set(name, all);
    const metadata = { resourceVersion: String(snapshot), ...more };
    const items = all.slice(from, from + limit);
    return {
      status: 200,
      body: copy({ kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items }),
    };
  }

  private create(request: ApiRequest, { resource, namespace }: Target): ApiResponse {
    const object = objectFrom(copy(request.body), resource, namespace);
    const exists = this.objects.get(resource, object.metadata) !== undefined;
    if (exists) return refuse(409, 'AlreadyExists', `${resource.plural} "${object.metadata.name}" already exists`);
    return { status: 201, body: copy(this.owned('client', undefined, this.objects.create(resource, object))) };
  }

  /** A write of an object or of its status: each leaves the other's part as it is. */
  private write(target: Target, before: KubeObject, wanted: unknown): KubeObject {
    const object = objectFrom(wanted, target.resource, target.namespace);
    const { name, resourceVersion = '' } = object.metadata;
    if (resourceVersion !== '' && resourceVersion !== before.metadata.resourceVersion) {
      return refuse(
        409,
        'Conflict',
        `"${name}": the object has been modified; please apply your changes to the latest version`,
      );
    }
    const after = target.subresource === 'status' ? withStatusOf(before, object) : withStatusOf(object, before);
    return this.objects.update(target.resource, before, after);
  }

  private update(target: Target, before: KubeObject, wanted: unknown): KubeObject {
    return this.owned('client', before, this.write(target, before, wanted));
  }

  /** Notes that a manager has updated an object, and returns it. */
  private owned(manager: string, before: KubeObject | undefined, after: KubeObject): KubeObject {
    this.ownersOf(after).updated(manager, before, after);
    return after;
  }

  private ownersOf({ metadata: { uid = '' } }: KubeObject): FieldOwners {
    const owners = this.owners.get(uid) ?? new FieldOwners();
    this.owners.set(uid, owners);
    return owners;
  }

  private patch(request: ApiRequest, target: Target): ApiResponse {
    const body = copy(request.body);
    if (request.contentType === 'application/apply-patch+yaml') return this.apply(request, target, body);
    const before = this.found(target);
    const asJsonPatch = request.contentType === 'application/json-patch+json';
    return this.ok(this.update(target, before, asJsonPatch ? jsonPatch(before, body) : mergeInto(before, body)));
  }

  private apply(request: ApiRequest, target: Target, wanted: unknown): ApiResponse {
    const { resource, namespace, name = '' } = target;
    const manager =
      request.query?.['fieldManager'] ?? refuse(422, 'Invalid', 'fieldManager is required for apply patch');
    const by = `apply ${manager}`;
    const before = this.objects.get(resource, { namespace, name });
    const after =
      before === undefined
        ? this.objects.create(resource, objectFrom(copy(wanted), resource, namespace))
        : this.write(target, before, this.ownersOf(before).merge(by, before, wanted));
    this.ownersOf(after).applied(by, before, after, wanted);
    return { status: before === undefined ? 201 : 200, body: copy(after) };
  }

  private remove(request: ApiRequest, target: Target): KubeObject {
    const object = this.found(target);
    const body = copy(request.body);
    const wanted = isJsonObject(body) && isJsonObject(body['preconditions']) ? body['preconditions'] : {};
    for (const name of ['uid', 'resourceVersion'] as const) {
      const differs = wanted[name] !== undefined && wanted[name] !== object.metadata[name];
      if (differs) refuse(409, 'Conflict', `the ${name} in the precondition does not match`);
    }
    return this.objects.delete(target.resource, object);
  }

  private watch(request: ApiRequest, target: Target, signal: AbortSignal): AsyncIterable<unknown> {
    const query = request.query ?? {};
    const from = query['resourceVersion'] ?? '0';
    if (Number(from) < this.compacted) {
      return linesOf({
        type: 'ERROR',
        object: new Refused(410, 'Expired', `too old resource version: ${from}`).response.body,
      });
    }
    const { resource, namespace } = target;
    return this.watches.start({ resource, namespace, query }, this.objects.history, signal);
  }
}
