// SPDX-License-Identifier: Apache-2.0
// From a SelinuxProfile to the text of its module in CIL: the block with what it inherits, then a line for each allow
// rule, so that a line of a message of the compiler leads to one entry of the object.
import type { SelinuxProfile } from '../../gen/crd/selinux-profile.ts';
import { Rejected } from '../errors.ts';
import { FaultList, InvalidProfile } from '../faults.ts';
import { inheritance } from './inheritance.ts';
import type { Inheritance, SelinuxSurroundings } from './inheritance.ts';
import { DEFAULT_SYSTEM_PROFILES, judge } from './limits.ts';
import { blockName, usageOfBlock } from './names.ts';
import { allowRules, checkAllow, placed } from './rules.ts';
import type { AllowMap, AllowRule } from './rules.ts';
import { isTemplate } from './templates.ts';
import { SELF } from './words.ts';

/** The module of a profile. */
export interface RenderedCil {
  /** Name of the block and of the module. */
  readonly block: string;
  readonly cil: string;
  /** Sentences that users should know, though the profile can be installed. */
  readonly warnings: readonly string[];
}

/** A profile as far as its rules and its name are concerned. */
export type RenderedProfile = Pick<SelinuxProfile, 'metadata' | 'spec'>;

/**
 * The module of a SelinuxProfile.
 * @throws Rejected with every fault, NotYet for a profile to inherit that is missing
 */
export function renderCil({ metadata, spec }: RenderedProfile, around: SelinuxSurroundings): RenderedCil {
  const { name, namespace = '' } = metadata;
  const block = requireBlock(namespace, name, around);
  const rules = rejecting(() => requireRules(name, spec.allow ?? {}, usageOfBlock(block)));
  const { refusals, risks } = judge(rules.map(placed), around.limit);
  if (refusals.length > 0) {
    const cause = new InvalidProfile(`profile ${name}`, refusals);
    throw new Rejected('ProfileNotAllowed', cause.message, { cause });
  }
  const inherited = inheritance(name, spec, around);
  const parents = inherited.profiles.map((parent) => blockName(namespace, parent));
  return {
    block,
    cil: textOf(block, { ...inherited, profiles: parents }, spec.permissive === true, rules),
    warnings: firstOf([...permissiveWarning(inherited, spec.permissive === true), ...risks]),
  };
}

/** Warnings in one condition: a profile of thousands of odd rules must not fill it. */
const MOST_WARNINGS = 20;

/** As many warnings as a condition holds, and how many there are besides. */
export function firstOf(warnings: readonly string[]): readonly string[] {
  const left = warnings.length - MOST_WARNINGS;
  return left > 0 ? [...warnings.slice(0, MOST_WARNINGS), `and ${String(left)} more`] : warnings;
}

/**
 * The block's name.
 * @throws Rejected for one that is a policy of the system
 */
export function requireBlock(namespace: string, name: string, { limit }: Pick<SelinuxSurroundings, 'limit'>): string {
  const block = blockName(namespace, name);
  if (!isTemplate(block, limit.allowedSystemProfiles ?? DEFAULT_SYSTEM_PROFILES)) return block;
  const reason = `the block would be ${block}, which is a policy of the system; choose another name`;
  throw new Rejected('InvalidSelinuxProfile', `metadata.name: ${reason}`);
}

/**
 * The rules of a map.
 * @throws InvalidProfile with every fault
 */
function requireRules(name: string, allow: AllowMap, own?: string): readonly AllowRule[] {
  const faults = new FaultList();
  checkAllow(allow, faults);
  const rules = allowRules([allow], own);
  const isEmpty = rules.length === 0 && Object.values(allow).some((classes) => Object.keys(classes).length > 0);
  if (isEmpty) faults.add('spec.allow', 'no class has a permission, so that nothing is left of it');
  faults.throwIfAny(`profile ${name}`);
  return rules;
}

function rejecting<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidProfile)) throw error;
    throw new Rejected('InvalidSelinuxProfile', error.message, { cause: error });
  }
}

function permissiveWarning({ permissive }: Inheritance, isPermissive: boolean): readonly string[] {
  if (permissive === undefined || isPermissive) return [];
  return [`spec.inherit: ${permissive} is permissive, and so is this profile with it: nothing is refused`];
}

function textOf(block: string, inherited: Inheritance, isPermissive: boolean, rules: readonly AllowRule[]): string {
  const lines = [
    `(block ${block}`,
    ...[...inherited.system, ...inherited.profiles].map((parent) => `(blockinherit ${parent})`),
    ...(isPermissive ? ['(typepermissive process)'] : []),
    ...rules.map(lineOf),
    ')',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** `self` follows a block that inherits the rule; the name of the type would not. */
function lineOf({ target, objectClass, permissions }: AllowRule): string {
  const type = target === SELF ? 'self' : target;
  return `(allow process ${type} ( ${objectClass} ( ${permissions.join(' ')} )))`;
}
