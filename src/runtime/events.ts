// SPDX-License-Identifier: Apache-2.0
// Writes Kubernetes events, as `kubectl describe` shows them, without ever making anybody wait: they are queued,
// counted where they repeat, limited per object, and dropped (and counted) where there are too many.
import type { Log } from '../core/log.ts';
import { sha256Hex } from '../core/sha256.ts';
import { ApiError, isStatus } from './api.ts';
import { fingerprint } from './canonical.ts';
import type { KubeClient } from './client.ts';
import { backoffMs, sleep } from './clock.ts';
import type { Clock } from './clock.ts';
import { EVENT } from './kinds.ts';
import type { RuntimeMetrics } from './metrics.ts';
import { keyOf, keyText } from './object.ts';
import type { KubeObject, ObjectKey } from './object.ts';
import type { ObjectEvent } from './outcome.ts';

/** The dependencies of an event recorder. */
export interface EventParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: RuntimeMetrics;
  /** The reporting instance: the node or pod name. */
  readonly instance: string;
}

/** No more of an object than an event names: the object itself may be large, and gone. */
interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

interface QueuedEvent {
  readonly component: string;
  readonly regarding: Regarding;
  readonly event: Pick<ObjectEvent, 'type' | 'reason' | 'message'>;
  readonly once: boolean;
  readonly at: string;
}

interface Written {
  readonly key: ObjectKey;
  readonly count: number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/**
 * Events that wait to be written; more are dropped. Those that are told once are told by nothing else when they are
 * dropped, and come together when a process starts beside the ended pods of a node, of which a cluster keeps 12,500
 * (`--terminated-pod-gc-threshold`): there is room for many of them. Each takes less than a kilobyte.
 */
const LONGEST_QUEUES = { repeated: 512, once: 8192 } as const;
/** Events and objects that are remembered for counting and limiting. */
const REMEMBERED = 1024;
/** As client-go's spam filter: 25 events for an object at once, then one in five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;
/** The API server refuses longer messages. */
const LONGEST_MESSAGE = 1024;
const ATTEMPTS = 4;
const RETRY_BACKOFF = { firstMs: 500, capMs: 5000, jitter: 0.5 };

function cutMessage(message: string): string {
  const bytes = new TextEncoder().encode(message);
  if (bytes.length <= LONGEST_MESSAGE) return message;
  return `${new TextDecoder().decode(bytes.slice(0, LONGEST_MESSAGE - 4)).replace(/\uFFFD$/, '')}…`;
}

/** A text that is equal for repeats of an event. */
function contentOf({ component, regarding, event }: QueuedEvent): string {
  const { name, namespace, uid } = regarding;
  const { type, reason, message } = event;
  return fingerprint([component, uid, { name, namespace }, type, reason, message]);
}

function regardingOf({ apiVersion, kind, metadata }: KubeObject): Regarding {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, namespace, uid, resourceVersion };
}

/** A map that forgets what was set longest ago. */
function setBounded<V>(map: Map<string, V>, name: string, value: V): void {
  map.delete(name);
  map.set(name, value);
  const oldest = map.keys().next();
  if (map.size > REMEMBERED && oldest.done !== true) map.delete(oldest.value);
}

/** The events of a process. */
export class EventRecorder {
  private readonly parts: EventParts;
  private readonly waiting: Readonly<Record<keyof typeof LONGEST_QUEUES, QueuedEvent[]>> = { repeated: [], once: [] };
  private readonly written = new Map<string, Written>();
  private readonly buckets = new Map<string, Bucket>();
  private serial = 0;
  private wake: () => void = () => undefined;

  constructor(parts: EventParts) {
    this.parts = parts;
  }

  /** Queues an event about an object. Never waits, never throws. */
  record(component: string, regarding: KubeObject, event: ObjectEvent): void {
    if (!this.takeToken(regarding)) {
      this.parts.metrics.eventDropped('rate limit');
      return;
    }
    const once = event.once === true;
    const which = once ? 'once' : 'repeated';
    const queue = this.waiting[which];
    if (queue.length >= LONGEST_QUEUES[which]) {
      queue.shift();
      this.parts.metrics.eventDropped('queue full');
    }
    const at = new Date(this.parts.clock.now()).toISOString();
    const { type, reason } = event;
    const message = cutMessage(event.message);
    queue.push({ component, regarding: regardingOf(regarding), event: { type, reason, message }, once, at });
    this.wake();
  }

