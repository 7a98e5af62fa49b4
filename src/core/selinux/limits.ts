// SPDX-License-Identifier: Apache-2.0
// The limit on what SELinux profiles allow, and warnings of risks. The words that an administrator denies go before
// those that he allows, and these before our own lists. Refused by ourselves is only what would end the protection of
// the node: changing SELinux's policy, the kernel's memory, the passwords. All else that is dangerous may be what a
// workload was recorded to need, so it is a risk: a sentence in the profile's condition, and the profile is installed.
import type { SelinuxOptions } from '../../gen/crd/security-profiles-operator-daemon.ts';
import type { ProfileFault } from '../faults.ts';
import type { AllowRule } from './rules.ts';
import { shown } from './words.ts';

/** The cluster's limit on SELinux profiles; `selinuxOptions` of the spod object. */
export type SelinuxLimit = SelinuxOptions;

/** The system policies that profiles may inherit where the spod says nothing. */
export const DEFAULT_SYSTEM_PROFILES: readonly string[] = ['container'];

/** The parts of a rule that lists speak of. */
type Part = 'type' | 'class' | 'permission';

const REFUSED: Readonly<Record<Part, ReadonlySet<string>>> = {
  type: new Set(['kmem_t', 'memory_device_t', 'shadow_t']),
  class: new Set(),
  permission: new Set(['load_policy', 'setenforce', 'setbool', 'setsecparam', 'mac_admin', 'mac_override']),
};

/** The refused permissions of a class: those that an expression such as `all` may mean. */
const REFUSED_OF_CLASS: ReadonlyMap<string, readonly string[]> = new Map([
  ['security', ['load_policy', 'setenforce', 'setbool', 'setsecparam']],
  ['capability2', ['mac_admin', 'mac_override']],
  ['cap2_userns', ['mac_admin', 'mac_override']],
]);

const RISKY: Readonly<Record<Part, ReadonlySet<string>>> = {
  type: new Set(['kernel_t', 'security_t', 'container_runtime_t', 'spc_t', 'unconfined_t', 'init_t']),
  class: new Set([
    'capability',
    'capability2',
    'cap_userns',
    'cap2_userns',
    'security',
    'system',
    'bpf',
    'kernel_service',
  ]),
  permission: new Set([
    ...['mounton', 'relabelto', 'relabelfrom', 'ptrace', 'dyntransition', 'transition', 'execmem', 'execstack'],
    ...['execheap', 'entrypoint', 'module_load'],
  ]),
};

/** A rule, and the fields that users see of it. */
export interface PlacedRule extends AllowRule {
  readonly targetField: string;
  readonly field: string;
  /** The permissions are an expression that may mean any of the class. */
  readonly isOpen?: boolean;
  /** The class may be another. */
  readonly isAnyClass?: boolean;
  /** The target may be any type. */
  readonly isAnyType?: boolean;
}

/** The verdict on rules. */
export interface Judgement {
  /** Why the profile is not installed. */
  readonly refusals: readonly ProfileFault[];
  /** Dangers with which it is installed; the same words once. */
  readonly risks: readonly string[];
}

interface Lists {
  readonly denied: Readonly<Record<Part, readonly string[]>>;
  readonly allowed: Readonly<Record<Part, readonly string[]>>;
}

function listsOf(limit: SelinuxLimit): Lists {
  const { deniedTypes = [], deniedClasses = [], deniedPermissions = [] } = limit;
  const { allowedTypes = [], allowedClasses = [], allowedPermissions = [] } = limit;
  return {
    denied: bareLists({ type: deniedTypes, class: deniedClasses, permission: deniedPermissions }),
    allowed: bareLists({ type: allowedTypes, class: allowedClasses, permission: allowedPermissions }),
  };
}

function bareLists(lists: Lists['denied']): Lists['denied'] {
  return { type: lists.type.map(bare), class: lists.class.map(bare), permission: lists.permission };
}

/** A dot before a name only keeps it from meaning one of the block: without it, the lists compare the same names. */
function bare(name: string): string {
  return name.replace(/^\./, '');
}

/** A word of a rule. */
interface Mention {
  readonly part: Part;
  readonly word: string;
  readonly field: string;
}

function mentionsOf(rule: PlacedRule, lists: Lists): readonly Mention[] {
  const { target, objectClass, permissions, targetField, field } = rule;
  return [
    ...[target, ...hiddenTypes(rule, lists)].map((word): Mention => ({
      part: 'type',
      word: bare(word),
      field: targetField,
    })),
    { part: 'class', word: bare(objectClass), field },
    ...[...permissions, ...hiddenPermissions(rule, lists)].map((word): Mention => ({
      part: 'permission',
      word,
      field,
    })),
  ];
}

function hiddenTypes({ isAnyType }: PlacedRule, { denied }: Lists): readonly string[] {
  return isAnyType === true ? [...denied.type, ...REFUSED.type] : [];
}

function hiddenPermissions({ isOpen, isAnyClass, objectClass }: PlacedRule, { denied }: Lists): readonly string[] {
  if (isOpen !== true) return [];
  const ofClass = isAnyClass === true ? REFUSED.permission : (REFUSED_OF_CLASS.get(bare(objectClass)) ?? []);
  return [...denied.permission, ...ofClass];
}

function refusalOf({ part, word, field }: Mention, { denied, allowed }: Lists): ProfileFault | undefined {
  if (denied[part].includes(word)) return { field, reason: `the cluster denies profiles the ${part} ${shown(word)}` };
  if (!REFUSED[part].has(word) || allowed[part].includes(word)) return undefined;
  const way = `unless the spod object has it in selinuxOptions.${OPTION[part]}`;
  return { field, reason: `the ${part} ${shown(word)} ends the protection of the node and is refused, ${way}` };
}

/** Where administrators allow a word. */
const OPTION: Readonly<Record<Part, string>> = {
  type: 'allowedTypes',
  class: 'allowedClasses',
  permission: 'allowedPermissions',
};

function isRisk({ part, word }: Mention, { allowed }: Lists): boolean {
  return RISKY[part].has(word) && !allowed[part].includes(word);
}

/** Judges rules by the cluster's limit. */
export function judge(rules: readonly PlacedRule[], limit: SelinuxLimit): Judgement {
  const lists = listsOf(limit);
  const mentions = rules.flatMap((rule) => mentionsOf(rule, lists));
  const refusals = mentions.flatMap((mention) => refusalOf(mention, lists) ?? []);
  const risky = mentions.filter((mention) => isRisk(mention, lists));
  const risks = risky.map(({ part, word, field }) => `${field}: the ${part} ${shown(word)} is a risk for the node`);
  return { refusals: distinct(refusals), risks: [...new Set(risks)] };
}

/** A type of several classes is mentioned with each of them. */
function distinct(faults: readonly ProfileFault[]): readonly ProfileFault[] {
  return [...new Map(faults.map((fault) => [`${fault.field} ${fault.reason}`, fault])).values()];
}
