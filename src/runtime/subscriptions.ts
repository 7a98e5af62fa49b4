// SPDX-License-Identifier: Apache-2.0
// Which changes ask for which reconciles. A change that a reconcile has written to its own object asks for none: it knew.
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

/** A handler's predicate must not stop the watch that calls it. If it throws, the change counts as relevant. */
function safely<R>(log: Log, resource: string, otherwise: R, ask: () => R): R {
  try {
    return ask();
  } catch (error) {
    log.error('a handler failed on a change that it was asked about', { resource, error });
    return otherwise;
  }
}

/** Reconciles for the changes of the handled kind itself. */
export function subscribePrimary(
  handler: Handler<KubeObject>,
  store: Store,
  inFlight: InFlightWrites,
  queue: WorkQueue,
  log: Log,
): void {
  store.subscribe((change) => {
    const key = keyText(keyOf(change.object));
    if (change.type === 'modified' && change.origin === writeOrigin(handler.name, key)) return;
    const ask = () => passesPredicate(change, handler.predicate?.bind(handler));
    if (!safely(log, handler.kind.plural, true, ask)) return;
    const held = change.type === 'modified' && inFlight.saw(key, change.object.metadata.resourceVersion);
    if (!held) queue.add(key, change.priority);
  });
}

/** Reconciles for the objects that a change of another kind concerns: those named before the change and those after. */
export function subscribeWatch(watch: Watch, store: Store, queue: WorkQueue, log: Log): void {
  store.subscribe((change) => {
    const keys = safely(log, watch.resource.plural, [], () => {
      if (!passesPredicate(change, watch.predicate?.bind(watch))) return [];
      if (change.type !== 'modified') return watch.mapToKeys(change.object);
      const changed = watch.mapChange?.(change.before, change.object);
      return changed ?? [...watch.mapToKeys(change.before), ...watch.mapToKeys(change.object)];
    });
    for (const key of keys) queue.add(keyText(key), change.priority);
  });
}
