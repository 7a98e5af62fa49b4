// SPDX-License-Identifier: Apache-2.0
// Reads a profile from the forms in which it is written: the spec of a SeccompProfile, the JSON of the OCI runtime
// specification, which says the same with the same words, and the files of Docker and Podman, which are turned into
// that JSON rule by rule. Each field is checked here, even if it was checked before.
import { conjunctionKey } from './meaning/condition.ts';
import { FaultList } from '../faults.ts';
import { FieldReader, shown } from './field-reader.ts';
import {
  ACTIONS_BY_PERMISSION,
  ALL_ARCHITECTURES,
  ALL_FLAGS,
  ALL_OPERATORS,
  DEFAULT_ERRNO,
  MAX_ERRNO,
  MAX_MESSAGE,
  takesErrno,
} from './model.ts';
import type { Action, ArgCondition, Profile, Rule } from './model.ts';
import { capabilityNote } from './published.ts';
import type { Conditions } from './published.ts';
import { PublishedForm } from './published-form.ts';

/** Keys of a profile; `disabled` belongs to the object, not to the filter, and is left to who handles the object. */
const PROFILE_KEYS = [
  'defaultAction',
  'defaultErrnoRet',
  'architectures',
  'flags',
  'listenerPath',
  'listenerMetadata',
  'baseProfileName',
  'syscalls',
  'disabled',
];
const RULE_KEYS = ['names', 'action', 'errnoRet', 'args'];
const ARG_KEYS = ['index', 'op', 'value', 'valueTwo'];

/** Keys of other formats, which users paste; a reason that names the format helps more than "unknown". */
const OTHER_KEYS: Readonly<Record<string, string>> = {
  archMap: 'only Docker and Podman resolve it, before they start a container; spoc convert -t seccomp does, too',
  includes: 'only Docker and Podman resolve it, before they start a container; spoc convert -t seccomp does, too',
  excludes: 'only Docker and Podman resolve it, before they start a container; spoc convert -t seccomp does, too',
  minKernel: 'only Docker and Podman resolve it, before they start a container; spoc convert -t seccomp does, too',
  comment: 'only Docker and Podman know it',
  name: 'names, a list, has taken its place',
  errno: 'errnoRet, a number, is meant for runtimes',
  defaultErrno: 'defaultErrnoRet, a number, is meant for runtimes',
};

/** Reads one document. */
class ProfileReader extends FieldReader {
  /** Reads what only Docker and Podman know, for a container; undefined where that is refused. */
  private readonly published: PublishedForm | undefined;

  constructor(faults: FaultList, published?: PublishedForm) {
    super(faults);
    this.published = published;
  }

