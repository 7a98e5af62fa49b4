// SPDX-License-Identifier: Apache-2.0
// One reconcile of a handler over one object: the handler's outcome, then the writes that it takes. Everything that a
// handler must not forget is here, so that it cannot.
import { errorText, Failed, Rejected } from '../core/errors.ts';
import { ApiError } from './api.ts';
import { budgetSentence } from './budget.ts';
import { fingerprint } from './canonical.ts';
import type { Clock } from './clock.ts';
import type { ReconcileResult } from './controller.ts';
import type { EventRecorder } from './events.ts';
import type { InFlightWrites } from './in-flight-writes.ts';
import type { Handler, Reader } from './handler.ts';
import { WriteBackoff } from './write-backoff.ts';
import { metadataPatch } from './metadata.ts';
import type { OwnMetadata } from './metadata.ts';
import { apiVersionOf, isDeleting, keyOf, keyText, refOf } from './object.ts';
import type { KubeObject, ObjectKey } from './object.ts';
import type { ObjectEvent, ObjectPatch, Outcome } from './outcome.ts';
import { GONE } from './writer.ts';
import type { Writer } from './writer.ts';

/** The dependencies of a reconcile besides its handler. */
export interface ReconcilerParts<T extends KubeObject> {
  readonly clock: Clock;
  readonly objects: Reader<T>;
  readonly writer: Writer;
  readonly events: EventRecorder;
  readonly inFlight: InFlightWrites;
}

/** An outcome; `rejected` is set when the handler threw `Rejected`. */
type HandlerOutcome<T extends KubeObject> = Outcome<T> & { readonly rejected?: true };

/** The name of a handler's reconcile over a key, by which its own writes are recognised. */
export function writeOrigin(handler: string, key: string): string {
  return `${handler} ${key}`;
}

/** In its place where a handler brings its own object into another form, to be reconciled like any other change. */
const FORM_ORIGIN = '';

/** The reconciles of one handler. */
export class Reconciler<T extends KubeObject> {
  private readonly handler: Handler<T>;
  private readonly parts: ReconcilerParts<T>;
  private readonly reported = new Map<string, string>();
  private readonly writeBackoff: WriteBackoff;

  constructor(handler: Handler<T>, parts: ReconcilerParts<T>) {
    this.handler = handler;
    this.parts = parts;
    this.writeBackoff = new WriteBackoff(parts.clock);
  }

  /** The reconcile over a key. Throws what the handler threw, except `Rejected`, and what the API server refused. */
  async run(key: ObjectKey, signal: AbortSignal): Promise<ReconcileResult> {
    const object = this.parts.objects.get(key);
    if (object === undefined) return this.vanished(key, signal);
    return isDeleting(object) ? this.cleanup(object, signal) : this.apply(object, signal);
  }

  private async vanished(key: ObjectKey, signal: AbortSignal): Promise<ReconcileResult> {
    this.reported.delete(keyText(key));
    this.writeBackoff.forget(keyText(key));
    const outcome = (await this.handler.gone?.(key, signal)) ?? {};
    for (const patch of outcome.patches ?? [])
      await this.parts.writer.jsonPatch(patch, writeOrigin(this.handler.name, keyText(key)), signal);
    await this.writeOthers(key, outcome, signal);
    return { requeueAfterMs: outcome.requeueAfterMs };
  }

  private async apply(object: T, signal: AbortSignal): Promise<ReconcileResult> {
    const step = this.parts.objects.isWithheld(object.metadata)
      ? () => this.withheld(object, signal)
      : () => this.handler.apply(object, signal);
    return this.written(object, await this.guarded(object, signal, step), signal);
  }

  /** Writes an outcome, and where the API server refuses it the handler's answer to that. */
  private async written(object: T, outcome: HandlerOutcome<T>, signal: AbortSignal): Promise<ReconcileResult> {
    try {
      return await this.write(object, outcome, signal);
    } catch (error) {
      const answer = isRefusal(error) ? this.handler.refused?.(object, error) : undefined;
      if (answer !== undefined) await this.write(object, answer, signal);
      throw error;
    }
  }

  /** The object is beyond the budget of its namespace, and only its identity is here. */
  private async withheld(object: T, signal: AbortSignal): Promise<Outcome<T>> {
    const { limits } = this.handler.source?.budget ?? { limits: { bytes: 0, objects: 0 } };
    const why = new Rejected('NamespaceBudgetExceeded', budgetSentence(object.metadata.namespace ?? '', limits));
    if (this.handler.withheld === undefined) throw why;
    return this.handler.withheld(object, why, signal);
  }

  /** Runs also for an object that others hold and we do not, so it must be idempotent. */
  private async cleanup(object: T, signal: AbortSignal): Promise<ReconcileResult> {
    const cleanup = async (): Promise<Outcome<T>> => (await this.handler.cleanup?.(object, signal)) ?? {};
    return this.written(object, await this.guarded(object, signal, cleanup), signal);
  }

  /** Runs a step of the handler; a mistake of the user or a known failure of ours becomes an event of the object. */
  private async guarded(object: T, signal: AbortSignal, step: () => Promise<Outcome<T>>): Promise<HandlerOutcome<T>> {
    try {
      const outcome = await step();
      this.reported.delete(this.keyOf(object));
      return outcome;
    } catch (error) {
      if (error instanceof Rejected) return { events: this.warningsFor(object, error), rejected: true };
      if (error instanceof Failed && !signal.aborted) {
        await this.write(object, { events: this.warningsFor(object, error) }, signal);
      }
      throw error;
    }
  }

