// SPDX-License-Identifier: Apache-2.0
// The changes of a node's policy store that one round of installing makes: what must be done at all, and what becomes
// of a transaction that is refused as a whole.
import { isMarked } from './mark.ts';

/** A module of a node's policy store (schemas/wire/selinux-policy.json). */
export interface StoreModule {
  readonly name: string;
  readonly priority: number;
  readonly enabled: boolean;
  /** SHA-256 of the text in hexadecimal digits; empty for modules that cannot be the operator's. */
  readonly checksum: string;
  readonly lastLine: string;
}

/** A policy as a file that the node shall have. */
export interface PolicyFile {
  /** Name of the module. */
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text in hexadecimal digits. */
  readonly checksum: string;
}

/** One module of a transaction. */
export type Step =
  { readonly type: 'install'; readonly file: PolicyFile } | { readonly type: 'remove'; readonly name: string };

/** The result of a transaction, with the words of libsemanage and libsepol. */
export type CommitResult =
  | { readonly type: 'committed' }
  /** The store is as it was before. */
  | { readonly type: 'refused'; readonly words: readonly string[] }
  /** The program has ended meanwhile, perhaps for want of memory. The words tell how. */
  | { readonly type: 'ended'; readonly words: readonly string[] };

/** Why a step is not done. */
export interface Failure {
  readonly reason: string;
  /** It is the step itself that is wrong; else the same step may be possible a little later. */
  readonly isOwn: boolean;
}

/** The priority of the operator's modules, which is semodule's own. */
export const OWN_PRIORITY = 400;

/** The modules of a store at the operator's priority, by name. */
export function ownModules(modules: readonly StoreModule[]): ReadonlyMap<string, StoreModule> {
  return new Map(modules.filter(({ priority }) => priority === OWN_PRIORITY).map((module) => [module.name, module]));
}

/** Name of the module that a step is about. */
export function nameOf(step: Step): string {
  return step.type === 'install' ? step.file.name : step.name;
}

/**
 * The steps that make the store hold all files and none of the removed policies; none where it does already.
 *
 * @param removals - names of policies that shall go; one that has a file stays
 */
export function stepsTo(
  files: readonly PolicyFile[],
  removals: readonly string[],
  modules: readonly StoreModule[],
): readonly Step[] {
  const own = ownModules(modules);
  const wanted = new Set(files.map(({ name }) => name));
  const isForeign = (name: string): boolean => {
    const there = own.get(name);
    return there !== undefined && !isMarked(there.lastLine);
  };
  const install = files.filter(({ name, checksum }) => own.get(name)?.checksum !== checksum && !isForeign(name));
  const remove = removals.filter((name) => !wanted.has(name) && own.has(name) && !isForeign(name));
  return [
    ...install.map((file) => ({ type: 'install', file }) as const),
    ...remove.map((name) => ({ type: 'remove', name }) as const),
  ];
}

/** Does a transaction. Rejects where the store cannot be changed, whatever the steps are. */
export type Commit = (steps: readonly Step[]) => Promise<CommitResult>;

/**
 * Does as many of the steps as the policy takes, in as few transactions as that needs: one where nothing is wrong. A
 * step that the words of a refusal name is left out; where they name none, the steps are parted in two. A step with
 * which the program ends, by itself and twice, is wrong itself where the program lives with others.
 *
 * @returns why steps are not done, by the names of their modules
 */
export async function settle(steps: readonly Step[], commit: Commit): Promise<ReadonlyMap<string, Failure>> {
  let lives = false;
  const left = await search(steps, async (some) => {
    const result = await commit(some);
    lives ||= result.type === 'committed';
    return result;
  });
  const isOwn = ({ type, words }: Failed): boolean => (type === 'ended' ? lives : words.some(isOfCompiler));
  return new Map([...left].map(([name, { reason, result }]) => [name, { reason, isOwn: isOwn(result) }]));
}

type Failed = Exclude<CommitResult, { readonly type: 'committed' }>;

