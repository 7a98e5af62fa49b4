// SPDX-License-Identifier: Apache-2.0
// The union of what profiles allow: commutative, associative and idempotent as long as there is room for all paths
// (fold.ts). Policies in AppArmor's own language have no union that would be sure to mean both.
import type { AppArmorProfileSpec } from '../../gen/crd/app-armor-profile.ts';
import { FaultList } from '../faults.ts';
import { Coverage } from './covers.ts';
import { fold } from './fold.ts';
import { printAbstract } from './form.ts';
import type { Pattern } from './pattern.ts';
import { compareTexts, FileRules, readAbstract } from './spec.ts';
import type { Access, Allowed } from './spec.ts';

/** A spec, and what it belongs to, for messages: `AppArmorProfile default/nginx`. */
export interface NamedAppArmorSpec {
  readonly subject: string;
  readonly spec: AppArmorProfileSpec;
}

/** A union, and the folders whose single names it has no room for. */
export interface MergedAppArmor {
  readonly allowed: Allowed;
  readonly folded: readonly string[];
}

/** The union of what is allowed. */
export function uniteAllowed(parts: readonly Allowed[]): MergedAppArmor {
  const all = new FileRules();
  for (const { files } of parts) for (const rule of files.values()) all.add(rule);
  const { files, folded } = fold(all.sorted());
  return {
    allowed: {
      files,
      capabilities: [...new Set(parts.flatMap(({ capabilities }) => capabilities))].sort(compareTexts),
      tcp: parts.some(({ tcp }) => tcp),
      udp: parts.some(({ udp }) => udp),
      raw: parts.some(({ raw }) => raw),
    },
    folded,
  };
}

/**
 * All that a spec in the abstract form allows.
 * @throws InvalidProfile with every fault; for a policy in AppArmor's own language, too
 */
export function allowedOf({ subject, spec: { policy, abstract } }: NamedAppArmorSpec): Allowed {
  const faults = new FaultList();
  if (policy !== undefined) {
    faults.add('spec.policy', "is in AppArmor's own language; only profiles with spec.abstract can be merged");
  }
  const allowed = readAbstract(abstract ?? {}, 'spec.abstract', faults);
  faults.throwIfAny(subject);
  return allowed;
}

/**
 * The union of specs. It is in complain mode where one of them is: a profile in that mode allows everything.
 * @throws InvalidProfile as allowedOf
 */
export function mergeAppArmorSpecs(
  parts: readonly NamedAppArmorSpec[],
): Pick<MergedAppArmor, 'folded'> & { readonly spec: AppArmorProfileSpec } {
  const { allowed, folded } = uniteAllowed(parts.map(allowedOf));
  const complains = parts.some(({ spec }) => spec.complainMode === true);
  return { spec: { ...(complains ? { complainMode: true } : {}), abstract: printAbstract(allowed) }, folded };
}

/** Each right alone, for asking whether patterns that give it cover another one. */
const RIGHTS: readonly ((access: Access) => boolean)[] = [
  ({ read }) => read,
  ({ write }) => write,
  ({ map }) => map,
  ({ execute }) => execute,
];

/** Whether the first one allows all that the second one does. */
export function allowsAllOf(wide: Allowed, narrow: Allowed): boolean {
  const sockets = (['tcp', 'udp', 'raw'] as const).every((word) => wide[word] || !narrow[word]);
  const capabilities = narrow.capabilities.every((name) => wide.capabilities.includes(name));
  return sockets && capabilities && RIGHTS.every((right) => coversFiles(wide, narrow, right));
}

function coversFiles(wide: Allowed, narrow: Allowed, right: (access: Access) => boolean): boolean {
  const patterns = ({ files }: Allowed): readonly Pattern[] =>
    [...files.values()].filter(({ access }) => right(access)).map(({ pattern }) => pattern);
  const asked = patterns(narrow);
  if (asked.length === 0) return true;
  const coverage = new Coverage(patterns(wide));
  return asked.every((pattern) => coverage.covers(pattern));
}
