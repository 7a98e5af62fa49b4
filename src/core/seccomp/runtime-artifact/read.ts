// SPDX-License-Identifier: Apache-2.0
// Reads the JSON of a runtime artifact as container runtimes do (KEP-6061): nothing that they do not know, no member
// twice, no member in other letters. Each value is held against what the runtime specification allows for it.
import { isJsonObject } from '../../json.ts';
import type { FaultList } from '../../faults.ts';
import { MAX_VALUE } from '../model.ts';

/** A condition on one argument. */
export interface RuntimeCondition {
  readonly index: number;
  readonly op: string;
  readonly value: bigint;
  readonly valueTwo: bigint;
}

/** An entry of `syscalls`. */
export interface RuntimeEntry {
  /** Where it stands: `syscalls[3]`. */
  readonly field: string;
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet: number | undefined;
  readonly args: readonly RuntimeCondition[];
}

/** The profile of a runtime artifact, as far as its values could be read. */
export interface RuntimeProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet: number | undefined;
  readonly architectures: readonly string[];
  readonly entries: readonly RuntimeEntry[];
}

type Fields = Readonly<Record<string, unknown>>;

const ROOT = [
  'defaultAction',
  'defaultErrnoRet',
  'architectures',
  'flags',
  'listenerPath',
  'listenerMetadata',
  'syscalls',
];
const ENTRY = ['names', 'action', 'errnoRet', 'args'];
const CONDITION = ['index', 'value', 'valueTwo', 'op'];

/** Actions that may stand in an artifact; NOTIFY asks a listener of the node's. */
const ACTIONS = ['KILL', 'KILL_PROCESS', 'KILL_THREAD', 'TRAP', 'ERRNO', 'TRACE', 'LOG', 'ALLOW'].map(
  (name) => `SCMP_ACT_${name}`,
);
const OPERATORS = ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'].map((name) => `SCMP_CMP_${name}`);
const FLAGS = ['TSYNC', 'LOG', 'SPEC_ALLOW'].map((name) => `SECCOMP_FILTER_FLAG_${name}`);

/** Architectures whose arguments have 32 bits. */
export const NARROW_ARCHITECTURES: readonly string[] = [
  ...['X86', 'X32', 'ARM', 'MIPS', 'MIPS64N32', 'MIPSEL', 'MIPSEL64N32', 'PPC', 'S390', 'PARISC', 'M68K', 'SH', 'SHEB'],
].map((name) => `SCMP_ARCH_${name}`);

/** All architectures of the runtime specification (config-linux.md, 1.3). */
const ARCHITECTURES: readonly string[] = [
  ...NARROW_ARCHITECTURES,
  ...['X86_64', 'AARCH64', 'MIPS64', 'MIPSEL64', 'PPC64', 'PPC64LE', 'S390X', 'PARISC64', 'RISCV64', 'LOONGARCH64'].map(
    (name) => `SCMP_ARCH_${name}`,
  ),
];

/** The most names of one entry. */
const MAX_NAMES = 1024;

/** The largest error number: the kernel's MAX_ERRNO, as KEP-6061 has it. */
const MAX_ERRNO_RET = 4095;

const WITH_NUMBER = ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE'];

/** Reads one text, and notes what is wrong in it. */
class Reader {
  private readonly faults: FaultList;

  constructor(faults: FaultList) {
    this.faults = faults;
  }

  profile(root: Fields): RuntimeProfile {
    this.members(root, ROOT, '');
    for (const name of ['listenerPath', 'listenerMetadata']) {
      if (isThere(root[name])) this.faults.add(name, 'asks a listener of the node, which no artifact may');
    }
    this.words(root['flags'], FLAGS, 'flags');
    const defaultAction = this.word(root['defaultAction'], ACTIONS, 'defaultAction');
    return {
      defaultAction,
      defaultErrnoRet: this.errno(root['defaultErrnoRet'], defaultAction, 'defaultErrnoRet'),
      architectures: this.words(root['architectures'], ARCHITECTURES, 'architectures'),
      entries: this.list(root['syscalls'], 'syscalls').map((entry, at) => this.entry(entry, `syscalls[${at}]`)),
    };
  }

