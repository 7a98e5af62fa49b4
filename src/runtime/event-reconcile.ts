// SPDX-License-Identifier: Apache-2.0
// The framework's events, `onEvent(ResourceEvent)`, on top of reconciles over keys: an event whose callback failed is
// delivered again, with the object as it is then, and a deletion is delivered even if no watch showed it.
import { ResourceEventType } from '@dot-i/k8s-operator';
import type { ResourceEvent, ResourceMeta } from '@dot-i/k8s-operator';
import type { Reconcile } from './controller.ts';
import type { Reader } from './handler.ts';
import { keyText } from './object.ts';
import type { KubeObject } from './object.ts';
import { frameworkObject } from './typed.ts';

/** The framework's description of an object; `id` is what it calls a resource: `plural.apiVersion`. */
export function metaOf(id: string, object: KubeObject): ResourceMeta {
  const { name, namespace, resourceVersion = '' } = object.metadata;
  const { apiVersion, kind } = object;
  return { id, name, resourceVersion, apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
}

function eventOf(id: string, type: ResourceEventType, object: KubeObject): ResourceEvent {
  return { meta: metaOf(id, object), type, object: frameworkObject(object) };
}

/** A reconcile that delivers the changes of a reader's objects to a callback. */
export function eventReconcile(
  id: string,
  objects: Reader<KubeObject>,
  onEvent: (event: ResourceEvent) => Promise<void>,
): Reconcile {
  const delivered = new Map<string, KubeObject>();
  return async (key) => {
    const text = keyText(key);
    const before = delivered.get(text);
    const object = objects.get(key);
    if (object === undefined) {
      if (before !== undefined) await onEvent(eventOf(id, ResourceEventType.Deleted, before));
      delivered.delete(text);
      return {};
    }
    const type = before === undefined ? ResourceEventType.Added : ResourceEventType.Modified;
    if (before?.metadata.resourceVersion !== object.metadata.resourceVersion) await onEvent(eventOf(id, type, object));
    delivered.set(text, object);
    return {};
  };
}
