// SPDX-License-Identifier: Apache-2.0
// The managers of an object's fields, for the fake API server's server-side apply: a field that an apply no longer
// names goes only if no other manager has it, be it by an update. Finalizers are a set, each of them a field; other
// lists are one field each.
import { isJsonObject } from '../../src/core/json.ts';
import { canonicalJson } from '../../src/runtime/canonical.ts';

const FINALIZERS = '/metadata/finalizers';
const KEPT_BY_SERVER = /^\/(apiVersion|kind|metadata\/(name|namespace|uid|resourceVersion|generation|\w+Timestamp))$/;

/** The fields of a value that somebody can manage: a path, and what is there as a text. */
function fieldsOf(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (isJsonObject(value)) {
    return new Map(Object.entries(value).flatMap(([name, inner]) => [...fieldsOf(inner, `${path}/${name}`)]));
  }
  if (path === FINALIZERS && Array.isArray(value)) {
    return new Map(value.map((item: unknown) => [`${path}/${String(item)}`, ''] as const));
  }
  return new Map(KEPT_BY_SERVER.test(path) || value === undefined ? [] : [[path, canonicalJson(value)]]);
}

/** An object without some of its fields, and without what is empty then. */
function without(value: unknown, fields: ReadonlySet<string>, path = ''): unknown {
  if (path === FINALIZERS && Array.isArray(value)) {
    const left = value.filter((item: unknown) => !fields.has(`${path}/${String(item)}`));
    return left.length === 0 ? undefined : left;
  }
  if (!isJsonObject(value)) return fields.has(path) ? undefined : value;
  const left = Object.entries(value).flatMap(([name, inner]) => {
    const rest = without(inner, fields, `${path}/${name}`);
    return rest === undefined ? [] : [[name, rest] as const];
  });
  return left.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(left);
}

/** A value with all that is named set; finalizers are added to those that are there. */
function withFields(live: unknown, wanted: unknown, path = ''): unknown {
  if (path === FINALIZERS && Array.isArray(wanted)) {
    const there: readonly unknown[] = Array.isArray(live) ? live : [];
    const more: readonly unknown[] = wanted;
    return [...new Set([...there, ...more])];
  }
  if (!isJsonObject(wanted)) return wanted;
  const result: Record<string, unknown> = isJsonObject(live) ? { ...live } : {};
  for (const [name, value] of Object.entries(wanted)) result[name] = withFields(result[name], value, `${path}/${name}`);
  return result;
}

/** The managers of one object. */
export class FieldOwners {
  private readonly fields = new Map<string, ReadonlySet<string>>();

  /** Notes an update: what differs afterwards is the writer's, and nobody else's. */
  updated(manager: string, before: unknown, after: unknown): void {
    const was = fieldsOf(before);
    const is = fieldsOf(after);
    const changed = new Set([...is.keys()].filter((field) => was.get(field) !== is.get(field)));
    for (const [name, owned] of this.fields) {
      this.fields.set(name, new Set([...owned].filter((field) => is.has(field) && !changed.has(field))));
    }
    this.fields.set(manager, new Set([...(this.fields.get(manager) ?? []), ...changed]));
  }

  /** The object after a manager applies `wanted` by force. */
  merge(manager: string, live: unknown, wanted: unknown): unknown {
    const named = fieldsOf(wanted);
    const others = new Set([...this.fields].flatMap(([name, owned]) => (name === manager ? [] : [...owned])));
    const dropped = [...(this.fields.get(manager) ?? [])].filter((field) => !named.has(field) && !others.has(field));
    return withFields(without(live, new Set(dropped)), wanted);
  }

  /** Notes an apply: exactly what it named is the manager's. */
  applied(manager: string, before: unknown, after: unknown, wanted: unknown): void {
    this.updated(manager, before, after);
    this.fields.set(manager, new Set(fieldsOf(wanted).keys()));
  }
}
