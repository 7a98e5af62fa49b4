// SPDX-License-Identifier: Apache-2.0
// Reads a profile from either form in which it is written: the spec of a SeccompProfile, and the JSON of the OCI runtime
// specification. Both say the same with the same words; each field is checked here, whoever checked it before.
import { isJsonObject } from '../json.ts';
import { conjunctionKey } from './meaning/condition.ts';
import { FaultList } from './faults.ts';
import {
  ACTIONS_BY_PERMISSION,
  ALL_ARCHITECTURES,
  ALL_FLAGS,
  ALL_OPERATORS,
  DEFAULT_ERRNO,
  MAX_ERRNO,
  MAX_MESSAGE,
  MAX_VALUE,
  takesErrno,
} from './model.ts';
import type { Action, ArgCondition, Profile, Rule } from './model.ts';

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
  archMap: 'only Docker and Podman resolve it, before they start a container',
  includes: 'only Docker and Podman resolve it, before they start a container',
  excludes: 'only Docker and Podman resolve it, before they start a container',
  minKernel: 'only Docker and Podman resolve it, before they start a container',
  comment: 'only Docker and Podman know it',
  name: 'names, a list, has taken its place',
  errno: 'errnoRet, a number, is meant for runtimes',
  defaultErrno: 'defaultErrnoRet, a number, is meant for runtimes',
};

type Fields = Readonly<Record<string, unknown>>;

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return value === undefined ? 'nothing' : value === null ? 'null' : 'an object';
}

/** Reads one document; every method notes what is wrong and returns something harmless, so that reading goes on. */
class ProfileReader {
  readonly faults = new FaultList();

  profile(value: unknown): Profile {
    const fields = this.fields(value, '', PROFILE_KEYS);
    if (fields === undefined) return { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], flags: [], rules: [] };
    const defaultAction = this.choice(fields['defaultAction'], 'defaultAction', ACTIONS_BY_PERMISSION);
    return {
      defaultAction,
      ...this.errno(fields['defaultErrnoRet'], 'defaultErrnoRet', 'defaultErrno', defaultAction),
      architectures: this.choices(fields['architectures'], 'architectures', ALL_ARCHITECTURES),
      flags: this.choices(fields['flags'], 'flags', ALL_FLAGS),
      ...this.text(fields, 'listenerPath'),
      ...this.text(fields, 'listenerMetadata'),
      ...this.text(fields, 'baseProfileName'),
      rules: this.list(fields['syscalls'], 'syscalls').map((rule, index) =>
        this.rule(rule, `syscalls[${String(index)}]`),
      ),
    };
  }

  private rule(value: unknown, field: string): Rule {
    const fields = this.fields(value, field, RULE_KEYS);
    if (fields === undefined) return { names: [], action: 'SCMP_ACT_ERRNO', args: [] };
    const names = this.list(fields['names'], `${field}.names`).map((name, index) =>
      this.syscall(name, `${field}.names[${String(index)}]`),
    );
    if (names.length === 0) this.faults.add(`${field}.names`, 'names no system call');
    const action = this.choice(fields['action'], `${field}.action`, ACTIONS_BY_PERMISSION);
    const args = this.conditions(fields['args'], field);
    return { names, action, ...this.errno(fields['errnoRet'], `${field}.errnoRet`, 'errno', action), args };
  }

  private conditions(value: unknown, field: string): readonly ArgCondition[] {
    const before = this.faults.count;
    const args = this.list(value, `${field}.args`).map((arg, index) =>
      this.condition(arg, `${field}.args[${String(index)}]`),
    );
    if (args.length > 1 && this.faults.count === before) this.noteRepeated(args, field);
    return args;
  }

  /** Said twice, a condition makes all conditions of the rule alternatives: runtimes take a rule with two on one argument so. */
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
    const fields = this.fields(value, field, ARG_KEYS);
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

  private uint64(value: unknown, field: string): bigint {
    const read = this.integer(value, field);
    if (read >= 0n && read <= MAX_VALUE) return read;
    this.faults.add(field, `must be from 0 to 18446744073709551615, not ${String(read)}`);
    return 0n;
  }

  private integer(value: unknown, field: string): bigint {
    if (value === undefined) return 0n;
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === 'string' && /^(\d+|0x[0-9a-fA-F]+)$/.test(value)) return BigInt(value);
    const lost = typeof value === 'number' && Number.isInteger(value);
    const reason = lost ? 'lost precision on the way here: write it as a string' : `is not an integer: ${shown(value)}`;
    this.faults.add(field, reason);
    return 0n;
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

  private text<K extends string>(fields: Fields, key: K): Partial<Record<K, string>> {
    const value = fields[key];
    if (value === undefined || value === null || value === '') return {};
    if (typeof value !== 'string') {
      this.faults.add(key, `must be a text, not ${shown(value)}`);
      return {};
    }
    return Object.fromEntries([[key, value]]) as Record<K, string>;
  }

  private choice<T extends string>(value: unknown, field: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === value);
    const [first] = choices;
    if (first === undefined) throw new RangeError(`no choices for ${field}`);
    if (found === undefined) {
      const what = value === undefined ? 'is missing' : `is unknown: ${shown(value)}`;
      this.faults.add(field, `${what}; known are ${choices.join(', ')}`);
    }
    return found ?? first;
  }

  private choices<T extends string>(value: unknown, field: string, choices: readonly T[]): readonly T[] {
    const list = this.list(value, field).map((item, index) => this.choice(item, `${field}[${String(index)}]`, choices));
    return [...new Set(list)];
  }

  private list(value: unknown, field: string): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    this.faults.add(field, `must be a list, not ${shown(value)}`);
    return [];
  }

  private fields(value: unknown, field: string, keys: readonly string[]): Fields | undefined {
    if (!isJsonObject(value)) {
      this.faults.add(field, `must be an object, not ${Array.isArray(value) ? 'a list' : shown(value)}`);
      return undefined;
    }
    for (const key of Object.keys(value)) {
      if (keys.includes(key)) continue;
      const hint = Object.hasOwn(OTHER_KEYS, key) ? `: ${OTHER_KEYS[key] ?? ''}` : '';
      this.faults.add(field === '' ? key : `${field}.${key}`, `is not a field of a seccomp profile${hint}`);
    }
    return value;
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
  const reader = new ProfileReader();
  const profile = reader.profile(spec);
  reader.faults.throwIfAny(subject);
  return profile;
}
