// SPDX-License-Identifier: Apache-2.0
// spoc merge: the union of profiles, which permits whatever any of them permits; with --check, whether the first one
// does already. A union is not a stack: a base profile adds rules and never overrules the profile that names it
// (core/seccomp/stack.ts).
import { Command } from 'commander';
import { ANNOTATION } from '../core/names.ts';
import { covers } from '../core/seccomp/covers.ts';
import { mergeProfiles } from '../core/seccomp/merge.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import { DEFAULT_PROFILE, logNotes, printDocument, readProfiles } from './profile-document.ts';
import type { ObjectFacts, ProfileDocument } from './profile-document.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface MergeRequest {
  /** Files with two profiles or more; the first gives the name and the form of the result. */
  readonly files: readonly string[];
  readonly outputFile: string;
  /** Write nothing: tell whether the first profile permits all that the others do. */
  readonly check: boolean;
  /** The container for which published files are read. */
  readonly conditions: Conditions;
}

type Documents = readonly [ProfileDocument, ...ProfileDocument[]];

/** Annotations that hold for a union as soon as they hold for a part of it. */
const OF_ANY_PART = [ANNOTATION.recordingIncomplete, ANNOTATION.addedSyscalls] as const;

/**
 * The first object with what is true of the union because of the other parts. Its effective rules are not those of
 * the union.
 */
function unionObject(first: ObjectFacts, documents: Documents): ObjectFacts {
  const own = Object.entries(first.annotations).filter(([key]) => key !== ANNOTATION.syscalls);
  const shared = OF_ANY_PART.flatMap((key) => {
    const values = new Set(documents.flatMap(({ object }) => object?.annotations[key] ?? []));
    return values.size === 0 ? [] : [[key, [...values].join('; ')] as const];
  });
  return { ...first, annotations: Object.fromEntries([...own, ...shared]) };
}

function unite(documents: Documents): ProfileDocument {
  const [first] = documents;
  const profile = asked(() => mergeProfiles(documents.map((document) => document.profile)));
  return { ...first, profile, object: first.object === undefined ? undefined : unionObject(first.object, documents) };
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

async function readParts({ files, conditions }: MergeRequest, terminal: Terminal): Promise<Documents> {
  const read = await Promise.all(files.map((file) => readProfiles(file, terminal, conditions)));
  const [first, ...others] = read.flat();
  if (first === undefined || others.length === 0) throw new UserError('merge needs at least two files or profiles');
  for (const document of [first, ...others]) logNotes(document, terminal);
  return [first, ...others];
}

/**
 * Merges. With `check` the status is 0 when the first profile covers the others, else 1 with the merged profile logged.
 * @throws UserError for fewer than two profiles, another kind or different bases; InvalidProfile with every fault of
 * a file
 */
export async function merge(request: MergeRequest, terminal: Terminal): Promise<ExitResult> {
  const output = request.check ? undefined : await terminal.files.openOutput(request.outputFile);
  const documents = await readParts(request, terminal);
  const union = unite(documents);
  if (output !== undefined) {
    logParts(documents, terminal);
    await output.write(await printDocument(union, terminal));
    terminal.log(`Wrote merged profile to: ${request.outputFile}`);
    return SUCCESS;
  }
  const [first] = documents;
  if (asked(() => covers(first.profile, union.profile))) return SUCCESS;
  terminal.log(
    `${first.subject} does not cover the other profiles, merged they are:\n${await printDocument(union, terminal)}`,
  );
  return { type: 'status', status: 1 };
}

type MergeOptions = ConditionOptions & { readonly outputFile: string; readonly check?: boolean };

/** The command and its options. */
export function mergeCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('merge')
    .alias('m')
    .summary('merge security profiles')
    .description(
      'Writes the union of profiles: it permits whatever any of them permits. The first gives the name, the form, and what an ' +
        'object says besides its rules; a union with an incomplete recording is incomplete. A base profile (baseProfileName) is ' +
        'something else: it adds rules to the profile that names it, and never overrules that one.',
    )
    .addArgument(new FileArgument('<files...>', 'two profiles or more'))
    .option('-o, --output-file <file>', 'the profile to write', DEFAULT_PROFILE)
    .option(
      '-c, --check',
      'write nothing; end with 0 if the first profile permits all that the others do, else with 1',
    );
  return addConditionOptions(command).action(async (files: readonly string[], options: MergeOptions) => {
    const { outputFile, check = false } = options;
    finish(await merge({ files, outputFile, check, conditions: conditionsOf(options, machine) }, terminal));
  });
}
