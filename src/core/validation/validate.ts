// SPDX-License-Identifier: Apache-2.0
// Says of an object of our kinds what the API server would say, without one: shape, metadata and the rules of the
// schema. Faults that need the cluster or a node, such as a base profile that does not exist, are found by the
// operator.
import type { Shape, ShapeRule } from '../../gen/shape/shape.ts';
import { checkShape, isJsonObject } from './check-shape.ts';
import { member } from './fault.ts';
import type { Fault } from './fault.ts';
import { metadataFaults } from './metadata.ts';

/**
 * Every fault of a value; none when it is an object of the kind. Like in the API server, rules are tried on values
 * that fit otherwise.
 */
export function validate(value: unknown, shape: Shape): readonly Fault[] {
  const faults = [...checkShape(value, shape), ...(isJsonObject(value) ? metadataFaults(value['metadata']) : [])];
  const mayTryRules = faults.every(({ unknownField }) => unknownField);
  return mayTryRules ? [...faults, ...brokenRules(value, shape, '')] : faults;
}

function brokenRules(value: unknown, shape: Shape, path: string): readonly Fault[] {
  if (value === undefined || value === null) return [];
  const own = (shape.rules ?? []).flatMap((rule) => brokenRule(value, rule, path));
  if (Array.isArray(value)) {
    const { items } = shape;
    if (items === undefined) return own;
    return [...own, ...value.flatMap((item, at) => brokenRules(item, items, `${path}[${String(at)}]`))];
  }
  if (!isJsonObject(value)) return own;
  const inner = Object.entries(value).flatMap(([name, field]) => {
    const known = Object.hasOwn(shape.properties ?? {}, name) ? shape.properties?.[name] : shape.others;
    return known === undefined || known === true ? [] : brokenRules(field, known, member(path, name));
  });
  return [...own, ...inner];
}

function brokenRule(value: unknown, { field, message, holds }: ShapeRule, path: string): readonly Fault[] {
  if (holds(value as never)) return [];
  return [{ path: (field ?? []).reduce(member, path), message, unknownField: false }];
}
