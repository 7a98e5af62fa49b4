// SPDX-License-Identifier: Apache-2.0
// spoc merge: the union of profiles, which permits whatever any of them permits, or their intersection, which permits
// what all of them permit; with --check, whether the first one is that already. A union is not a stack: a base profile
// adds rules and never overrules the profile that names it (core/seccomp/stack.ts).
import { Command } from 'commander';
import { ANNOTATION } from '../core/names.ts';
import { covers } from '../core/seccomp/covers.ts';
import { intersectProfiles } from '../core/seccomp/intersect.ts';
import { mergeProfiles } from '../core/seccomp/merge.ts';
import type { Profile } from '../core/seccomp/model.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import { mergedText, objectsOfOneKind } from './merge-objects.ts';
import type { ObjectsOfKind } from './merge-objects.ts';
import { DEFAULT_PROFILE, logNotes, printDocument, profilesIn, readFile } from './profile-document.ts';
import type { ProfileDocument, ReadFile } from './profile-document.ts';
import { unionFacts } from './profile-facts.ts';
import { SUCCESS, UserError } from './terminal.ts';
import { annotationsOfUnion, valuesOfMerged } from './union-annotations.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface MergeRequest {
  /** Files with two profiles or more; the first gives the name and the form of the result. */
  readonly files: readonly string[];
  readonly outputFile: string;
  /** The intersection instead of the union; of seccomp profiles only. */
  readonly intersect: boolean;
  /**
   * Write nothing: tell whether the first profile permits all that the others do. With `intersect`: whether it permits
   * nothing that one of them does not.
   */
  readonly check: boolean;
  /** The container for which published files are read. */
  readonly conditions: Conditions;
}

type Documents = readonly [ProfileDocument, ...ProfileDocument[]];

/** The intersection, with a warning about the calls of which it had to be stricter than all of them. */
function intersected(profiles: readonly Profile[], terminal: Terminal): Profile {
  const { profile, stricter } = intersectProfiles(profiles);
  if (stricter.length === 0) return profile;
  const why = 'their conditions are too many to be written for both, so the strictest action holds always';
  terminal.log(`warning: ${stricter.join(', ')}: ${why}`);
  return profile;
}

function combine(documents: Documents, intersect: boolean, terminal: Terminal): ProfileDocument {
  const [first] = documents;
  const profiles = documents.map((document) => document.profile);
  const profile = asked(() => (intersect ? intersected(profiles, terminal) : mergeProfiles(profiles)));
  if (first.object === undefined) return { ...first, profile };
  const parts = documents.flatMap(({ object }) => object ?? []);
  const learnt = intersect ? {} : annotationsOfUnion(documents);
  return {
    ...first,
    profile,
    object: unionFacts(first.object, parts, { ...learnt, ...valuesOfMerged(profile, parts) }),
  };
}

/**
 * Facts that the result does not show: which parts were disabled, and a gap that a runtime's JSON cannot express.
 */
function logParts([first, ...others]: Documents, terminal: Terminal): void {
  for (const { subject, object } of others) {
    if (object?.disabled === true) terminal.log(`${subject} is disabled; the union has its rules all the same`);
  }
  if (first.object?.disabled === true) terminal.log(`${first.subject} is disabled, and so is the union`);
  if (first.object !== undefined) return;
  for (const { subject, object } of others) {
    const incomplete = object?.annotations[ANNOTATION.recordingIncomplete];
    if (incomplete !== undefined)
      terminal.log(`${subject}: its recording is incomplete, and so is the union: ${incomplete}`);
  }
}

/** Turns the errors of a merge that its user can correct into messages. */
function asked<T>(question: () => T): T {
  try {
    return question();
  } catch (cause) {
    if (cause instanceof RangeError) throw new UserError(cause.message, { cause });
    throw cause;
  }
}

async function profilesOf(
  files: readonly ReadFile[],
  { conditions }: MergeRequest,
  terminal: Terminal,
): Promise<Documents> {
  const read = await Promise.all(files.map((file) => profilesIn(file, terminal, conditions)));
  const [first, ...others] = read.flat();
  if (first === undefined || others.length === 0) throw new UserError('merge needs at least two files or profiles');
  for (const document of [first, ...others]) logNotes(document, terminal);
  return [first, ...others];
}