  /** Writes until `draining` aborts and nothing waits any more, or `breaking` aborts. Never rejects. */
  async run(draining: AbortSignal, breaking: AbortSignal): Promise<void> {
    for (;;) {
      const queued = this.oldest();
      if (breaking.aborted || (queued === undefined && draining.aborted)) return;
      if (queued === undefined) await this.wakened(draining);
      else await this.write(queued, breaking);
    }
  }

  /** The event that waits longest, taken out of its queue. */
  private oldest(): QueuedEvent | undefined {
    const { repeated, once } = this.waiting;
    const isRepeatedFirst = once[0] === undefined || (repeated[0] !== undefined && repeated[0].at <= once[0].at);
    return (isRepeatedFirst ? repeated : once).shift();
  }

  private wakened(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.wake = wake;
      signal.addEventListener('abort', wake);
    });
  }

  private takeToken(object: KubeObject): boolean {
    const name = `${object.kind} ${object.metadata.uid ?? keyText(keyOf(object))}`;
    const now = this.parts.clock.monotonic();
    const bucket = this.buckets.get(name) ?? { tokens: BURST, at: now };
    const tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_MS);
    setBounded(this.buckets, name, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }

  private async write(queued: QueuedEvent, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await this.createOrCount(queued, signal);
        return;
      } catch (error) {
        const final = error instanceof ApiError && error.code < 500 && error.code !== 429;
        if (final || attempt === ATTEMPTS) {
          this.parts.metrics.eventDropped('refused');
          this.parts.log.debug('an event could not be written', { reason: queued.event.reason, error });
          return;
        }
        await sleep(this.parts.clock, backoffMs(RETRY_BACKOFF, attempt, this.parts.clock.random()), signal);
      }
    }
  }

  private async createOrCount(queued: QueuedEvent, signal: AbortSignal): Promise<void> {
    const name = contentOf(queued);
    const known = this.written.get(name);
    if (known !== undefined && queued.once) return;
    const counted = known === undefined ? undefined : await this.count(known, queued, signal);
    setBounded(this.written, name, counted ?? (await this.create(queued, signal)));
  }

  /** Undefined where the event is gone: the API server keeps events for an hour. */
  private async count(known: Written, queued: QueuedEvent, signal: AbortSignal): Promise<Written | undefined> {
    try {
      const count = known.count + 1;
      await this.parts.client.patch(EVENT, known.key, { count, lastTimestamp: queued.at }, signal);
      return { key: known.key, count };
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  private async create(queued: QueuedEvent, signal: AbortSignal): Promise<Written> {
    const object = this.eventOf(queued);
    try {
      await this.parts.client.create(EVENT, object.metadata.namespace, object, signal);
    } catch (error) {
      const isToldAlready = queued.once && isStatus(error, 409);
      if (!isToldAlready) throw error;
    }
    return { key: keyOf(object), count: 1 };
  }

  /** The part of an event's name that tells it from others; of one that is told once it follows from the content. */
  private uniqueFor(queued: QueuedEvent): string {
    if (queued.once) return sha256Hex(contentOf(queued)).slice(0, 16);
    this.serial += 1;
    return `${this.parts.clock.now().toString(16)}${this.serial.toString(16).padStart(4, '0')}`;
  }

  private eventOf(queued: QueuedEvent): KubeObject {
    const { component, regarding, event, at } = queued;
    const { name, namespace } = regarding;
    const unique = this.uniqueFor(queued);
    const time = at.replace(/\.\d+Z$/, 'Z');
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name.slice(0, 230).replace(/[-.]+$/, '')}.${unique}`, namespace: namespace ?? 'default' },
      ...{
        involvedObject: regarding,
        type: event.type,
        reason: event.reason,
        message: event.message,
        count: 1,
        firstTimestamp: time,
        lastTimestamp: time,
        source: { component, host: this.parts.instance },
        reportingComponent: component,
        reportingInstance: this.parts.instance,
      },
    };
  }
}
