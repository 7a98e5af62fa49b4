// SPDX-License-Identifier: Apache-2.0
// Reads objects of an API server without believing in their form: what is absent or of another type is undefined.
import { isJsonObject } from '../json.ts';
import type { Answer } from './cluster-facts.ts';

/** The value at a path of keys; undefined where a step leads nowhere. */
export function valueAt(object: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), object);
}

/** A text. */
export function textAt(object: unknown, ...keys: readonly string[]): string | undefined {
  const value = valueAt(object, ...keys);
  return typeof value === 'string' ? value : undefined;
}

/** A number; 0 where there is none, as Kubernetes leaves zeros out. */
export function numberAt(object: unknown, ...keys: readonly string[]): number {
  const value = valueAt(object, ...keys);
  return typeof value === 'number' ? value : 0;
}

/** The members of a list; none where it is no list. */
export function listAt(object: unknown, ...keys: readonly string[]): readonly unknown[] {
  const value = valueAt(object, ...keys);
  return Array.isArray(value) ? value : [];
}

/** The objects of a list that was asked for; none where it was not given. */
export function itemsOf(answer: Answer): readonly unknown[] {
  return answer.type === 'found' ? listAt(answer.body, 'items') : [];
}

/** `namespace/name` of an object. */
export function nameOf(object: unknown): string {
  const [namespace, name = ''] = [textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name')];
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The condition of a type in an object's status. */
export function conditionOf(object: unknown, type: string): unknown {
  return listAt(object, 'status', 'conditions').find((condition) => textAt(condition, 'type') === type);
}

/** Some names, the first of them, and how many more there are. */
export function namesText(names: readonly string[], most = 5): string {
  const left = names.length - most;
  return left > 0 ? `${names.slice(0, most).join(', ')} and ${String(left)} more` : names.join(', ');
}
