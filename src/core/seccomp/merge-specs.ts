// SPDX-License-Identifier: Apache-2.0
// The union of many specs. Recordings are all of one simple sort, unconditional permissions and one default, and of
// those there may be a thousand: their names are put together before anything is compared. Uniting is associative among
// profiles of one default (merge.ts), so the result is the same.
import type { SeccompProfileSpec } from '../../gen/crd/seccomp-profile.ts';
import { mergeProfiles } from './merge.ts';
import type { Profile } from './model.ts';
import { parseProfile } from './parse.ts';

/** A spec, and what it belongs to, for messages: `SeccompProfile default/nginx`. */
export interface NamedSpec {
  readonly subject: string;
  readonly spec: SeccompProfileSpec;
}

/** Fields of the spec and its rules that simple ones have. */
const SIMPLE_FIELDS: readonly string[] = ['defaultAction', 'architectures', 'syscalls', 'disabled'];
const SIMPLE_RULE_FIELDS: readonly string[] = ['names', 'action'];

/**
 * The union of the profiles that specs describe.
 * @throws InvalidProfile with every fault of a spec; RangeError as mergeProfiles
 */
export function mergeSpecs(specs: readonly NamedSpec[]): Profile {
  return mergeProfiles(gathered(specs).map(({ spec, subject }) => parseProfile(spec, subject)));
}

interface Group {
  readonly first: NamedSpec;
  readonly names: Set<string>;
}

function gathered(specs: readonly NamedSpec[]): readonly NamedSpec[] {
  const groups = new Map<string, Group>();
  const others: NamedSpec[] = [];
  for (const named of specs) {
    const { spec } = named;
    if (!isSimple(spec)) {
      others.push(named);
      continue;
    }
    const key = JSON.stringify([spec.defaultAction, spec.architectures ?? []]);
    const group = groups.get(key) ?? { first: named, names: new Set<string>() };
    groups.set(key, group);
    for (const rule of spec.syscalls ?? []) for (const name of rule.names) group.names.add(name);
  }
  return [...Array.from(groups.values(), sum), ...others];
}

/** Nothing but names that are allowed. */
function isSimple(spec: SeccompProfileSpec): boolean {
  return (
    hasOnly(spec, SIMPLE_FIELDS) &&
    (spec.syscalls ?? []).every((rule) => rule.action === 'SCMP_ACT_ALLOW' && hasOnly(rule, SIMPLE_RULE_FIELDS))
  );
}

function hasOnly(value: object, fields: readonly string[]): boolean {
  return Object.keys(value).every((field) => fields.includes(field));
}

function sum({ first: { subject, spec }, names }: Group): NamedSpec {
  const syscalls = names.size === 0 ? [] : [{ names: [...names], action: 'SCMP_ACT_ALLOW' as const }];
  return { subject, spec: { ...spec, syscalls } };
}
