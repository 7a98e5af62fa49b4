// SPDX-License-Identifier: Apache-2.0
// From a policy in AppArmor's own language to the abstract form. Where the form has no words for a rule, that is said
// with its place, and there is no result; where it allows a little more or less, that is said, too.
import type { AppArmorProfileSpec } from '../../gen/crd/app-armor-profile.ts';
import type { FaultList } from '../faults.ts';
import { mayMeetDenials } from './denials.ts';
import { printAbstract } from './form.ts';
import { withLastLineBreak } from './names.ts';
import { renderAllowed } from './render.ts';
import { readRule } from './rule-reader.ts';
import type { Grant } from './rule-reader.ts';
import { compareTexts, FileRules, readAbstract } from './spec.ts';
import type { Allowed } from './spec.ts';
import { parsePolicy } from './structure.ts';
import type { PolicyText, ProfileBlock, Rule } from './structure.ts';
import { LexicalFault, placeOf, placeText, tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';

/** A policy in the abstract form. */
export interface AbstractPolicy {
  readonly name: string;
  readonly spec: AppArmorProfileSpec;
  /** Sentences about that which the form allows or refuses otherwise than the policy, with places. */
  readonly warnings: readonly string[];
}

/** Notes something about a place of the text. */
type Note = (at: number, reason: string) => void;

/** Flags that the abstract form has as well, beside the mode. */
const OWN_FLAGS: readonly string[] = ['attach_disconnected', 'mediate_deleted'];

/** The abstract form of a policy; undefined with faults where it has none. */
export function abstractOfPolicy(policy: string, faults: FaultList): AbstractPolicy | undefined {
  const text = withLastLineBreak(policy);
  const before = faults.count;
  const fault: Note = (at, reason) => faults.add('spec.policy', `${placeText(placeOf(text, at))}: ${reason}`);
  const parsed = parsedOrFault(text, fault);
  const profile = parsed === undefined ? undefined : onlyProfile(text, parsed, fault);
  if (parsed === undefined || profile === undefined) return undefined;
  const warnings: string[] = [];
  const warn: Note = (at, reason) => void warnings.push(`${placeText(placeOf(text, at))}: ${reason}`);
  const complains = readFlags(profile, fault, warn);
  for (const word of profile.settings) {
    warn(profile.nameSpan.from, `the abstract form has no words for ${word}=: the profile is for files with any`);
  }
  readIncludes(parsed, profile, fault, warn);
  const allowed = readRules(text, parsed.rules, profile, fault, warn);
  const abstract = printAbstract(allowed);
  readAbstract(abstract, 'spec.abstract', faults);
  if (faults.count > before) return undefined;
  if (
    !complains &&
    mayMeetDenials(allowed) &&
    !fixedLines(allowed).every((line) => written(text, tokensOf(text)).includes(line))
  )
    warn(0, 'what the abstract form refuses to everybody in /proc and /sys is refused besides');
  return { name: profile.name, spec: { ...(complains ? { complainMode: true } : {}), abstract }, warnings };
}

function parsedOrFault(text: string, fault: Note): PolicyText | undefined {
  try {
    return parsePolicy(text);
  } catch (cause) {
    if (!(cause instanceof LexicalFault)) throw cause;
    fault(cause.at, cause.message);
    return undefined;
  }
}

/** A block within the profile would be another profile, or rules under a condition or a prefix. */
function onlyProfile(text: string, { profiles }: PolicyText, fault: Note): ProfileBlock | undefined {
  const [only] = profiles;
  const tokens = [...tokensOf(text)];
  const [, inner] = tokens.filter(({ type }) => type === 'open');
  const behind = tokens.slice(tokens.findIndex(({ type }) => type === 'close') + 1)[0];
  if (only === undefined) fault(0, 'holds no profile');
  if (inner !== undefined) fault(inner.from, `the abstract form has no words for a block within a profile`);
  else if (only !== undefined && behind !== undefined) fault(behind.from, 'stands behind the end of the profile');
  if (only?.attachment !== undefined)
    fault(only.nameSpan.from, `the abstract form has no words for a path behind the name`);
  return inner === undefined ? only : undefined;
}

function readFlags({ flags, nameSpan }: ProfileBlock, fault: Note, warn: Note): boolean {
  const words = flags?.words ?? [];
  for (const word of words) {
    const isKnown = OWN_FLAGS.includes(word) || word === 'complain' || word === 'enforce';
    if (!isKnown) fault(flags?.from ?? nameSpan.from, `the abstract form has no words for the flag ${word}`);
  }
  const added = OWN_FLAGS.filter((word) => !words.includes(word));
  if (added.length > 0) warn(nameSpan.from, `the abstract form has the flags ${added.join(' and ')} besides`);
  return words.includes('complain');
}

const BASE = 'abstractions/base';

function readIncludes({ includes }: PolicyText, { open, nameSpan }: ProfileBlock, fault: Note, warn: Note): void {
  for (const { path, from } of includes) {
    const isKnown = from < open ? path.startsWith('tunables/') : path === BASE;
    if (!isKnown) fault(from, `the abstract form has no words for what ${path} includes`);
  }
  if (!includes.some(({ path }) => path === BASE))
    warn(nameSpan.from, `the abstract form has what ${BASE} allows besides`);
}

function readRules(text: string, rules: readonly Rule[], { open }: ProfileBlock, fault: Note, warn: Note): Allowed {
  const grants: Grant[] = [];
  const all = written(text, tokensOf(text));
  for (const rule of rules) {
    const at = rule[0]?.from ?? open;
    const source = written(text, rule);
    if (at < open ? /^abi\b/.test(source) : FIXED.has(`${source},`)) continue;
    const read = at < open ? { fault: source } : readRule(rule);
    if ('fault' in read) {
      fault(at, `the abstract form has no words for ${read.fault}`);
      continue;
    }
    const alone = isOfOneFamily(source) && !all.includes(`${otherFamily(source)},`);
    for (const warning of alone ? [...read.warnings, 'holds for IPv4 and IPv6'] : read.warnings)
      warn(at, `${source}: in the abstract form this ${warning}`);
    grants.push(read.grant);
  }
  return sumOf(grants);
}

function sumOf(grants: readonly Grant[]): Allowed {
  const files = new FileRules();
  for (const grant of grants) if (grant.type === 'file') files.add(grant.rule);
  const capabilities = new Set(grants.flatMap((grant) => (grant.type === 'capabilities' ? grant.names : [])));
  const sockets = new Set(grants.flatMap((grant) => (grant.type === 'sockets' ? grant.words : [])));
  return {
    files: files.sorted(),
    capabilities: [...capabilities].sort(compareTexts),
    tcp: sockets.has('tcp'),
    udp: sockets.has('udp'),
    raw: sockets.has('raw'),
  };
}

function isOfOneFamily(source: string): boolean {
  return /\bnetwork inet6? /.test(source);
}

function otherFamily(source: string): string {
  return source.includes('inet6 ') ? source.replace('inet6 ', 'inet ') : source.replace('inet ', 'inet6 ');
}

/** With one blank in place of white space. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Tokens as they are written, with one blank in place of white space and comments. */
function written(text: string, tokens: readonly Token[]): string {
  let end = tokens[0]?.from ?? 0;
  const parts = tokens.map(({ from, to }) => {
    const gap = from > end ? ' ' : '';
    end = to;
    return `${gap}${text.slice(from, to)}`;
  });
  return squeezed(parts.join(''));
}

const NOTHING: Allowed = { files: new Map(), capabilities: [], tcp: false, udp: false, raw: false };

/** The rules that the abstract form always has: refusals, and signals of the container's runtime. */
function fixedLines(allowed: Allowed): readonly string[] {
  const lines = renderAllowed('x', allowed, false, undefined).text.split('\n').map(squeezed);
  return lines.filter((line) => /^(signal|audit deny) /.test(line));
}

const FIXED: ReadonlySet<string> = new Set(fixedLines(NOTHING));
