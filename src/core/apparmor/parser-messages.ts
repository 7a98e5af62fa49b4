// SPDX-License-Identifier: Apache-2.0
// The words of apparmor_parser (3.0 and 4.0), put back to the user's own text: lines are counted from the first one of
// the policy that the user wrote, and a path or a rule that a message repeats is looked for there.
import { placeOf, placeText } from './tokens.ts';
import type { Place } from './tokens.ts';

/** The text that was compiled. */
export interface CompiledText {
  /** The field of the object that the text comes from. */
  readonly field: 'spec.policy' | 'spec.abstract';
  /** The policy as the user wrote it; undefined for the abstract form, which has no lines. */
  readonly policy: string | undefined;
  /** Lines before the user's first. */
  readonly addedLines: number;
}

/** Messages that a status shows at most. */
const SHOWN = 5;

/** A line of the parser that says nothing about the profile: where it begins, or only that the rest was in vain. */
const EMPTY_WORDS = /^(ERROR (processing regexs|merging rules|expanding variables) for profile .*|\s*)$/;

/** Files that a message names lie in the image; users know them by their names in includes. */
const BASE_FOLDER = /\/etc\/apparmor\.d\//g;

const WARNING = /^Warning from /;

/** A kind of rule that the kernel cannot enforce; the parser itself is not sure of its last letter. */
const NOT_ENFORCED = /^Warning from .*?: (\w+) rules not enforced?$/;

/** Why a text was refused, for its field. */
export function faultText(messages: string, compiled: CompiledText): string {
  const lines = linesOf(messages).filter((line) => !WARNING.test(line) && !EMPTY_WORDS.test(line));
  const shown = [...new Set(lines.map((line) => faultOf(line, compiled)))].slice(0, SHOWN);
  return `${compiled.field}: ${shown.length === 0 ? 'apparmor_parser refuses it and does not say why' : shown.join('; ')}`;
}

/** Sentences for the users of a text that was compiled. */
export function warningTexts(messages: string): readonly string[] {
  const lines = linesOf(messages).filter((line) => WARNING.test(line));
  const kinds = new Set(lines.flatMap((line) => NOT_ENFORCED.exec(line)?.[1] ?? []));
  const others = lines.filter((line) => !NOT_ENFORCED.test(line)).map(otherWarning);
  const unenforced =
    kinds.size === 0
      ? []
      : [`the kernel of this node does not enforce rules of these kinds: ${[...kinds].sort().join(', ')}`];
  return [...unenforced, ...new Set(others)];
}

function otherWarning(line: string): string {
  return `apparmor_parser: ${line.replace(/^Warning from [^:]*: /, '').replace(BASE_FOLDER, '')}`;
}

function linesOf(messages: string): readonly string[] {
  return messages.split('\n').map((line) => line.replace(/^\S*apparmor_parser: /, '').trimEnd());
}

/** One message: `AppArmor parser error [for FILE] [in FILE] at line N: reason`, or a sentence without a place. */
function faultOf(line: string, compiled: CompiledText): string {
  const [, file, number, reason] =
    /^AppArmor parser error(?: for \S+)?(?: in (.*?))? at line (\d+): (.*)$/.exec(line) ?? [];
  if (number === undefined || reason === undefined) return withPlace(line.replace(BASE_FOLDER, ''), compiled);
  const shown = reason.replace(BASE_FOLDER, '');
  if (file !== undefined && file !== 'stdin') return `${file.replace(BASE_FOLDER, '')}, line ${number}: ${shown}`;
  if (compiled.policy === undefined) return shown;
  return `${placeText(placeInLine(compiled.policy, Number(number) - compiled.addedLines, shown))}: ${shown}`;
}

/** A word that a message about a line repeats. */
const IN_LINE = [
  /\(entry: (.+)\)/,
  /character: '(.)'/,
  /open '([^']+)'/,
  /signal "([^"]+)"/,
  /(?:flag: |capability )([\w]+)/,
];

/**
 * The place of the word that a message repeats, in its line or where it stands last before: a missing comma is told of
 * in the line behind. Else where the line begins.
 */
function placeInLine(policy: string, line: number, reason: string): Place {
  const lines = policy.split('\n');
  const own = lines[line - 1] ?? '';
  const [word] = IN_LINE.flatMap((pattern) => pattern.exec(reason)?.[1] ?? []);
  const behind = lines.slice(0, line).join('\n');
  const at = word === undefined ? -1 : behind.lastIndexOf(word);
  if (at >= 0) return placeOf(policy, at);
  return { line: Math.max(1, line), column: own.length - own.trimStart().length + 1 };
}

/** A word of the user's that a message repeats: in quotes, or the path of a rule. */
const REPEATED = [/'([^']+)'$/, /merged rule (\S.*?) with conflicting/, /reference to variable (\S+),/];

function withPlace(message: string, { policy }: CompiledText): string {
  const [word] = REPEATED.flatMap((pattern) => pattern.exec(message)?.[1] ?? []);
  const at = policy === undefined || word === undefined ? -1 : policy.indexOf(word);
  return policy === undefined || at < 0 ? message : `${placeText(placeOf(policy, at))}: ${message}`;
}
