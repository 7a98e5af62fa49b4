// SPDX-License-Identifier: Apache-2.0
// One rule of a policy in AppArmor's own language, as far as the abstract form can say it.
import { CAPABILITIES } from '../capabilities.ts';
import { isMode, readMode } from './file-modes.ts';
import { readPattern } from './pattern.ts';
import { appArmorCapability } from './tables.ts';
import type { FileRule } from './spec.ts';
import type { Rule } from './structure.ts';

/** Something that a rule allows. */
export type Grant =
  | { readonly type: 'file'; readonly rule: FileRule }
  | { readonly type: 'capabilities'; readonly names: readonly string[] }
  | { readonly type: 'sockets'; readonly words: readonly ('tcp' | 'udp' | 'raw')[] };

/** The meaning of a rule: what the abstract form allows for it, and what it allows or leaves out besides. */
export type RuleReading = { readonly grant: Grant; readonly warnings: readonly string[] } | { readonly fault: string };

/** Reads a rule that stands within a profile. */
export function readRule(rule: Rule): RuleReading {
  const words = rule.flatMap((token) => (token.type === 'word' ? [token.value] : []));
  const isPlain = words.length === rule.length;
  const [prefixes, rest] = withoutPrefixes(words);
  const [first = ''] = rest;
  if (prefixes.includes('deny')) return { fault: 'a refusal: what is not listed is refused by itself' };
  if (!isPlain || rest.includes('->'))
    return { fault: `a rule of ${first === '' ? 'this kind' : first} with conditions` };
  const read = readPlain(first, rest);
  if ('fault' in read) return read;
  return { ...read, warnings: [...prefixes.flatMap((word) => PREFIXES[word] ?? []), ...read.warnings] };
}

const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  allow: [],
  deny: [],
  audit: ['is not logged where it is allowed'],
  owner: ['holds for the files of every user'],
};

function withoutPrefixes(words: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = words.findIndex((word) => !Object.hasOwn(PREFIXES, word));
  return at < 0 ? [words, []] : [words.slice(0, at), words.slice(at)];
}

function readPlain(first: string, rest: readonly string[]): RuleReading {
  if (first === 'capability') return readCapabilities(rest.slice(1));
  if (first === 'network') return readNetwork(rest.slice(1).join(' '));
  if (first === 'file') return rest.length === 1 ? ALL_FILES : readFile(rest.slice(1));
  if (isMode(first) || /^[/@]/.test(first)) return readFile(rest);
  return { fault: first === '' ? 'a rule without words' : `a rule of ${first}` };
}

/** As apparmor_parser has it: every path, with every right, and programs stay in the profile. */
const ALL_FILES: RuleReading = fileGrant('/{**,}', { read: true, write: true, map: true, execute: true }, []);

function fileGrant(path: string, access: FileRule['access'], warnings: readonly string[]): RuleReading {
  const { pattern, fault } = readPattern(path);
  if (pattern === undefined) return { fault: `the path ${path}: ${fault}` };
  return { grant: { type: 'file', rule: { pattern, access, owned: false } }, warnings };
}

/** The letters may stand before the path or behind it. */
function readFile(words: readonly string[]): RuleReading {
  const [path, mode] = isMode(words[0] ?? '') ? [words[1], words[0]] : words;
  if (path === undefined || mode === undefined || words.length !== 2)
    return { fault: 'a rule of a path with more words' };
  if (!isMode(mode)) return { fault: `${mode}, which are no letters of a rule` };
  const read = readMode(mode);
  if ('fault' in read) return read;
  return fileGrant(path, read.access, read.more.length === 0 ? [] : [`allows ${read.more.join(' and ')}, too`]);
}

function readCapabilities(words: readonly string[]): RuleReading {
  const all = words.length === 0 ? CAPABILITIES : words;
  const unknown = all.find((word) => appArmorCapability(word) === undefined);
  if (unknown !== undefined) return { fault: `the capability ${unknown}` };
  const names = all.flatMap((word) => appArmorCapability(word) ?? []);
  return { grant: { type: 'capabilities', names }, warnings: [] };
}

/** The protocol is not kept by the parser: `tcp` is a type of socket in two families, `inet tcp` in one. */
const NETWORKS: Readonly<Record<string, readonly ('tcp' | 'udp' | 'raw')[]>> = {
  tcp: ['tcp'],
  udp: ['udp'],
  'inet stream': ['tcp'],
  'inet6 stream': ['tcp'],
  'inet tcp': ['tcp'],
  'inet6 tcp': ['tcp'],
  'inet dgram': ['udp'],
  'inet6 dgram': ['udp'],
  'inet udp': ['udp'],
  'inet6 udp': ['udp'],
  raw: ['raw'],
};

/** One family alone: whether both are allowed is seen when all rules have been read. */
function readNetwork(text: string): RuleReading {
  const words = NETWORKS[text];
  if (words !== undefined) return { grant: { type: 'sockets', words }, warnings: [] };
  return { fault: `${text === '' ? 'sockets of every kind' : `sockets of ${text}`}; it has TCP, UDP and all raw ones` };
}
