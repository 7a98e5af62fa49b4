// SPDX-License-Identifier: Apache-2.0
// The operator: @dot-i/k8s-operator's base class, with which handlers are registered, on a controller manager of our
// own. The base class's own watch loop exits the process when a connection drops, its queue runs one handler at a time
// over all kinds and swallows what they throw, and its finalizers and statuses take a refusal for a success; so all of
// that is overridden here, with the same signatures, and the rest of the class is used as it is.
import framework from '@dot-i/k8s-operator';
import type { OperatorLogger, ResourceEvent, ResourceMeta } from '@dot-i/k8s-operator';
import { KubeConfig } from '@kubernetes/client-node';
import type { Log } from '../core/log.ts';
import { isStatus } from './api.ts';
import { parseObject, pathOf } from './client.ts';
import { eventReconcile, metaOf } from './event-reconcile.ts';
import { InFlightWrites } from './in-flight-writes.ts';
import type { Handler, PolicyRule, Reader, Source } from './handler.ts';
import { LargeTurn } from './large-turn.ts';
import { Reconciler } from './reconciler.ts';
import { ControllerManager } from './controller-manager.ts';
import type { ControllerManagerParts } from './controller-manager.ts';
import { apiVersionOf, keyOf, keyText } from './object.ts';
import type { KubeObject, ObjectKey, Resource } from './object.ts';
import { EVENT_RULE, handlerSource, leaseRules, rulesOf, watchRule } from './rules.ts';
import { subscribePrimary, subscribeWatch } from './subscriptions.ts';
import { typed } from './typed.ts';
import { Writer } from './writer.ts';

/** The parts of an operator. */
export interface OperatorParts extends ControllerManagerParts {
  /** Where the API server is, for the base class; the transport has its own. Without it a default is not looked for. */
  readonly kubeConfig?: KubeConfig;
  /** Called for each write of a handler's outcome that was refused or not answered; see `Writer`. */
  readonly onFailedWrite?: (resource: Resource, error: unknown) => void;
}

/** Reconciles at a time where a handler says nothing else. */
const DEFAULT_CONCURRENCY = 4;

/** The base class logs finished sentences. */
function sentences(log: Log): OperatorLogger {
  return {
    debug: (message) => log.debug(message),
    info: (message) => log.info(message),
    warn: (message) => log.warn(message),
    error: (message) => log.error(message),
  };
}

/**
 * The base class looks for a kubeconfig in its constructor, and throws where the one that it finds is broken. We bring
 * our own, or need none (a test, a program that prints manifests), so it finds an unused address.
 */
function withoutDefaultConfig<T>(construct: () => T): T {
  const load = Object.getOwnPropertyDescriptor(KubeConfig.prototype, 'loadFromDefault');
  KubeConfig.prototype.loadFromDefault = function unused(this: KubeConfig) {
    this.loadFromClusterAndUser(
      { name: 'none', server: 'https://127.0.0.1:1', skipTLSVerify: false },
      { name: 'none' },
    );
  };
  try {
    return construct();
  } finally {
    if (load !== undefined) Object.defineProperty(KubeConfig.prototype, 'loadFromDefault', load);
  }
}

/** An operator to register handlers with. */
export class SpoOperator extends framework.default {
  private readonly manager: ControllerManager;
  private readonly handlers: Handler<KubeObject>[] = [];
  private readonly onFailedWrite: (resource: Resource, error: unknown) => void;

  /** For subclasses; everyone else calls `create`, which needs no kubeconfig. */
  protected constructor(parts: OperatorParts) {
    super(sentences(parts.log.named('operator')));
    if (parts.kubeConfig !== undefined) this.kubeConfig = parts.kubeConfig;
    this.manager = new ControllerManager(parts);
    this.onFailedWrite = parts.onFailedWrite ?? (() => undefined);
  }

  /** An operator without handlers yet. */
  static create(parts: OperatorParts): SpoOperator {
    return withoutDefaultConfig(() => new SpoOperator(parts));
  }

  /** Whether all caches are filled and no stop was asked for: what `/readyz` tells. */
  get ready(): boolean {
    return this.manager.ready;
  }

  /** The resources that the API server has not let this process watch for a while; undefined for none. */
  get forbidden(): string | undefined {
    return this.manager.permission.lack;
  }

  /** Calls back when `forbidden` has changed. */
  whenForbidden(listener: () => void): void {
    this.manager.permission.follow(listener);
  }

  /** Objects for handlers to read, kept up to date from `start` on. Must be asked for before. */
  reader<T extends KubeObject>(source: Source<T>): Reader<T> {
    this.manager.kinds.add(source.resource);
    return this.manager.sources.reader(source);
  }