  private entry(value: unknown, field: string): RuntimeEntry {
    const fields = this.object(value, ENTRY, field);
    const action = this.word(fields['action'], ACTIONS, `${field}.action`);
    return {
      field,
      names: this.names(fields['names'], `${field}.names`),
      action,
      errnoRet: this.errno(fields['errnoRet'], action, `${field}.errnoRet`),
      args: this.list(fields['args'], `${field}.args`).map((one, at) => this.condition(one, `${field}.args[${at}]`)),
    };
  }

  private condition(value: unknown, field: string): RuntimeCondition {
    const fields = this.object(value, CONDITION, field);
    return {
      index: Number(this.whole(fields['index'], 5n, `${field}.index`) ?? 0n),
      op: this.word(fields['op'], OPERATORS, `${field}.op`),
      value: this.whole(fields['value'], MAX_VALUE, `${field}.value`) ?? 0n,
      valueTwo: isThere(fields['valueTwo'])
        ? (this.whole(fields['valueTwo'], MAX_VALUE, `${field}.valueTwo`) ?? 0n)
        : 0n,
    };
  }

  private object(value: unknown, known: readonly string[], field: string): Fields {
    if (isJsonObject(value)) {
      this.members(value, known, field);
      return value;
    }
    this.faults.add(field, 'is no object');
    return {};
  }

  private members(fields: Fields, known: readonly string[], field: string): void {
    for (const name of Object.keys(fields)) {
      if (known.includes(name)) continue;
      const meant = known.find((one) => one.toLowerCase() === name.toLowerCase());
      const advice = meant === undefined ? '' : `: it is written ${meant}`;
      this.faults.add(field === '' ? name : `${field}.${name}`, `is not known${advice}`);
    }
  }

  private list(value: unknown, field: string): readonly unknown[] {
    if (!isThere(value)) return [];
    if (Array.isArray(value)) return value;
    this.faults.add(field, 'is no list');
    return [];
  }

  private names(value: unknown, field: string): readonly string[] {
    const names = this.list(value, field).filter((name): name is string => typeof name === 'string' && name !== '');
    if (names.length === 0 || names.length < this.list(value, field).length) {
      this.faults.add(field, 'needs names, and none of them empty');
    }
    if (names.length > MAX_NAMES) this.faults.add(field, `has more than ${MAX_NAMES} names`);
    return names;
  }

  private word(value: unknown, known: readonly string[], field: string): string {
    if (typeof value === 'string' && known.includes(value)) return value;
    const shown =
      value === undefined ? 'nothing' : JSON.stringify(typeof value === 'string' ? value.slice(0, 100) : typeof value);
    this.faults.add(field, `is ${shown}, not one of ${known.join(', ')}`);
    return '';
  }

  private words(value: unknown, known: readonly string[], field: string): readonly string[] {
    const words = this.list(value, field).map((word, at) => this.word(word, known, `${field}[${at}]`));
    const twice = words.find((word, at) => word !== '' && words.indexOf(word) !== at);
    if (twice !== undefined) this.faults.add(field, `has ${twice} twice`);
    return words;
  }

  private whole(value: unknown, most: bigint, field: string): bigint | undefined {
    const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
    if (isWhole && BigInt(value) >= 0n && BigInt(value) <= most) return BigInt(value);
    this.faults.add(field, `is no whole number from 0 to ${most}`);
    return undefined;
  }

  private errno(value: unknown, action: string, field: string): number | undefined {
    if (!isThere(value)) return undefined;
    const number = this.whole(value, BigInt(MAX_ERRNO_RET), field);
    if (action !== '' && !WITH_NUMBER.includes(action)) this.faults.add(field, `means nothing with ${action}`);
    return number === undefined ? undefined : Number(number);
  }
}

/** Runtimes take null for a member that is left out. */
function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Reads the object, and notes every fault. */
export function readRuntimeProfile(root: Fields, faults: FaultList): RuntimeProfile {
  return new Reader(faults).profile(root);
}