  /** A Warning event, unless this error was reported already: resyncs and retries would repeat it for ever. */
  private warningsFor(object: T, why: Rejected | Failed): readonly ObjectEvent[] {
    const key = this.keyOf(object);
    const { uid, generation } = object.metadata;
    const text = [uid, generation, why.reason, errorText(why)].join(' ');
    if (this.reported.get(key) === text) return [];
    this.reported.set(key, text);
    return [{ type: 'Warning', reason: why.reason, message: errorText(why) }];
  }

  private async write(object: T, outcome: HandlerOutcome<T>, signal: AbortSignal): Promise<ReconcileResult> {
    const patched = await this.writePatches(object, outcome.patches ?? [], signal);
    await this.writeOthers(object, outcome, signal);
    if (patched === GONE) return {};
    const key = this.keyOf(object);
    const waitMs = this.waitMs(patched, outcome.metadata);
    const current = waitMs > 0 ? patched : await this.writeMetadata(patched, outcome.metadata ?? {}, signal);
    // The object is gone, so nothing else of the outcome applies; the watch will show the deletion.
    if (current === GONE) return {};
    if (outcome.status !== undefined) {
      const origin = writeOrigin(this.handler.name, key);
      const version = await this.parts.writer.status(this.handler.kind, current, outcome.status, origin, signal);
      if (version === GONE) return {};
      this.parts.inFlight.wrote(key, version);
      this.record(object, outcome, (event) => event.withStatus === true);
    }
    const { requeueAfterMs, rejected } = outcome;
    if (waitMs === 0) return { requeueAfterMs, rejected };
    return { requeueAfterMs: Math.min(waitMs, requeueAfterMs ?? waitMs), rejected };
  }

  /** How long to wait before metadata are written again that another writer has undone. */
  private waitMs(object: T, wanted: OwnMetadata | undefined): number {
    if (wanted === undefined || metadataPatch(object, wanted) === undefined) return 0;
    return this.writeBackoff.waitMs(this.keyOf(object), fingerprint([object.metadata.uid, wanted]));
  }

  /**
   * Patches come before the events that tell of them. One of the handled object itself changes the version that its
   * metadata and status are written to.
   */
  private async writePatches(
    object: T,
    patches: readonly ObjectPatch[],
    signal: AbortSignal,
  ): Promise<T | typeof GONE> {
    let current: T | typeof GONE = object;
    const key = this.keyOf(object);
    for (const patch of patches) {
      const metadata = await this.parts.writer.jsonPatch(patch, writeOrigin(this.handler.name, key), signal);
      if (patch.of !== object) continue;
      if (metadata !== GONE) this.parts.inFlight.wrote(key, metadata.resourceVersion);
      current = metadata === GONE ? GONE : { ...object, metadata };
    }
    return current;
  }

  private async writeMetadata(object: T, wanted: OwnMetadata, signal: AbortSignal): Promise<T | typeof GONE> {
    if (metadataPatch(object, wanted) === undefined) return object;
    const whole = object.metadata.isCut === true ? await this.parts.writer.whole(object, signal) : object;
    if (whole === GONE) return GONE;
    const patch = metadataPatch(whole, wanted);
    if (patch === undefined) return object;
    const key = this.keyOf(object);
    const origin = writeOrigin(this.handler.name, key);
    const metadata = await this.parts.writer.metadata(this.handler.kind, object, patch, origin, signal);
    if (metadata === GONE) return GONE;
    this.writeBackoff.wrote(key, fingerprint([object.metadata.uid, wanted]));
    this.parts.inFlight.wrote(key, metadata.resourceVersion);
    return { ...object, metadata };
  }

  /**
   * Events first, but for those of the status: they report actions that the handler will not repeat when a write below
   * conflicts.
   */
  private async writeOthers(object: T | ObjectKey, outcome: Outcome<T>, signal: AbortSignal): Promise<void> {
    const key = 'metadata' in object ? this.keyOf(object) : keyText(object);
    const origin = writeOrigin(this.handler.name, key);
    this.record(object, outcome, (event) => event.withStatus !== true);
    for (const wanted of outcome.desired ?? [])
      await this.parts.writer.apply(wanted, this.isHandled(wanted, key) ? FORM_ORIGIN : origin, signal);
    for (const ref of outcome.toDelete ?? []) await this.parts.writer.remove(ref, signal);
  }

  /** Whether a wanted object is the handled one itself: the handler has yet to answer to the form that it wants. */
  private isHandled(wanted: KubeObject, key: string): boolean {
    const { kind } = this.handler;
    return wanted.kind === kind.kind && wanted.apiVersion === apiVersionOf(kind) && keyText(keyOf(wanted)) === key;
  }

  private record(object: T | ObjectKey, { events = [] }: Outcome<T>, isDue: (event: ObjectEvent) => boolean): void {
    for (const event of events.filter(isDue)) {
      const regarding = event.regarding ?? ('metadata' in object ? object : undefined);
      if (regarding !== undefined) this.parts.events.record(this.handler.name, regarding, event);
    }
  }

  private keyOf(object: T): string {
    return keyText(refOf(object));
  }
}

/** Whether the API server refuses the request for good: it is invalid or not allowed. */
function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && [400, 403, 422].includes(error.code);
}
