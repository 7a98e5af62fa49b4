// SPDX-License-Identifier: Apache-2.0
// Keeps a store like the API server's objects of one scope: lists them in pages, then watches, one step at a time; what
// follows what is in reflector-state.
//
// Guarantees: no change is lost (a watch always continues from the last version seen, and where it cannot, a list is
// compared with the store, so that deletions are seen too); no error ends it; it never hammers a server that fails.
// Caveat: of several changes of one object during a gap only the last is seen, as everywhere in Kubernetes.
import { AnswerTooLong } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { apiErrorFrom, isStatus } from './api.ts';
import type { KubeClient } from './client.ts';
import { backoffMs, sleep } from './clock.ts';
import type { Backoff, Clock } from './clock.ts';
import type { Selector, Source } from './handler.ts';
import type { Intake } from './intake.ts';
import { keyOf, keyText } from './object.ts';
import type { KubeObject } from './object.ts';
import type { Permission } from './permission.ts';
import { LONGEST_PAGE, PageSize } from './page-size.ts';
import { askedPauseMs, nextState, OutOfStep, START } from './reflector-state.ts';
import type { State, StepEnd } from './reflector-state.ts';
import { isNewer } from './store.ts';
import type { Store } from './store.ts';
import { TimeLimit } from './time-limit.ts';
import { parseEventObject, readEvent } from './watch-event.ts';

/** Adjustable numbers of a reflector. */
export interface ReflectorTuning {
  readonly pageSize: number;
  /** A watch that shows nothing for so long is taken for dead. Bookmarks come once a minute (API server's default). */
  readonly silenceMs: number;
  /** A watch's length is chosen by chance between these, so that the watches of many nodes do not end together. */
  readonly watchSeconds: readonly [number, number];
  readonly backoff: Backoff;
  /** A kind that need not exist, and does not, is asked for again after so long. */
  readonly absentMs: number;
  /** A source that the server has refused for so long is told of. */
  readonly refusedMs: number;
}

/** As client-go has them, but with a quick first retry, because most breaks last a moment. */
export const REFLECTOR_TUNING: ReflectorTuning = {
  pageSize: 500,
  silenceMs: 150_000,
  watchSeconds: [300, 600],
  backoff: { firstMs: 200, capMs: 30_000, jitter: 0.5 },
  absentMs: 300_000,
  refusedMs: 60_000,
};

/** A watch that ends sooner than this without a change counts as a failure, or we would reconnect without a pause. */
const SHORT_WATCH_MS = 1000;

/** A watch that lived so long has worked, whatever ended it: balancers cut quiet connections after half a minute. */
const SOUND_WATCH_MS = 5000;

/** How a watch is going. */
interface Course {
  /** When it was asked for, in monotonic milliseconds. */
  readonly begun: number;
  /** The last version seen. */
  resourceVersion: string;
  lines: number;
  /** Whether it has shown a change. */
  changed: boolean;
}

/** The dependencies of a reflector. */
export interface ReflectorParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly tuning: ReflectorTuning;
  /** Told of each answer and of each failure. */
  readonly permission?: Pick<Permission, 'answered' | 'failed'>;
}

/** The objects that a reflector keeps: those of a source in one scope, a namespace or '' for all. */
export interface Scope<T extends KubeObject> {
  readonly source: Source<T>;
  readonly namespace: string;
  readonly store: Store<T>;
  /** Takes an object that the server sent into the store. */
  readonly intake: Pick<Intake, 'upsert' | 'wantsSpec'>;
  /** Called once, when the first list is complete. */
  readonly onSynced: () => void;
}

/** Keeps one scope of a source's store up to date until it is stopped. */
export class Reflector<T extends KubeObject> {
  private readonly parts: ReflectorParts;
  private readonly scope: Scope<T>;
  private readonly page: PageSize;
  private seen = new Set<string>();
  private synced = false;
  private failures = 0;

  constructor(parts: ReflectorParts, scope: Scope<T>) {
    this.parts = parts;
    this.scope = scope;
    this.page = new PageSize(scope.source.pageSize ?? parts.tuning.pageSize);
  }

  /** Runs until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let state: State = START;
    for (;;) {
      const end = await this.perform(state, signal);
      if (signal.aborted) return;
      state = nextState(state, end);
      if (end.type === 'failed') await this.pause(end.error, signal);
    }
  }

  private async perform(state: State, signal: AbortSignal): Promise<StepEnd> {
    try {
      return await (state.type === 'list'
        ? this.listPage(state.next, state.paged, signal)
        : this.watch(state.resourceVersion, signal));
    } catch (error) {
      if (error instanceof AnswerTooLong) {
        this.page.shrink();
        return { type: 'too-long' };
      }
      if (this.isAbsent(error)) this.noneExist();
      return { type: 'failed', error };
    }
  }

  /** Whether the kind itself is missing, which is no trouble. */
  private isAbsent(error: unknown): boolean {
    return this.scope.source.optional === true && isStatus(error, 404);
  }

  /** For words, and other for each question: several sources are of one resource, as Secrets by their names. */
  private get name(): string {
    const { plural } = this.scope.source.resource;
    const { fieldSelector, labelSelector, namespace = '' } = this.selector;
    const which = [fieldSelector, labelSelector].filter((selector) => selector !== undefined).join(' and ');
    return `${plural}${which === '' ? '' : ` (${which})`}${namespace === '' ? '' : ` of namespace ${namespace}`}`;
  }

  private get selector(): Selector {
    const namespaced = this.scope.namespace === '' ? {} : { namespace: this.scope.namespace };
    return { ...this.scope.source.selector, ...namespaced };
  }