  /** Adds a handler; before `start`. Returns a function that adds a key for reasons that no watch shows. */
  register<T extends KubeObject>(handler: Handler<T>): (key: ObjectKey) => void {
    const { kind: resource } = handler;
    const store = this.manager.sources.store(handlerSource(handler));
    const { events, kinds, parts } = this.manager;
    const { log, clock } = parts;
    const inFlight = new InFlightWrites();
    const turn = new LargeTurn();
    const { onFailedWrite } = this;
    const { client, sources } = this.manager;
    const writer = new Writer(handler.name, { client, clock, sources, kinds, onFailedWrite });
    this.manager.whenBegun(() => {
      writer.forget();
      handler.begin?.();
    });
    const objects = typed<T>(store);
    const reconciler = new Reconciler(handler, { clock, objects, writer, events, inFlight });
    const { queue } = this.manager.drive(
      handler.name,
      handler.concurrency ?? DEFAULT_CONCURRENCY,
      store,
      async (key, signal) => {
        inFlight.begin(keyText(key));
        const run = () => reconciler.run(key, signal);
        const end = await (store.isLarge(key) ? turn.run(run) : run()).finally(() => {
          if (inFlight.end(keyText(key))) queue.add(keyText(key));
        });
        return end;
      },
    );
    kinds.add(resource);
    const subscriber = { queue, log, onBug: () => parts.metrics.bug(handler.name) };
    subscribePrimary(handler, store, inFlight, subscriber);
    for (const watch of handler.watches ?? []) {
      kinds.add(watch.resource);
      subscribeWatch(watch, this.manager.sources.store(watch), subscriber);
    }
    this.handlers.push(handler);
    return (key) => queue.ask(keyText(key));
  }

  /**
   * The RBAC rules that this process needs, of its handlers, readers and of the runtime itself; some more than once.
   */
  rules(): readonly PolicyRule[] {
    const { leader } = this.manager.parts;
    return [
      ...this.handlers.flatMap((handler) => rulesOf(handler)),
      ...this.manager.sources.list().map(watchRule),
      EVENT_RULE,
      ...(leader === undefined ? [] : leaseRules(leader.name)),
    ];
  }

  /** Resolves when the caches are filled and work has begun (or the election for it), or a stop came first. */
  override async start(): Promise<void> {
    await super.start();
    await this.manager.start();
  }

  /** Stops in order and within a second: running reconciles, lease, events, watches. */
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the base class stops at once; we can be waited for
  override stop(): Promise<void> {
    return this.manager.stop();
  }

  /** For subclasses that use the framework's own way of watching. Handlers are registered, not watched here. */
  protected override async init(): Promise<void> {
    // Nothing to do: `register` has made the sources.
  }

  /**
   * As the base class documents it, but no event is lost or forgotten: see event-reconcile. Before `start`, or in
   * `init`.
   */
  protected override async watchResource(
    group: string,
    version: string,
    plural: string,
    onEvent: (event: ResourceEvent) => Promise<void>,
    namespace?: string,
  ): Promise<void> {
    const resource = this.manager.kinds.byPlural(group, version, plural);
    const store = this.manager.sources.store({
      resource,
      ...(namespace === undefined ? {} : { selector: { namespace } }),
    });
    const id = `${plural}.${apiVersionOf(resource)}`;
    const name = [id, ...(namespace === undefined ? [] : [namespace])].join(' ');
    const controller = this.manager.drive(name, 1, store, eventReconcile(id, store, onEvent));
    store.subscribe((change) => controller.queue.add(keyText(keyOf(change.object)), change.priority));
  }

  /** The base class's address is undefined with this client. */
  protected override getCustomResourceApiUri(
    group: string,
    version: string,
    plural: string,
    namespace?: string,
  ): string {
    const server = this.kubeConfig.getCurrentCluster()?.server ?? '';
    return server + pathOf(this.manager.kinds.byPlural(group, version, plural), { namespace });
  }

  /** Rejects with an ApiError where the object has changed since (409); null where it is gone. */
  protected override setResourceStatus(meta: ResourceMeta, status: unknown): Promise<ResourceMeta | null> {
    return this.writeStatus(meta, 'PUT', status);
  }

  /** As `setResourceStatus`, with a merge patch. */
  protected override patchResourceStatus(meta: ResourceMeta, status: unknown): Promise<ResourceMeta | null> {
    return this.writeStatus(meta, 'PATCH', status);
  }

  /** Rejects with an ApiError where the object has changed since (409), so that no other finalizer is lost. */
  protected override async setResourceFinalizers(meta: ResourceMeta, finalizers: string[]): Promise<void> {
    const patch = { metadata: { resourceVersion: meta.resourceVersion, finalizers } };
    await this.manager.client.patch(this.manager.kinds.resourceOf(meta), meta, patch, this.manager.life);
  }

  /** CRDs come with the manifests: an operator that may write them needs rights that nothing else of it needs. */
  protected override registerCustomResourceDefinition(crdFile: string): Promise<never> {
    return Promise.reject(new Error(`${crdFile}: CRDs are installed from the manifests, not by the operator`));
  }

  private async writeStatus(
    meta: ResourceMeta,
    method: 'PUT' | 'PATCH',
    status: unknown,
  ): Promise<ResourceMeta | null> {
    const resource = this.manager.kinds.resourceOf(meta);
    const { apiVersion, kind, name, namespace, resourceVersion } = meta;
    const body = { apiVersion, kind, metadata: { name, namespace, resourceVersion }, status };
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const request = { method, path: pathOf(resource, meta, 'status'), body, contentType };
    try {
      const answer = await this.manager.client.send(request, this.manager.life);
      return metaOf(meta.id, parseObject(answer, resource));
    } catch (error) {
      if (isStatus(error, 404)) return null;
      throw error;
    }
  }
}
