// SPDX-License-Identifier: Apache-2.0
// The one place where an object of the API server gets a type without a check. It is trusted: the
// API server validated it against the CRD, which is generated from the same schema as the type. Checking again would
// cost each node a validator per kind in memory, and could only refuse what the cluster has accepted.
import type { ResourceEvent } from '@dot-i/k8s-operator';
import type { Reader } from './handler.ts';
import type { KubeObject } from './object.ts';

/** A reader of any objects as one of objects of a kind. The caller names the type that belongs to the source's kind. */
export function typed<T extends KubeObject>(reader: Reader<KubeObject>): Reader<T> {
  return reader as unknown as Reader<T>;
}

/**
 * A copy of an object for a callback of the framework, whose own code changes what it is given. Times stay text, though
 * the framework's type calls them dates; so it is with the framework's own watch.
 */
export function frameworkObject(object: KubeObject): ResourceEvent['object'] {
  return structuredClone(object) as unknown as ResourceEvent['object'];
}