  profile(value: unknown): Profile {
    const plain = this.published === undefined ? value : this.published.profile(value);
    const fields = this.fields(plain, '', PROFILE_KEYS, OTHER_KEYS);
    if (fields === undefined) return { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], rules: [] };
    const defaultAction = this.choice(fields['defaultAction'], 'defaultAction', ACTIONS_BY_PERMISSION);
    return {
      defaultAction,
      ...this.errno(fields['defaultErrnoRet'], 'defaultErrnoRet', 'defaultErrno', defaultAction),
      architectures: this.choices(fields['architectures'], 'architectures', ALL_ARCHITECTURES),
      ...this.flags(fields['flags']),
      ...this.text(fields, 'listenerPath'),
      ...this.text(fields, 'listenerMetadata'),
      ...this.text(fields, 'baseProfileName'),
      rules: this.list(fields['syscalls'], 'syscalls').flatMap((rule, index) =>
        this.ruleIfHolds(rule, `syscalls[${String(index)}]`),
      ),
    };
  }

  private ruleIfHolds(value: unknown, field: string): readonly Rule[] {
    if (this.published === undefined) return [this.rule(value, field)];
    const { rule: plain, holds } = this.published.rule(value, field);
    const rule = this.rule(plain, field);
    return holds ? [rule] : [];
  }

  private rule(value: unknown, field: string): Rule {
    const fields = this.fields(value, field, RULE_KEYS, OTHER_KEYS);
    if (fields === undefined) return { names: [], action: 'SCMP_ACT_ERRNO', args: [] };
    const names = this.list(fields['names'], `${field}.names`).map((name, index) =>
      this.syscall(name, `${field}.names[${String(index)}]`),
    );
    if (names.length === 0) this.faults.add(`${field}.names`, 'names no system call');
    const action = this.choice(fields['action'], `${field}.action`, ACTIONS_BY_PERMISSION);
    const args = this.conditions(fields['args'], field);
    return {
      names: [...new Set(names)],
      action,
      ...this.errno(fields['errnoRet'], `${field}.errnoRet`, 'errno', action),
      args,
    };
  }

  private conditions(value: unknown, field: string): readonly ArgCondition[] {
    const before = this.faults.count;
    const args = this.list(value, `${field}.args`).map((arg, index) =>
      this.condition(arg, `${field}.args[${String(index)}]`),
    );
    if (args.length > 1 && this.faults.count === before) this.noteRepeated(args, field);
    return args;
  }

  /**
   * Said twice, a condition makes all conditions of the rule alternatives: runtimes take a rule with two on one
   * argument so.
   */
  private noteRepeated(args: readonly ArgCondition[], field: string): void {
    const seen = new Map<string, number>();
    for (const [at, arg] of args.entries()) {
      const key = conjunctionKey([arg]);
      const before = seen.get(key);
      if (before === undefined) seen.set(key, at);
      else this.faults.add(`${field}.args[${String(at)}]`, `repeats args[${String(before)}]`);
    }
  }

  private condition(value: unknown, field: string): ArgCondition {
    const fields = this.fields(value, field, ARG_KEYS, OTHER_KEYS);
    if (fields === undefined) return { index: 0, op: 'SCMP_CMP_EQ', value: 0n, valueTwo: 0n };
    const index = fields['index'];
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index > 5) {
      this.faults.add(`${field}.index`, `must be an integer from 0 to 5, not ${shown(index)}`);
    }
    const op = this.choice(fields['op'], `${field}.op`, ALL_OPERATORS);
    const valueTwo = this.uint64(fields['valueTwo'], `${field}.valueTwo`);
    return {
      index: typeof index === 'number' ? index : 0,
      op,
      value: this.uint64(fields['value'], `${field}.value`),
      valueTwo: op === 'SCMP_CMP_MASKED_EQ' ? valueTwo : 0n,
    };
  }

  private errno<K extends string>(value: unknown, field: string, key: K, action: Action): Partial<Record<K, number>> {
    if (value === undefined || value === null) return {};
    const most = action === 'SCMP_ACT_TRACE' ? MAX_MESSAGE : MAX_ERRNO;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
      this.faults.add(field, `must be a number from 0 to ${String(most)}, not ${shown(value)}`);
      return {};
    }
    if (!takesErrno(action) && value !== 0) this.faults.add(field, `has no meaning for the action ${action}`);
    const kept = takesErrno(action) && value !== DEFAULT_ERRNO;
    // A computed key widens to an index signature, which the caller's exact keys do not accept.
    return kept ? (Object.fromEntries([[key, value]]) as Record<K, number>) : {};
  }

  private syscall(value: unknown, field: string): string {
    if (typeof value === 'string' && /^[a-z0-9_]+$/.test(value)) return value;
    this.faults.add(field, `is not the name of a system call: ${shown(value)}`);
    return '';
  }

  /** An empty list is no missing one: runtimes set a flag of their own where the list is missing. */
  private flags(value: unknown): Pick<Profile, 'flags'> {
    return value === undefined || value === null ? {} : { flags: this.choices(value, 'flags', ALL_FLAGS) };
  }
}

/**
 * The profile that a spec or an OCI document describes.
 *
 * @param spec - spec of a SeccompProfile, or a document of the OCI runtime specification; integers may be bigint
 * @param subject - what it is, for the message: a file name, `SeccompProfile default/nginx`
 * @throws InvalidProfile with every fault
 */
export function parseProfile(spec: unknown, subject: string): Profile {
  const reader = new ProfileReader(new FaultList());
  const profile = reader.profile(spec);
  reader.faults.throwIfAny(subject);
  return profile;
}

/** A published profile as it holds for one container. */
export interface PublishedProfile {
  readonly profile: Profile;
  /** A remark for the user on its conditions, if there is one. */
  readonly note: string | undefined;
}

/**
 * The profile that a document of runtimes, of Docker or of Podman describes for a container.
 *
 * @param subject - what it is, for the message: a file name
 * @throws InvalidProfile with every fault
 */
export function parsePublished(document: unknown, subject: string, conditions: Conditions): PublishedProfile {
  const faults = new FaultList();
  const published = new PublishedForm(conditions, faults);
  const profile = new ProfileReader(faults, published).profile(document);
  faults.throwIfAny(subject);
  return { profile, note: capabilityNote(published.capabilities, conditions) };
}
