// SPDX-License-Identifier: Apache-2.0
// The patches that the API server understands, for the fake one: merge patch (RFC 7386) and JSON patch (RFC
// 6902).
import { isJsonObject } from '../../src/core/json.ts';
import { sameJson } from '../../src/runtime/merge-patch.ts';

/** Applies a merge patch. */
export function mergeInto(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const result: Record<string, unknown> = isJsonObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = mergeInto(result[name], value);
  }
  return result;
}

/** A `test` of a JSON patch failed, or a path leads nowhere. */
export class PatchFailed extends Error {}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

function isOperation(value: unknown): value is Operation {
  return isJsonObject(value) && typeof value['op'] === 'string' && typeof value['path'] === 'string';
}

function change(target: unknown, names: readonly string[], { op, value, path }: Operation): unknown {
  const [name, ...rest] = names;
  if (name === undefined) {
    if (op === 'test' && !sameJson(target, value)) throw new PatchFailed(`testing value ${path} failed`);
    return op === 'test' ? target : value;
  }
  if (Array.isArray(target)) return changeItem(target, name, rest, { op, value, path });
  if (!isJsonObject(target)) throw new PatchFailed(`no ${path}`);
  const result: Record<string, unknown> = { ...target };
  if (rest.length === 0 && op === 'remove') Reflect.deleteProperty(result, name);
  else result[name] = change(result[name], rest, { op, value, path });
  return result;
}

function changeItem(target: readonly unknown[], name: string, rest: readonly string[], operation: Operation): unknown {
  const result = [...target];
  const place = name === '-' ? result.length : Number(name);
  if (rest.length > 0) result[place] = change(result[place], rest, operation);
  else if (operation.op === 'add') result.splice(place, 0, operation.value);
  else if (operation.op === 'remove') result.splice(place, 1);
  else result[place] = change(result[place], [], operation);
  return result;
}

/** Applies a JSON patch. Throws PatchFailed. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  const operations = Array.isArray(patch) ? patch.filter(isOperation) : [];
  const step = (value: unknown, operation: Operation) => {
    const names = operation.path.split('/').slice(1);
    return change(
      value,
      names.map((name) => name.replace(/~1/g, '/').replace(/~0/g, '~')),
      operation,
    );
  };
  return operations.reduce(step, target);
}
