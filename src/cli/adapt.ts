// SPDX-License-Identifier: Apache-2.0
// spoc adapt: makes a recorded profile hold for other C libraries and kernels, or narrows it to the values of arguments
// that traces show, each change on request.
import { Command } from 'commander';
import { adapt } from '../core/adaptation/adapt.ts';
import { markedValues, parseMarkedValues, printMarkedValues, unitedMarks } from '../core/adaptation/narrowed-values.ts';
import type { MarkedValues } from '../core/adaptation/narrowed-values.ts';
import { narrow } from '../core/adaptation/observed-values.ts';
import type { Trace } from '../core/evidence/trace.ts';
import { ANNOTATION } from '../core/names.ts';
import { plainText } from '../core/plain-text.ts';
import { parseAddedCalls, printAddedCalls } from '../core/recording/added-calls.ts';
import type { AddedCall } from '../core/recording/added-calls.ts';
import { reachOf } from '../core/score/reach.ts';
import { isPermitting } from '../core/seccomp/model.ts';
import type { Profile } from '../core/seccomp/model.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { FileArgument, repeatedOption } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import { DEFAULT_PROFILE, logNotes, printDocument, readProfile } from './profile-document.ts';
import type { ProfileDocument } from './profile-document.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';
import { readTraces } from './traces.ts';

/** The user's request. */
export interface AdaptRequest {
  readonly file: string;
  readonly outputFile: string;
  readonly siblings: boolean;
  readonly enosys: boolean;
  /** Files with traces, to whose values calls are narrowed; none for not to. */
  readonly values: readonly string[];
  readonly conditions: Conditions;
}

/** The changes to a profile, and what the log says of them. */
interface Change {
  readonly profile: Profile;
  readonly added: readonly AddedCall[];
  readonly marked: readonly MarkedValues[];
  readonly remarks: readonly string[];
}

function marksOf(annotations: Readonly<Record<string, string>>, { profile, added, marked }: Change) {
  const { [ANNOTATION.addedSyscalls]: before = '', [ANNOTATION.observedValues]: values = '' } = annotations;
  const calls = [...parseAddedCalls(before), ...added];
  const narrowed = unitedMarks(profile, [...parseMarkedValues(values), ...marked]);
  return {
    ...annotations,
    ...(added.length === 0 ? {} : { [ANNOTATION.addedSyscalls]: printAddedCalls(calls).join('; ') }),
    ...(marked.length === 0 ? {} : { [ANNOTATION.observedValues]: printMarkedValues(narrowed).join('; ') }),
  };
}

/** The document with the adapted profile, whose object says which calls and values no recording has shown. */
function adapted(document: ProfileDocument, change: Change): ProfileDocument {
  const { object } = document;
  const { profile } = change;
  if (object === undefined) return { ...document, profile };
  return { ...document, profile, object: { ...object, annotations: marksOf(object.annotations, change) } };
}

/** Undoings of what was narrowed, a sentence each: what a call may not do any more, another one does. */
function undoings(profile: Profile, names: readonly string[]): readonly string[] {
  const reach = reachOf(profile);
  return names.flatMap((name) =>
    reach.bypassesOf(name).map(({ calls, how }) => `Undone for ${name} by ${calls.join(' and ')}: ${how}`),
  );
}

function narrowedTo(profile: Profile, traces: readonly Trace[]): Omit<Change, 'added'> {
  const { profile: result, narrowed, kept } = narrow(profile, traces);
  const marked = markedValues(narrowed);
  const remarks = [
    ...printMarkedValues(marked).map((phrase) => `Narrowed: ${phrase}`),
    ...kept.map(({ name, reason }) => `Left as it is: ${name}: ${reason}`),
    ...(isPermitting(profile.defaultAction) ? ['Left as it is: the profile permits what it does not name'] : []),
    ...undoings(
      result,
      narrowed.map(({ name }) => name),
    ),
    ...traces.flatMap(({ command, gaps }) => gaps.map((gap) => `Unknown of the trace of ${command}: ${gap}`)),
  ];
  return { profile: result, marked, remarks };
}

/** Siblings come first: a call whose arguments are compared has none. */
function changed(profile: Profile, request: AdaptRequest, traces: readonly Trace[]): Change {
  const { profile: wider, added, refused } = adapt(profile, request);
  const narrower = traces.length === 0 ? { profile: wider, marked: [], remarks: [] } : narrowedTo(wider, traces);
  const remarks = [
    ...printAddedCalls(added).map((phrase) => `Permitted and not observed: ${phrase}`),
    ...(refused.length > 0 ? [`Refused with ENOSYS: ${refused.join(', ')}`] : []),
    ...narrower.remarks,
  ];
  return { ...narrower, added, remarks };
}

/**
 * Writes the adapted profile.
 *
 * @throws UserError, InvalidProfile for what is no profile or no trace
 */
async function adaptFile(request: AdaptRequest, terminal: Terminal): Promise<ExitResult> {
  const { file, outputFile, siblings, enosys, values, conditions } = request;
  if (!siblings && !enosys && values.length === 0) {
    throw new UserError('nothing is asked for: --siblings, --enosys or --values');
  }
  const output = await terminal.files.openOutput(outputFile);
  const document = await readProfile(file, terminal, conditions);
  logNotes(document, terminal);
  const change = changed(document.profile, request, await readTraces(values, terminal));
  for (const remark of change.remarks) terminal.log(plainText(remark));
  const { baseProfileName } = document.profile;
  if (baseProfileName !== undefined && change.marked.length > 0)
    terminal.log(plainText(`What the base profile ${baseProfileName} permits stays permitted, with any values`));
  await output.write(await printDocument(adapted(document, change), terminal));
  terminal.log(`Wrote adapted profile to: ${outputFile}`);
  return SUCCESS;
}

type AdaptOptions = ConditionOptions & {
  readonly outputFile: string;
  readonly siblings?: boolean;
  readonly enosys?: boolean;
  readonly values?: readonly string[];
};

/** The command and its options. */
export function adaptCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('adapt')
    .summary('make a recorded profile hold for other C libraries and kernels, or narrow it to observed values')
    .description(
      'Writes a seccomp profile that does not depend on the C library and the kernel of its recording, or that permits a ' +
        'few calls (clone, ioctl, mmap, personality, prctl, socket) only with the values of arguments that traces show. ' +
        'Each change is asked for; calls and values that no recording has shown are logged, and marked in the annotations ' +
        'spo.x-k8s.io/added-syscalls and spo.x-k8s.io/observed-values.',
    )
    .addArgument(new FileArgument('<file>', 'a seccomp profile'))
    .option('-o, --output-file <file>', 'the profile to write', DEFAULT_PROFILE)
    .option('--siblings', 'permit calls that do the same as permitted ones, such as openat beside open')
    .option(
      '--enosys',
      'refuse newer calls whose older forms are permitted with ENOSYS, so that C libraries fall back to these',
    )
    .addOption(
      repeatedOption(
        '--values <trace>',
        'narrow calls to the values that a trace of spoc record shows; may be repeated',
      ),
    );
  return addConditionOptions(command).action(async (file: string, options: AdaptOptions) => {
    const { outputFile, siblings = false, enosys = false, values = [] } = options;
    const conditions = conditionsOf(options, machine);
    finish(await adaptFile({ file, outputFile, siblings, enosys, values, conditions }, terminal));
  });
}
