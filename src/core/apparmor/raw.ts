// SPDX-License-Identifier: Apache-2.0
// A policy that users wrote in AppArmor's own language, made fit for a node: one profile, named as the object, that
// confines nobody who does not ask for it; with a version of the language, a last line break, and complain mode where
// it is asked for. The rules stay as they are written; apparmor_parser judges them on the node.
import type { FaultList } from '../faults.ts';
import { withLastLineBreak } from './names.ts';
import { parsePolicy } from './structure.ts';
import type { PolicyText, ProfileBlock, Rule } from './structure.ts';
import { excessTarget, silencedDenials, TOO_MANY_TARGETS } from './raw-rules.ts';
import { RECENT_CAPABILITIES } from './tables.ts';
import { LexicalFault, placeOf, placeText } from './tokens.ts';
import type { Span } from './tokens.ts';

/** How a raw policy is made fit. */
export interface RawOptions {
  readonly complainMode: boolean;
  /** Executables that are to get the profile by themselves: only where a user at a machine says so. */
  readonly mayAttach: boolean;
  /** Capabilities that the node's kernel knows, in AppArmor's form; undefined where it is not known. */
  readonly capabilities: ReadonlySet<string> | undefined;
}

/** A policy that is fit, and how many lines stand before the user's first. */
export interface FitPolicy {
  readonly text: string;
  readonly addedLines: number;
  readonly warnings: readonly string[];
}

/** The language as apparmor 3.0 has it. Without such a line the sockets of released kernels are not confined. */
export const ABI_LINE = 'abi <abi/3.0>,\n';

/** Where files lie that policies include. */
const PARSER_FOLDER = '/etc/apparmor.d/';

/** Faults that are noted: nobody reads more, and each is looked for in the text. */
const MOST_FAULTS = 100;

/** Modes of a profile, of which flags name at most one. */
const MODES: readonly string[] = ['enforce', 'complain', 'kill', 'unconfined', 'default_allow', 'prompt'];

/**
 * Makes a policy fit. Faults are added to the list with `line L, column C` of the user's text.
 * @returns undefined where there are faults
 */
export function fitRaw(name: string, policy: string, options: RawOptions, faults: FaultList): FitPolicy | undefined {
  const text = withLastLineBreak(policy);
  const parsed = parsedOrFault(text, faults);
  if (parsed === undefined) return undefined;
  const before = faults.count;
  const add = (at: number, reason: string): void => {
    if (faults.count - before >= MOST_FAULTS) return;
    faults.add('spec.policy', `${placeText(placeOf(text, at))}: ${reason}`);
  };
  checkNames(name, parsed.profiles, add);
  if (!options.mayAttach) checkAttachments(parsed.profiles, add);
  checkIncludes(parsed, options, add);
  checkVersions(text, parsed.rules, add);
  // Of several profiles in one text each has as many targets of its own.
  const excess = parsed.profiles.length === 1 ? excessTarget(parsed.rules) : undefined;
  if (excess !== undefined) add(excess, TOO_MANY_TARGETS);
  if (faults.count > before) return undefined;
  const own = options.complainMode ? complaining(text, parsed.profiles) : text;
  const hasAbi = parsed.rules.some(([first]) => first?.type === 'word' && first.value === 'abi');
  return {
    text: hasAbi ? own : ABI_LINE + own,
    addedLines: hasAbi ? 0 : 1,
    warnings: [
      ...modeWarnings(parsed.profiles, options),
      ...denyWarnings(parsed.rules, options),
      ...silencedDenials(parsed.rules),
      ...capabilityWarnings(parsed.rules, options),
    ],
  };
}

/** The name of the only profile of a text that lies in no other one; undefined with a fault where there is none. */
export function outermostName(policy: string, faults: FaultList): string | undefined {
  const parsed = parsedOrFault(withLastLineBreak(policy), faults);
  const outermost = parsed?.profiles.find(({ depth }) => depth === 0);
  if (parsed !== undefined && outermost === undefined) faults.add('', 'holds no profile of AppArmor');
  return outermost?.name;
}

function parsedOrFault(text: string, faults: FaultList): PolicyText | undefined {
  try {
    return parsePolicy(text);
  } catch (cause) {
    if (!(cause instanceof LexicalFault)) throw cause;
    faults.add('spec.policy', `${placeText(placeOf(text, cause.at))}: ${cause.message}`);
    return undefined;
  }
}

type Add = (at: number, reason: string) => void;

