// SPDX-License-Identifier: Apache-2.0
// Brings outcomes into the cluster, with as few writes as there are differences: none where the cluster already says
// so.
import { ApiError, isStatus } from './api.ts';
import { fingerprint, project } from './canonical.ts';
import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import type { KindTable } from './kinds.ts';
import { mergePatch } from './merge-patch.ts';
import type { MetadataPatch } from './metadata.ts';
import { keyOf, keyText } from './object.ts';
import type { KubeObject, ObjectMeta, ObjectRef, Resource } from './object.ts';
import type { ObjectPatch, PatchStep } from './outcome.ts';
import type { Sources } from './sources.ts';
import { isNewer } from './store.ts';

/** The dependencies of a writer. */
export interface WriterParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly sources: Sources;
  readonly kinds: KindTable;
  /** Called for each write that was refused or not answered. Not for one of an object that has changed or gone. */
  readonly onFailedWrite: (resource: Resource, error: unknown) => void;
}

/** The last application of an object: the requested form, the server's form, and the time. */
interface Applied {
  readonly wanted: string;
  readonly made: string;
  readonly resourceVersion: string | undefined;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** Remembered applications; beyond, the oldest is forgotten, which costs one write when it comes up again. */
const REMEMBERED = 5000;
/**
 * So long an application of an object without a watch is assumed to stand; the next reconcile after that applies it
 * again.
 */
const TRUST_MS = 600_000;

/** Instead of a version: the object is gone, and the watch has not shown it yet. */
export const GONE = Symbol('gone');

/** The API server's words for a JSON patch that does not fit the object. Its status, 422, invalid objects get, too. */
const UNFITTING = 'rejected our request due to an error in our request';

/** A `test` failed because the object has changed, and that is a conflict. */
function asConflict(error: unknown): never {
  if (!isStatus(error, 422) || !error.message.includes(UNFITTING)) throw error;
  throw new ApiError('', { code: 409, reason: 'Conflict', message: error.message });
}

/** A status as patched: undefined where the object has none yet. */
function statusOf(object: KubeObject): unknown {
  return 'status' in object ? object.status : undefined;
}

/** Writes for one controller, under its name as field manager. */
export class Writer {
  private readonly parts: WriterParts;
  private readonly manager: string;
  private readonly applied = new Map<string, Applied>();

  constructor(manager: string, parts: WriterParts) {
    this.parts = parts;
    this.manager = manager;
  }

  /** All of an object that is kept cut, in the same version; GONE where there is none. Rejects with a conflict else. */
  async whole(object: KubeObject, signal: AbortSignal): Promise<KubeObject | typeof GONE> {
    const whole = await this.parts.client.get(this.parts.kinds.resourceOf(object), keyOf(object), signal);
    if (whole === undefined) return GONE;
    const { resourceVersion } = object.metadata;
    if (whole.metadata.resourceVersion === resourceVersion) return whole;
    const message = `${keyText(keyOf(object))} is no longer of version ${String(resourceVersion)}`;
    throw new ApiError('', { code: 409, reason: 'Conflict', message });
  }

  /** Writes a part of an object's metadata; the metadata as they are then, or GONE where there is no object. */
  async metadata(
    resource: Resource,
    object: KubeObject,
    patch: MetadataPatch,
    origin: string,
    signal: AbortSignal,
  ): Promise<ObjectMeta | typeof GONE> {
    return this.patch(resource, object, { patch }, origin, signal);
  }

  /**
   * Writes a status where it differs, on condition that the object is still the one given. Returns the version that the
   * object has then; undefined where nothing was written because nothing differs, and GONE where there is no object.
   */
  async status(
    resource: Resource,
    object: KubeObject,
    status: object,
    origin: string,
    signal: AbortSignal,
  ): Promise<string | typeof GONE | undefined> {
    const difference = mergePatch(statusOf(object), status);
    if (difference === undefined) return undefined;
    const patch = { metadata: { resourceVersion: object.metadata.resourceVersion }, status: difference };
    const written = await this.patch(resource, object, { patch, status }, origin, signal);
    return written === GONE ? GONE : written.resourceVersion;
  }

  /**
   * Changes an object by a JSON patch, if it is still the one given; the metadata as they are then, or GONE. Rejects
   * with a conflict where a `test` fails.
   */
  async jsonPatch({ of, steps }: ObjectPatch, origin: string, signal: AbortSignal): Promise<ObjectMeta | typeof GONE> {
    const resource = this.parts.kinds.resourceOf(of);
    const { uid } = of.metadata;
    const guarded: readonly PatchStep[] =
      uid === undefined ? steps : [{ op: 'test', path: '/metadata/uid', value: uid }, ...steps];
    const send = (): Promise<KubeObject> =>
      this.parts.client.jsonPatch(resource, keyOf(of), guarded, signal).catch(asConflict);
    const written = await this.sent(resource, send, origin, signal);
    return written === GONE ? GONE : written.metadata;
  }

