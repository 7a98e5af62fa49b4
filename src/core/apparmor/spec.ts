// SPDX-License-Identifier: Apache-2.0
// The abstract form of an AppArmorProfile, read: every path a pattern, every capability a known one, nothing said
// twice. All faults of a spec are found at once.
import type { AppArmorAbstract } from '../../gen/crd/app-armor-profile.ts';
import { CAPABILITIES } from '../capabilities.ts';
import { nearest } from '../nearest.ts';
import type { FaultList } from '../faults.ts';
import { readPattern } from './pattern.ts';
import { printPattern } from './pattern-text.ts';
import type { Pattern } from './pattern.ts';
import { ABSOLUTE_VARIABLES, appArmorCapability, VARIABLES } from './tables.ts';

/** The things that may be done with the paths of a pattern. */
export interface Access {
  readonly read: boolean;
  /** With the right to lock and to link, as the original has it. */
  readonly write: boolean;
  /** To map it into memory as code. */
  readonly map: boolean;
  /** To run it, under the same profile; reading and mapping come with it. */
  readonly execute: boolean;
}

/** A pattern with what may be done. */
export interface FileRule {
  readonly pattern: Pattern;
  readonly access: Access;
  /** Only for files of the user who opens them. The abstract form does not say so, a written policy does. */
  readonly owned: boolean;
}

/** All that a profile allows. */
export interface Allowed {
  /** By the canonical text of the pattern, in order. */
  readonly files: ReadonlyMap<string, FileRule>;
  /** In AppArmor's form, in order. */
  readonly capabilities: readonly string[];
  readonly tcp: boolean;
  readonly udp: boolean;
  /** Raw sockets of every family, those of packets and of netlink among them. */
  readonly raw: boolean;
}

/** The access that each list of paths means, by the path of its field. */
const LISTS = {
  'executable.allowedExecutables': { read: true, write: false, map: true, execute: true },
  'executable.allowedLibraries': { read: true, write: false, map: true, execute: false },
  'filesystem.readOnlyPaths': { read: true, write: false, map: false, execute: false },
  'filesystem.writeOnlyPaths': { read: false, write: true, map: false, execute: false },
  'filesystem.readWritePaths': { read: true, write: true, map: false, execute: false },
} as const satisfies Readonly<Record<string, Access>>;

/** The path of a field with a list of paths. */
export type PathList = keyof typeof LISTS;

/** The list of a field; empty where there is none. */
export function pathsOf({ executable, filesystem }: AppArmorAbstract, list: PathList): readonly string[] {
  const paths = {
    'executable.allowedExecutables': executable?.allowedExecutables,
    'executable.allowedLibraries': executable?.allowedLibraries,
    'filesystem.readOnlyPaths': filesystem?.readOnlyPaths,
    'filesystem.writeOnlyPaths': filesystem?.writeOnlyPaths,
    'filesystem.readWritePaths': filesystem?.readWritePaths,
  }[list];
  return paths ?? [];
}

/** The fields with lists of paths. */
export const PATH_LISTS: readonly PathList[] = Object.keys(LISTS) as PathList[];

/** Both accesses together. */
export function uniteAccess(a: Access, b: Access): Access {
  return {
    read: a.read || b.read,
    write: a.write || b.write,
    map: a.map || b.map,
    execute: a.execute || b.execute,
  };
}

/** Files by their patterns, each pattern once. */
export class FileRules {
  private readonly rules = new Map<string, FileRule>();

  /** Allows more. */
  add(rule: FileRule): void {
    const text = printPattern(rule.pattern);
    const known = this.rules.get(text);
    this.rules.set(text, known === undefined ? rule : united(known, rule));
  }

  /** All of it, in the order of the patterns' texts. */
  sorted(): ReadonlyMap<string, FileRule> {
    const texts = [...this.rules.keys()].sort();
    return new Map(texts.flatMap((text) => pairOf(text, this.rules.get(text))));
  }
}

function united(known: FileRule, { access, owned }: FileRule): FileRule {
  return { pattern: known.pattern, access: uniteAccess(known.access, access), owned: known.owned && owned };
}

function pairOf(text: string, rule: FileRule | undefined): readonly (readonly [string, FileRule])[] {
  return rule === undefined ? [] : [[text, rule]];
}

/** The order of canonical texts. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Reads the abstract form.
 *
 * @param field - its path in the object, for faults: `spec.abstract`
 */
export function readAbstract(abstract: AppArmorAbstract, field: string, faults: FaultList): Allowed {
  const files = new FileRules();
  for (const list of PATH_LISTS) {
    for (const [at, text] of pathsOf(abstract, list).entries()) {
      const { pattern, fault } = readPattern(text);
      const reason = pattern === undefined ? fault : reasonAgainst(pattern, text);
      if (reason !== undefined) faults.add(`${field}.${list}[${String(at)}]`, `${JSON.stringify(text)}: ${reason}`);
      else if (pattern !== undefined) files.add({ pattern, access: LISTS[list], owned: false });
    }
  }
  const { allowRaw, allowedProtocols } = abstract.network ?? {};
  return {
    files: files.sorted(),
    capabilities: readCapabilities(abstract, field, faults),
    tcp: allowedProtocols?.allowTcp === true,
    udp: allowedProtocols?.allowUdp === true,
    raw: allowRaw === true,
  };
}

const CAPABILITY_WORDS = CAPABILITIES.map((name) => name.slice('CAP_'.length));

function readCapabilities({ capability }: AppArmorAbstract, field: string, faults: FaultList): readonly string[] {
  const names = (capability?.allowedCapabilities ?? []).map((word, at) => {
    const name = appArmorCapability(word);
    if (name !== undefined) return name;
    const place = `${field}.capability.allowedCapabilities[${String(at)}]`;
    const near = nearest(word.toUpperCase(), CAPABILITY_WORDS)?.toLowerCase();
    faults.add(place, `is no capability of Linux: ${word}${near === undefined ? '' : ` (perhaps ${near})`}`);
    return '';
  });
  return [...new Set(names)].filter((name) => name !== '').sort(compareTexts);
}

/** Texts in which a segment may be a dot or two. */
const DOTTED = /\/\.|\\/;

/** Why apparmor_parser refuses a pattern, or why it never matches. */
function reasonAgainst(pattern: Pattern, text: string): string | undefined {
  const unknown = (text.includes('@{') ? variablesOf(pattern) : []).find((name) => !VARIABLES.includes(name));
  if (unknown !== undefined) return `@{${unknown}} is not declared in tunables/global`;
  const [first] = pattern;
  const isAbsolute =
    first?.type === 'variable'
      ? ABSOLUTE_VARIABLES.includes(first.name)
      : first?.type === 'literal' && first.text.startsWith('/');
  if (!isAbsolute) return 'must begin with / or with a variable that does, such as @{PROC}';
  if (DOTTED.test(text) && segmentsOf(pattern).some((segment) => segment === '.' || segment === '..')) {
    return 'holds a . or .. as a segment, which matches nothing: the kernel compares paths that have none';
  }
  return undefined;
}

/** Names of the variables that a pattern uses. */
export function variablesOf(pattern: Pattern): readonly string[] {
  return pattern.flatMap((item) => {
    if (item.type === 'variable') return [item.name];
    return item.type === 'choice' ? item.alternatives.flatMap(variablesOf) : [];
  });
}

/** The literal segments between slashes; others are empty. */
function segmentsOf(pattern: Pattern): readonly string[] {
  const text = pattern.map((item) => (item.type === 'literal' ? item.text : '\0')).join('');
  return text.split('/').map((segment) => (segment.includes('\0') ? '' : segment));
}