function checkNames(name: string, profiles: readonly ProfileBlock[], add: Add): void {
  const outermost = profiles.filter(({ depth }) => depth === 0);
  if (outermost.length === 0) add(0, `holds no profile; it begins as: profile ${name} {`);
  for (const [at, profile] of outermost.entries()) {
    if (profile.name.startsWith(':')) {
      add(profile.nameSpan.from, `the profile lies in a namespace of AppArmor, ${profile.name}, where no pod finds it`);
    } else if (at > 0) {
      add(profile.nameSpan.from, `holds a second profile, ${profile.name}; each needs an object of its own`);
    } else if (profile.name !== name) {
      add(profile.nameSpan.from, `the profile is named ${profile.name}, but must be named as the object: ${name}`);
    }
  }
  const seen = new Set<string>();
  for (const profile of profiles.filter(({ depth }) => depth > 0)) {
    if (seen.has(profile.name)) add(profile.nameSpan.from, `holds two profiles of the name ${profile.name}`);
    if (/[@$]\{/.test(profile.name)) {
      add(profile.nameSpan.from, `variables stay as they are in names of profiles: ${profile.name}`);
    }
    seen.add(profile.name);
  }
}

/** A profile with a path confines whatever the host runs from there, the kubelet's own programs among them. */
function checkAttachments(profiles: readonly ProfileBlock[], add: Add): void {
  for (const { depth, attachment, nameSpan } of profiles) {
    if (depth > 0 || attachment === undefined) continue;
    add(
      nameSpan.from,
      `with the path ${attachment} behind its name the profile would confine programs of the node itself; ` +
        'leave the path out, pods ask for a profile by its name',
    );
  }
}

/**
 * In a cluster the parser runs in the daemon's container, where a tenant has no business with files: messages about
 * them could tell what is in them.
 */
function checkIncludes({ includes }: PolicyText, { mayAttach }: RawOptions, add: Add): void {
  for (const { path, searched, from } of includes) {
    if (!searched && !path.startsWith('/')) {
      add(from, `include "${path}" depends on the folder in which the parser runs; write include <${path}>`);
    } else if (path.includes('\\')) {
      add(from, `include of ${path} holds a backslash, behind which the parser reads another path`);
    } else if (path.split('/').includes('..')) {
      add(from, `include of ${path} leaves the folder of the parser`);
    } else if (!searched && !mayAttach && !path.startsWith(PARSER_FOLDER)) {
      add(from, `include "${path}" is of no file that every node has; only those below ${PARSER_FOLDER} are`);
    }
  }
}

/**
 * A version of the language is a file, too, and one of any path: the parser reads all of it, and waits for ever for the
 * end of some of the kernel's. It takes every word that begins so for the directive, and what stands behind for a path.
 */
function checkVersions(text: string, rules: readonly Rule[], add: Add): void {
  for (const [first] of rules) {
    if (first?.type !== 'word' || first.quoted || !first.value.startsWith('abi')) continue;
    VERSION.lastIndex = first.from;
    const path = VERSION.exec(text)?.[1];
    if (path === undefined || path.split('/').includes('..')) {
      add(first.from, 'a version of the language is one that every node has, and written as: abi <abi/3.0>,');
    }
  }
}

const VERSION = /abi[ \t\r\n]+<([\w.+-]+(?:\/[\w.+-]+)*)>[ \t\r\n]*,/y;

/** Each profile, child and hat with the mode complain: flags of a profile do not hold for those within it. */
function complaining(text: string, profiles: readonly ProfileBlock[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const profile of [...profiles].sort((a, b) => a.open - b.open)) {
    const { flags, open } = profile;
    const place: Span = flags ?? { from: open, to: open };
    const kept = (flags?.words ?? []).filter((word) => !MODES.includes(word));
    const list = `(${[...kept, 'complain'].join(', ')})`;
    pieces.push(text.slice(at, place.from), flags === undefined ? `flags=${list} ` : list);
    at = place.to;
  }
  return pieces.join('') + text.slice(at);
}

function modeWarnings(profiles: readonly ProfileBlock[], { complainMode }: RawOptions): readonly string[] {
  const modeOf = ({ flags }: ProfileBlock): string =>
    (flags?.words ?? []).find((word) => MODES.includes(word)) ?? 'enforce';
  const [outermost, ...others] = profiles;
  if (outermost === undefined || complainMode) return [];
  const own = modeOf(outermost);
  const different = others.filter((profile) => modeOf(profile) !== own).map((one) => `${one.name} (${modeOf(one)})`);
  return [
    ...(own === 'enforce' ? [] : [`the policy's flags say ${own}: nothing is refused as it is written`]),
    ...(different.length === 0
      ? []
      : [
          `flags do not hold for profiles within another: ${outermost.name} is in mode ${own}, ${different.join(', ')}`,
        ]),
  ];
}

function denyWarnings(rules: readonly Rule[], { complainMode }: RawOptions): readonly string[] {
  const denies = rules.some((words) => words.some((token) => token.type === 'word' && token.value === 'deny'));
  return complainMode && denies ? ['rules with deny refuse in complain mode, too'] : [];
}

/** @see RECENT_CAPABILITIES */
function capabilityWarnings(rules: readonly Rule[], { capabilities }: RawOptions): readonly string[] {
  if (capabilities === undefined) return [];
  const named = rules.flatMap((words) => {
    const at = words.findIndex((token) => token.type === 'word' && token.value === 'capability');
    return at < 0 ? [] : words.slice(at + 1).flatMap((token) => (token.type === 'word' ? [token.value] : []));
  });
  return RECENT_CAPABILITIES.filter((name) => named.includes(name) && !capabilities.has(name)).map(
    (name) => `the node's kernel has no capability ${name}: sys_admin is allowed, or refused, in its place`,
  );
}