  /** Brings an object into a form by server-side apply, unless our last application still stands. */
  async apply(object: KubeObject, origin: string, signal: AbortSignal): Promise<void> {
    const resource = this.parts.kinds.resourceOf(object);
    const name = `${object.apiVersion} ${object.kind} ${keyText(keyOf(object))}`;
    const wanted = fingerprint(object);
    if (this.stands(resource, object, this.applied.get(name), wanted)) return;
    const apply = (): Promise<KubeObject> => this.parts.client.apply(resource, object, this.manager, signal);
    const written = await this.counted(resource, signal, apply);
    this.parts.sources.observe(resource, written, origin);
    this.remember(name, {
      wanted,
      made: fingerprint(project(written, object)),
      resourceVersion: written.metadata.resourceVersion,
      at: this.parts.clock.monotonic(),
    });
  }

  /** Deletes an object, on condition that it is the one that is cached. */
  async remove(ref: ObjectRef, signal: AbortSignal): Promise<void> {
    const resource = this.parts.kinds.resourceOf(ref);
    const cached = this.parts.sources.find(resource, ref);
    this.applied.delete(`${ref.apiVersion} ${ref.kind} ${keyText(ref)}`);
    if (cached === undefined && this.parts.sources.isComplete(resource, ref)) return;
    if (cached?.metadata.deletionTimestamp !== undefined) return;
    const { uid, resourceVersion } = cached?.metadata ?? {};
    const remove = (): Promise<void> => this.parts.client.remove(resource, ref, { uid, resourceVersion }, signal);
    await this.counted(resource, signal, remove);
  }

  /** Forgets what was applied: while others led, anything may have happened to it. */
  forget(): void {
    this.applied.clear();
  }

  /** A merge patch that names the version of the object; `status` is all of it, where it is the status that changes. */
  private async patch(
    resource: Resource,
    object: KubeObject,
    { patch, status }: { readonly patch: object; readonly status?: object },
    origin: string,
    signal: AbortSignal,
  ): Promise<ObjectMeta | typeof GONE> {
    const { client, sources } = this.parts;
    const key = keyOf(object);
    const part = status === undefined ? undefined : 'status';
    if (!sources.followWrites(resource, key)) {
      const send = (): Promise<KubeObject> => client.patch(resource, key, patch, signal, part);
      const written = await this.sent(resource, send, origin, signal);
      return written === GONE ? GONE : written.metadata;
    }
    const send = (): Promise<ObjectMeta> => client.patchForMetadata(resource, key, patch, signal, part);
    const metadata = await this.unlessGone(resource, send, signal);
    if (metadata === GONE) return GONE;
    sources.observeWrite(resource, { of: object, metadata, ...(status === undefined ? {} : { status }) }, origin);
    return metadata;
  }

  /** A write of an object that is there, as the server has it then. */
  private async sent(
    resource: Resource,
    send: () => Promise<KubeObject>,
    origin: string,
    signal: AbortSignal,
  ): Promise<KubeObject | typeof GONE> {
    const written = await this.unlessGone(resource, send, signal);
    if (written !== GONE) this.parts.sources.observe(resource, written, origin);
    return written;
  }

  private async unlessGone<R>(
    resource: Resource,
    send: () => Promise<R>,
    signal: AbortSignal,
  ): Promise<R | typeof GONE> {
    try {
      return await this.counted(resource, signal, send);
    } catch (error) {
      if (isStatus(error, 404)) return GONE;
      throw error;
    }
  }

  /** Reports a failed write, whichever handler asked for it. */
  private async counted<R>(resource: Resource, signal: AbortSignal, write: () => Promise<R>): Promise<R> {
    try {
      return await write();
    } catch (error) {
      const isOvertaken = isStatus(error, 404) || isStatus(error, 409);
      if (!isOvertaken && !signal.aborted) this.parts.onFailedWrite(resource, error);
      throw error;
    }
  }

  private stands(resource: Resource, object: KubeObject, applied: Applied | undefined, wanted: string): boolean {
    if (applied?.wanted !== wanted) return false;
    const { sources, clock } = this.parts;
    const key = keyOf(object);
    const newest = sources.find(resource, key)?.metadata.resourceVersion;
    if (sources.isGone(resource, key, newest ?? applied.resourceVersion)) return false;
    const live = sources.findWhole(resource, key);
    const isCurrent = live !== undefined && !isNewer(newest, live.metadata.resourceVersion);
    if (isCurrent) return fingerprint(project(live, object)) === applied.made;
    const { resourceVersion } = applied;
    // Of what is cut down only the version tells of a change; an older one than ours is what we have changed.
    if (newest !== undefined) return newest === resourceVersion || isNewer(resourceVersion, newest);
    // A watch that has not shown it yet may not have come to where we created it.
    return sources.isComplete(resource, key) || clock.monotonic() - applied.at < TRUST_MS;
  }

  private remember(name: string, applied: Applied): void {
    this.applied.delete(name);
    this.applied.set(name, applied);
    const oldest = this.applied.keys().next();
    if (this.applied.size > REMEMBERED && oldest.done !== true) this.applied.delete(oldest.value);
  }
}