  private async listPage(next: string, paged: boolean, signal: AbortSignal): Promise<StepEnd> {
    const { source, store, namespace, intake } = this.scope;
    const { limit, longest } = this.page;
    const request = { limit: paged ? limit : 0, next, longest: paged ? longest : LONGEST_PAGE };
    const page = await this.parts.client.list(source.resource, this.selector, request, signal);
    this.parts.permission?.answered(this.name);
    this.page.came(page.length);
    if (next === '') {
      this.seen = new Set();
      store.listing(namespace, page.resourceVersion);
    }
    for (const item of page.items) {
      this.seen.add(keyText(keyOf(item)));
      intake.upsert(namespace, item, 'routine');
    }
    if (page.next === '') this.complete(page.resourceVersion);
    return { type: 'page', next: page.next, resourceVersion: page.resourceVersion };
  }

  private complete(resourceVersion: string): void {
    this.scope.store.replaced(this.scope.namespace, this.seen, resourceVersion);
    this.seen = new Set();
    this.reportSynced();
  }

  /** The kind itself does not exist in this cluster. */
  private noneExist(): void {
    this.scope.store.clear(this.scope.namespace);
    this.reportSynced();
  }

  private reportSynced(): void {
    if (this.synced) return;
    this.synced = true;
    this.scope.onSynced();
  }

  private async watch(from: string, signal: AbortSignal): Promise<StepEnd> {
    const { clock, tuning } = this.parts;
    const limit = new TimeLimit(clock, tuning.silenceMs, signal);
    const course: Course = { begun: clock.monotonic(), resourceVersion: from, lines: 0, changed: false };
    const failed = (error: unknown) => ({ type: 'failed', resourceVersion: course.resourceVersion, error }) as const;
    try {
      await this.follow(course, limit);
    } catch (error) {
      return failed(limit.over ? silence(course, error) : error);
    } finally {
      limit.stop();
    }
    const short = !course.changed && clock.monotonic() - course.begun < SHORT_WATCH_MS;
    if (short) return failed(new Error('the server ended the watch at once'));
    this.failures = 0;
    return { type: 'watched', resourceVersion: course.resourceVersion };
  }

  /** Takes what a watch shows until it ends. Throws what breaks it, after having judged whether it had worked. */
  private async follow(course: Course, limit: TimeLimit): Promise<void> {
    const { client, clock, tuning } = this.parts;
    const [shortest, longest] = tuning.watchSeconds;
    const timeoutSeconds = Math.round(shortest + clock.random() * (longest - shortest));
    const request = { resourceVersion: course.resourceVersion, timeoutSeconds };
    const stream = await client.watch(this.scope.source.resource, this.selector, request, limit.signal);
    const answered = clock.monotonic();
    this.parts.permission?.answered(this.name);
    try {
      for await (const line of stream.lines) {
        limit.extend();
        this.take(line, course);
      }
    } finally {
      const dumb = limit.over && course.lines === 0;
      const sound = clock.monotonic() - answered >= SOUND_WATCH_MS && !dumb;
      if (course.changed || sound) this.failures = 0;
    }
  }

  /** Takes one line of a watch. Throws what it says when it is an error. */
  private take(line: unknown, course: Course): void {
    const { source, store, namespace, intake } = this.scope;
    const event = readEvent(line, source, (object) => intake.wantsSpec(namespace, object));
    if (event['type'] === 'ERROR') throw apiErrorFrom(`watch ${source.resource.plural}`, 500, event['object']);
    const object = parseEventObject(event, source);
    const version = object.metadata.resourceVersion ?? course.resourceVersion;
    if (isNewer(course.resourceVersion, version)) {
      store.rewind(namespace);
      throw new OutOfStep(`the watch went back from version ${course.resourceVersion} to ${version}`);
    }
    this.apply(event['type'], object);
    course.lines += 1;
    course.changed ||= event['type'] !== 'BOOKMARK' && version !== course.resourceVersion;
    course.resourceVersion = version;
    store.reached(namespace, version);
  }

  private apply(type: unknown, object: KubeObject): void {
    const { source, store, namespace, intake } = this.scope;
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
        intake.upsert(namespace, object, 'fresh');
        break;
      case 'DELETED':
        store.remove(keyOf(object), 'fresh');
        break;
      case 'BOOKMARK':
        break;
      default:
        throw new TypeError(`watch ${source.resource.plural}: the server sent an event of an unknown type`);
    }
  }

  private async pause(error: unknown, signal: AbortSignal): Promise<void> {
    this.failures += 1;
    this.parts.permission?.failed(this.name, error);
    const { clock, log, tuning } = this.parts;
    const absent = this.isAbsent(error);
    const wait = absent ? tuning.absentMs : backoffMs(tuning.backoff, this.failures, clock.random());
    const asked = askedPauseMs(error, this.failures);
    const fields = { resource: this.scope.source.resource.plural, namespace: this.scope.namespace, error };
    if (absent || this.failures < 3) log.debug('watching was interrupted', fields);
    else log.warn('watching keeps failing', { ...fields, failures: this.failures });
    await sleep(clock, Math.max(wait, asked), signal);
  }
}

/**
 * A healthy watch gets bookmarks, so one that never received anything is stale: a server that was restored from a
 * backup holds back all versions up to ours, without a word.
 */
function silence(course: Course, cause: unknown): Error {
  const text = 'the watch fell silent';
  return course.lines === 0 ? new OutOfStep(text, { cause }) : new Error(text, { cause });
}
