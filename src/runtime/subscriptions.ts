// SPDX-License-Identifier: Apache-2.0
// Maps changes to keys in queues. A change that a reconcile has written to its own object adds no key, unless it
// has applied another form of it, to which its handler has yet to answer.
import type { Log } from '../core/log.ts';
import type { InFlightWrites } from './in-flight-writes.ts';
import type { Handler, Watch } from './handler.ts';
import { writeOrigin } from './reconciler.ts';
import { keyOf, keyText } from './object.ts';
import type { KubeObject } from './object.ts';
import type { WorkQueue } from './queue.ts';
import type { Change, Store } from './store.ts';

function passesPredicate(
  change: Change,
  predicate: ((before: KubeObject, after: KubeObject) => boolean) | undefined,
): boolean {
  return change.type !== 'modified' || predicate === undefined || predicate(change.before, change.object);
}

/** Where changes lead to, and how a bug in a handler is reported. */
export interface Subscriber {
  readonly queue: WorkQueue;
  readonly log: Log;
  /** Counts an error of the program itself. */
  readonly onBug: () => void;
}

/** A handler's predicate must not stop the watch that calls it. That it throws is a bug, and is counted as one. */
function safely<R>({ log, onBug }: Subscriber, resource: string, otherwise: R, ask: () => R): R {
  try {
    return ask();
  } catch (error) {
    onBug();
    log.error('a predicate or a map function failed', { resource, error });
    return otherwise;
  }
}

/** Reconciles for the changes of the handled kind itself. */
export function subscribePrimary(
  handler: Handler<KubeObject>,
  store: Store,
  inFlight: InFlightWrites,
  subscriber: Subscriber,
): void {
  store.subscribe((change) => {
    const key = keyText(keyOf(change.object));
    if (change.type === 'modified' && change.moved === true) {
      subscriber.queue.add(key, change.priority);
      return;
    }
    if (change.type === 'modified' && change.origin === writeOrigin(handler.name, key)) return;
    const ask = () => passesPredicate(change, handler.predicate?.bind(handler));
    if (!safely(subscriber, handler.kind.plural, true, ask)) return;
    const held = change.type === 'modified' && inFlight.saw(key, change.object.metadata.resourceVersion);
    if (!held) subscriber.queue.add(key, change.priority);
  });
}

/** Reconciles for the objects that a change of another kind concerns: those named before the change and those after. */
export function subscribeWatch(watch: Watch, store: Store, subscriber: Subscriber): void {
  const { queue } = subscriber;
  store.subscribe((change) => {
    // Before work begins, all objects are going to be reconciled anyway, so no predicate is asked.
    if (queue.isClosed) return;
    const keys = safely(subscriber, watch.resource.plural, [], () => {
      if (change.type !== 'modified') return watch.mapToKeys(change.object);
      if (change.moved === true) return [...watch.mapToKeys(change.before), ...watch.mapToKeys(change.object)];
      if (!passesPredicate(change, watch.predicate?.bind(watch))) return [];
      const changed = watch.mapChange?.(change.before, change.object);
      return changed ?? [...watch.mapToKeys(change.before), ...watch.mapToKeys(change.object)];
    });
    for (const key of keys) queue.add(keyText(key), change.priority);
  });
}
