// SPDX-License-Identifier: Apache-2.0
// The event that a line of a watch is, read as far as it is needed.
import { isJsonObject } from '../core/json.ts';
import { isLongLine } from './api.ts';
import { parseObject } from './client.ts';
import type { Source } from './handler.ts';
import type { KubeObject } from './object.ts';

/** An event of a watch, whatever its members are. */
export type WatchEvent = Readonly<Record<string, unknown>>;

/**
 * The event of a line. That of a large object has no spec where the object has gone, or where `wantsSpec` says so of
 * the object without spec and status.
 */
export function readEvent(line: unknown, source: Source, wantsSpec: (object: KubeObject) => boolean): WatchEvent {
  if (!isLongLine(line)) return asEvent(line);
  const { type, object } = asEvent(line.head);
  const isWanted = type !== 'DELETED' && wantsSpec(parseObject(object, source.resource));
  return asEvent(isWanted ? line.whole() : line.withoutSpec());
}

function asEvent(value: unknown): WatchEvent {
  return isJsonObject(value) ? value : {};
}

/** The object of an event. That of a bookmark has nothing but a resourceVersion, not even a name. */
export function parseEventObject<T extends KubeObject>(event: WatchEvent, source: Source<T>): KubeObject {
  if (event['type'] !== 'BOOKMARK') return parseObject(event['object'], source.resource);
  const object = isJsonObject(event['object']) ? event['object'] : {};
  const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {};
  return parseObject({ ...object, metadata: { ...metadata, name: '' } }, source.resource);
}
