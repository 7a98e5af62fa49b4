// SPDX-License-Identifier: Apache-2.0
// The allow rules of a SelinuxProfile in one order, nothing twice: what is printed, compared and merged.
import type { SelinuxProfileSpec } from '../../gen/crd/selinux-profile.ts';
import type { FaultList } from '../faults.ts';
import { classFault, classOf, permissionFault, quoted, SELF, shown, targetFault } from './words.ts';

/** The map of a spec: target type, class, permissions. */
export type AllowMap = NonNullable<SelinuxProfileSpec['allow']>;

/** The permissions of a profile's processes on one class of objects of one type. */
export interface AllowRule {
  /** A type, or `@self`. */
  readonly target: string;
  readonly objectClass: string;
  /** At least one, sorted, none twice. */
  readonly permissions: readonly string[];
}

/** Notes every word of the map that is no name of a type, class or permission. */
export function checkAllow(allow: AllowMap, faults: FaultList): void {
  const note = (field: string, reason: string | undefined): void => {
    if (reason !== undefined) faults.add(field, reason);
  };
  for (const [target, classes] of Object.entries(allow)) {
    note(fieldOf(target), targetFault(target));
    for (const [objectClass, permissions] of Object.entries(classes)) {
      note(fieldOf(target, objectClass), classFault(objectClass));
      permissions.forEach((word, index) => {
        note(`${fieldOf(target, objectClass)}[${String(index)}]`, permissionFault(word));
      });
    }
  }
}

/** A target type, or a class of it, as a field of the object. */
export function fieldOf(target: string, objectClass?: string): string {
  return ['spec.allow', target, ...(objectClass === undefined ? [] : [objectClass])].map(step).join('');
}

function step(word: string, index: number): string {
  if (index === 0) return word;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(word) ? `.${shown(word)}` : `[${quoted(word)}]`;
}

/** A rule of an object with its fields. */
export function placed(rule: AllowRule): AllowRule & { readonly targetField: string; readonly field: string } {
  const { target, objectClass } = rule;
  return { ...rule, targetField: fieldOf(target), field: fieldOf(target, objectClass) };
}

type Grouped = Map<string, Map<string, Set<string>>>;

function addRule(grouped: Grouped, target: string, objectClass: string, permission: string): void {
  const classes = grouped.get(target) ?? new Map<string, Set<string>>();
  grouped.set(target, classes);
  const permissions = classes.get(objectClass) ?? new Set<string>();
  classes.set(objectClass, permissions);
  permissions.add(permission);
}

/**
 * The rules of maps together: by target and class, permissions in the class that has them. Classes without a permission
 * are left out.
 *
 * @param own - the type of the profile's own processes, which is the same as `@self`
 */
export function allowRules(allows: readonly AllowMap[], own?: string): readonly AllowRule[] {
  const grouped: Grouped = new Map();
  for (const allow of allows) {
    for (const [target, classes] of Object.entries(allow)) {
      const to = target === own ? SELF : target;
      for (const [objectClass, permissions] of Object.entries(classes)) {
        for (const word of permissions) addRule(grouped, to, classOf(objectClass, word), word);
      }
    }
  }
  return sorted(grouped).flatMap(([target, classes]) =>
    sorted(classes).map(([objectClass, words]) => ({ target, objectClass, permissions: [...words].sort() })),
  );
}

function sorted<V>(map: ReadonlyMap<string, V>): readonly (readonly [string, V])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : Number(a !== b)));
}

/** The map of rules, its keys in their order. */
export function allowMap(rules: readonly AllowRule[]): AllowMap {
  const targets = new Map<string, [string, readonly string[]][]>();
  for (const { target, objectClass, permissions } of rules) {
    const classes = targets.get(target) ?? [];
    targets.set(target, classes);
    classes.push([objectClass, permissions]);
  }
  return Object.fromEntries([...targets].map(([target, classes]) => [target, Object.fromEntries(classes)] as const));
}

/** Each permission by itself, `etc_t file read`: what is counted in recordings. */
export function permissionKeys(allow: AllowMap): readonly string[] {
  return allowRules([allow]).flatMap(({ target, objectClass, permissions }) =>
    permissions.map((word) => `${target} ${objectClass} ${word}`),
  );
}