/** Steps that are not done, by the names of their modules. */
type Left = ReadonlyMap<string, { readonly reason: string; readonly result: Failed }>;

async function search(steps: readonly Step[], commit: Commit): Promise<Left> {
  const failures = new Map<string, { readonly reason: string; readonly result: Failed }>();
  let left = steps;
  while (left.length > 0) {
    const result = await lastWord(left, commit);
    if (result.type === 'committed') break;
    const guilty = left.length === 1 ? left[0] : named(left, result.words);
    if (guilty === undefined) return new Map([...failures, ...(await searchHalves(left, commit, result))]);
    failures.set(nameOf(guilty), { reason: sentenceOf(result.words, guilty), result });
    left = left.filter((step) => step !== guilty);
  }
  return failures;
}

/** A step with which the program ends gets a second trial: anybody may have ended the first one. */
async function lastWord(steps: readonly Step[], commit: Commit): Promise<CommitResult> {
  const result = await commit(steps);
  return result.type === 'ended' && steps.length === 1 ? commit(steps) : result;
}

/** Both halves on their own. A reason that is the same for all is none of a single step's, and is not searched for. */
async function searchHalves(steps: readonly Step[], commit: Commit, result: Failed): Promise<Left> {
  const middle = Math.ceil(steps.length / 2);
  const [first, second] = [steps.slice(0, middle), steps.slice(middle)];
  const one = await commit(first);
  if (one.type === 'committed') return search(second, commit);
  const two = await commit(second);
  if (two.type === 'committed') return search(first, commit);
  const reason = sentenceOf(result.words);
  const isCommon = [one, two].every((half) => sentenceOf(half.words) === reason);
  if (isCommon && result.type === 'refused') return new Map(steps.map((step) => [nameOf(step), { reason, result }]));
  return new Map([...(await search(first, commit)), ...(await search(second, commit))]);
}

/** A line that names where something was before, which is not what is wrong now. */
const EARLIER = /^Previous /;

/** The step whose module the words name first: libsepol names the module's file in the store. */
function named(steps: readonly Step[], words: readonly string[]): Step | undefined {
  const byName = new Map(steps.map((step) => [nameOf(step), step]));
  for (const line of words.filter((one) => !EARLIER.test(one))) {
    const [, own = ''] = /^(?:install|remove) the module (\S+) is not possible$/.exec(line) ?? [];
    const names = [own, ...[...line.matchAll(PLACE)].map(([, name = '']) => name)];
    const step = names.map((name) => byName.get(name)).find((found) => found !== undefined);
    if (step !== undefined) return step;
  }
  return undefined;
}

/**
 * Whether a line is the compiler's about a text, and none about files that cannot be read or written: libsepol prints
 * places behind "at" and "of", libsemanage refuses names only.
 */
function isOfCompiler(line: string): boolean {
  return / (?:at|of) \S*\/modules\/\d+\/[^/\s]+\/cil\b/.test(` ${line}`) || /^Name \S+ is invalid\.?$/.test(line);
}

/** A line of a module, by the path of its file while a transaction is built. */
const PLACE = /\S*\/modules\/\d+\/([^/\s]+)\/cil(?::(\d+))?/g;

/**
 * Words without the folders of the store, which are gone by then: `NAME.cil:3` is line 3 of the policy NAME. The text
 * of the line stands behind it where it is of this step's policy.
 */
function sentenceOf(words: readonly string[], step?: Step): string {
  const text = step?.type === 'install' ? step.file.text.split('\n') : [];
  const place = (_path: string, name: string, line: string | undefined): string => {
    const quoted = step !== undefined && name === nameOf(step) ? text[Number(line ?? 0) - 1]?.trim() : undefined;
    return `${name}.cil${line === undefined ? '' : `:${line}`}${quoted === undefined ? '' : `, ${quoted.slice(0, 200)}`}`;
  };
  const lines = words.map((line) => line.replaceAll(PLACE, place).trim());
  return [...new Set(lines)].filter((line) => line !== '').join('; ');
}