/** A union or an intersection, and whether the first part is as wide, or as narrow. */
interface Merged {
  readonly text: string;
  readonly first: string;
  /** The sentence about a first part that is not. */
  readonly otherwise: string;
  readonly isCovered: () => boolean;
}

const NOT_COVERED = 'does not cover the other profiles, merged they are';
const NOT_NARROW = 'permits what others do not, together they permit';

async function objectUnion(objects: ObjectsOfKind, terminal: Terminal): Promise<Merged> {
  const { made, warnings } = await mergedText(objects, terminal);
  const [first, ...others] = objects.objects;
  for (const warning of warnings) terminal.log(`${first.subject}: ${warning}`);
  return {
    text: made,
    first: first.subject,
    otherwise: NOT_COVERED,
    isCovered: () => others.every((other) => objects.kind.covers(first, other)),
  };
}

async function profilesAsOne(
  documents: Documents,
  { check, intersect }: MergeRequest,
  terminal: Terminal,
): Promise<Merged> {
  const made = combine(documents, intersect, terminal);
  if (!check && !intersect) logParts(documents, terminal);
  const [first] = documents;
  const [wider, narrower] = intersect ? [made, first] : [first, made];
  const isCovered = (): boolean => asked(() => covers(wider.profile, narrower.profile));
  const otherwise = intersect ? NOT_NARROW : NOT_COVERED;
  return { text: await printDocument(made, terminal), first: first.subject, otherwise, isCovered };
}

/**
 * Merges. With `check` the status is 0 when the first profile is wide or narrow enough, else 1 with the result logged.
 * @throws UserError for fewer than two profiles, different kinds or different bases; InvalidProfile with every fault of
 * a file
 */
export async function merge(request: MergeRequest, terminal: Terminal): Promise<ExitResult> {
  const output = request.check ? undefined : await terminal.files.openOutput(request.outputFile);
  const files = await Promise.all(request.files.map((file) => readFile(file, terminal)));
  const objects = await objectsOfOneKind(files);
  if (objects !== undefined && request.intersect) throw new UserError('--intersect: is for seccomp profiles only');
  const merged =
    objects === undefined
      ? await profilesAsOne(await profilesOf(files, request, terminal), request, terminal)
      : await objectUnion(objects, terminal);
  if (output !== undefined) {
    await output.write(merged.text);
    terminal.log(`Wrote merged profile to: ${request.outputFile}`);
    return SUCCESS;
  }
  if (merged.isCovered()) return SUCCESS;
  terminal.log(`${merged.first} ${merged.otherwise}:\n${merged.text}`);
  return { type: 'status', status: 1 };
}

type MergeOptions = ConditionOptions & {
  readonly outputFile: string;
  readonly check?: boolean;
  readonly intersect?: boolean;
};

/** The command and its options. */
export function mergeCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('merge')
    .alias('m')
    .summary('merge security profiles')
    .description(
      'Writes the union of profiles: it permits whatever any of them permits. The first gives the name, the form, and what an ' +
        'object says besides its rules; a union with an incomplete recording is incomplete. With --intersect it is the ' +
        'intersection of seccomp profiles: what all of them permit, and of two refusals the stricter. A base profile (baseProfileName) is ' +
        'something else: it adds rules to the profile that names it, and never overrules that one.',
    )
    .addArgument(new FileArgument('<files...>', 'two profiles or more'))
    .option('-o, --output-file <file>', 'the profile to write', DEFAULT_PROFILE)
    .option('-i, --intersect', 'write what all of them permit')
    .option(
      '-c, --check',
      'write nothing; end with 0 if the first profile permits all that the others do (with --intersect: nothing that one ' +
        'of them does not), else with 1',
    );
  return addConditionOptions(command).action(async (files: readonly string[], options: MergeOptions) => {
    const { outputFile, check = false, intersect = false } = options;
    const conditions = conditionsOf(options, machine);
    finish(await merge({ files, outputFile, intersect, check, conditions }, terminal));
  });
}
