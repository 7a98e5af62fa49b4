// SPDX-License-Identifier: Apache-2.0
// Everything that runs in an operator's process, and the order in which it starts and stops: caches first, then the
// election, then the controllers; at the end the running reconciles, the lease, the waiting events and the watches.
import type { Log } from '../core/log.ts';
import type { Transport } from './api.ts';
import { KubeClient } from './client.ts';
import { aborted, sleep } from './clock.ts';
import type { Clock } from './clock.ts';
import { Controller } from './controller.ts';
import type { Reconcile } from './controller.ts';
import { EventRecorder } from './events.ts';
import { KindTable, KNOWN_KINDS } from './kinds.ts';
import { LeaderElector } from './leader.ts';
import type { LeaderOptions } from './leader.ts';
import type { RuntimeMetrics } from './metrics.ts';
import type { Resource } from './object.ts';
import { Permission } from './permission.ts';
import { REFLECTOR_TUNING } from './reflector.ts';
import type { ReflectorTuning } from './reflector.ts';
import { Sources } from './sources.ts';
import type { Store } from './store.ts';
import { TimeLimit } from './time-limit.ts';

/** The parts of a controller manager. */
export interface ControllerManagerParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: RuntimeMetrics;
  /** The source of events: the node or pod name. */
  readonly instance: string;
  /** All kinds that handlers watch or write, besides those of Kubernetes itself. */
  readonly kinds: readonly Resource[];
  /** The only namespaces to watch; none means all. */
  readonly namespaces?: readonly string[];
  /** Only the holder of this lease works; without it everyone does. */
  readonly leader?: LeaderOptions;
  readonly tuning?: Partial<ReflectorTuning>;
}

/** How long running reconciles may go on after a stop before they are broken off. */
const DRAIN_MS = 500;
/** How long waiting events may still be written. */
const FLUSH_MS = 200;
/** A stop takes no longer than this, whatever a handler or the API server does: SIGTERM is obeyed within a second. */
const STOP_MS = 900;
/** All objects are looked at again after ten hours, less up to a tenth by chance, as controller-runtime does. */
const RESYNC_MS = 36_000_000;

interface Driven {
  readonly controller: Controller;
  readonly store: Store;
}

/** Drives controllers from start to stop; once only. */
export class ControllerManager {
  readonly client: KubeClient;
  readonly sources: Sources;
  readonly kinds: KindTable;
  readonly events: EventRecorder;
  readonly permission: Permission;
  readonly parts: ControllerManagerParts;
  private readonly driven: Driven[] = [];
  private readonly beginnings: (() => void)[] = [];
  private readonly elector: LeaderElector | undefined;
  private readonly draining = new AbortController();
  private readonly flushing = new AbortController();
  private readonly ending = new AbortController();
  private work: Promise<unknown> = Promise.resolve();
  private watching: Promise<unknown> = Promise.resolve();
  private reporting: Promise<unknown> = Promise.resolve();
  private stopped: Promise<void> | undefined;
  private isSynced = false;

  constructor(parts: ControllerManagerParts) {
    this.parts = parts;
    this.client = new KubeClient(parts.transport);
    this.sources = new Sources(parts.namespaces ?? []);
    this.kinds = new KindTable([...KNOWN_KINDS, ...parts.kinds]);
    const { refusedMs } = { ...REFLECTOR_TUNING, ...parts.tuning };
    this.permission = new Permission(parts.clock, refusedMs);
    const given = { ...parts, client: this.client };
    this.events = new EventRecorder(given);
    this.elector = parts.leader === undefined ? undefined : new LeaderElector(parts.leader, given);
  }

  /** Whether all caches have been filled once, and no stop was asked for. */
  get ready(): boolean {
    return this.isSynced && !this.draining.signal.aborted;
  }

  /** Aborts when everything has been stopped. */
  get life(): AbortSignal {
    return this.ending.signal;
  }

  /** The clock of the whole process. */
  get clock(): Clock {
    return this.parts.clock;
  }

  /** Calls back each time that the controllers begin to work: at the start, or when this process has got the lead. */
  whenBegun(listener: () => void): void {
    this.beginnings.push(listener);
  }

  /** Makes a controller over the keys of a store. For a reconcile without a change, put a key into its queue. */
  drive(name: string, concurrency: number, store: Store, reconcile: Reconcile): Controller {
    const controller = new Controller(name, concurrency, reconcile, this.parts);
    // When work begins all objects are looked at anyway.
    controller.queue.close();
    this.driven.push({ controller, store });
    return controller;
  }

  /** Resolves when the caches are filled and the controllers (or the election) run, or a stop came first. */
  async start(): Promise<void> {
    const { clock, log } = this.parts;
    const tuning = { ...REFLECTOR_TUNING, ...this.parts.tuning };
    const { client, permission } = this;
    const watches = this.sources.run({ client, clock, log, tuning, permission }, this.ending.signal);
    this.watching = watches.ended;
    this.reporting = this.events.run(this.flushing.signal, this.ending.signal);
    await Promise.race([watches.synced, aborted(this.draining.signal)]);
    if (this.draining.signal.aborted) return;
    this.isSynced = true;
    log.debug('caches are filled');
    const work = (signal: AbortSignal) => this.runControllers(signal);
    this.work = this.elector?.run(work, this.draining.signal) ?? work(this.draining.signal);
  }

  /** Stops in order, within a second. Later calls wait for the same end. */
  stop(): Promise<void> {
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  private async shutDown(): Promise<void> {
    const limit = new TimeLimit(this.parts.clock, STOP_MS, new AbortController().signal);
    const late = aborted(limit.signal);
    this.draining.abort(new Error('the operator stops'));
    await Promise.race([this.work, late]);
    await Promise.race([this.elector?.release(limit.signal), late]);
    this.flushing.abort();
    await Promise.race([this.reporting, sleep(this.parts.clock, FLUSH_MS, limit.signal)]);
    this.ending.abort(new Error('the operator has stopped'));
    await Promise.race([this.watching, late]);
    for (const { controller } of this.driven) controller.queue.clear();
    if (limit.over) this.parts.log.warn('something did not stop in time and was left behind');
    limit.stop();
  }

  private async runControllers(signal: AbortSignal): Promise<void> {
    const breaking = new AbortController();
    let cancel: () => void = () => undefined;
    const breakLater = () => {
      cancel = this.parts.clock.after(DRAIN_MS, () => breaking.abort(new Error('the operator stops')));
    };
    signal.addEventListener('abort', breakLater, { once: true });
    if (signal.aborted) breakLater();
    for (const begin of this.beginnings) begin();
    for (const { controller } of this.driven) controller.queue.open();
    this.enqueueAll();
    const stop = { draining: signal, breaking: breaking.signal };
    await Promise.all([this.resync(signal), ...this.driven.map(({ controller }) => controller.run(stop))]);
    signal.removeEventListener('abort', breakLater);
    cancel();
    this.rest();
  }

  /**
   * The lease is lost. The current keys are kept, so that a deletion meanwhile is noticed when this process leads
   * again.
   */
  private rest(): void {
    for (const { controller, store } of this.driven) {
      controller.queue.close();
      for (const key of store.keys()) controller.queue.ask(key);
    }
  }

  private async resync(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    while (await sleep(clock, RESYNC_MS * (1 - 0.1 * clock.random()), signal)) this.enqueueAll();
  }

  private enqueueAll(): void {
    for (const { controller, store } of this.driven) {
      for (const key of store.keys()) controller.queue.add(key, 'routine');
    }
  }
}
