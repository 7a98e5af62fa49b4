// SPDX-License-Identifier: Apache-2.0
// spoc adapt: makes a recorded profile hold for other C libraries and kernels, each change on request.
import { Command } from 'commander';
import { adapt } from '../core/adaptation/adapt.ts';
import type { Adapted } from '../core/adaptation/adapt.ts';
import { ANNOTATION } from '../core/names.ts';
import { parseAddedCalls, printAddedCalls } from '../core/recording/added-calls.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import { DEFAULT_PROFILE, logNotes, printDocument, readProfile } from './profile-document.ts';
import type { ProfileDocument } from './profile-document.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface AdaptRequest {
  readonly file: string;
  readonly outputFile: string;
  readonly siblings: boolean;
  readonly enosys: boolean;
  readonly conditions: Conditions;
}

/** The document with the adapted profile, whose object says which calls no recording has shown. */
function adapted(document: ProfileDocument, { profile, added }: Adapted): ProfileDocument {
  const { object } = document;
  if (object === undefined || added.length === 0) return { ...document, profile };
  const { [ANNOTATION.addedSyscalls]: before = '', ...annotations } = object.annotations;
  const calls = [...parseAddedCalls(before), ...added];
  const marked = { ...annotations, [ANNOTATION.addedSyscalls]: printAddedCalls(calls).join('; ') };
  return { ...document, profile, object: { ...object, annotations: marked } };
}

async function adaptFile(request: AdaptRequest, terminal: Terminal): Promise<ExitResult> {
  const { file, outputFile, siblings, enosys, conditions } = request;
  if (!siblings && !enosys) throw new UserError('nothing is asked for: --siblings or --enosys');
  const output = await terminal.files.openOutput(outputFile);
  const document = await readProfile(file, terminal, conditions);
  logNotes(document, terminal);
  const found = adapt(document.profile, { siblings, enosys });
  for (const phrase of printAddedCalls(found.added)) terminal.log(`Permitted and not observed: ${phrase}`);
  if (found.refused.length > 0) terminal.log(`Refused with ENOSYS: ${found.refused.join(', ')}`);
  await output.write(await printDocument(adapted(document, found), terminal));
  terminal.log(`Wrote adapted profile to: ${outputFile}`);
  return SUCCESS;
}

type AdaptOptions = ConditionOptions & {
  readonly outputFile: string;
  readonly siblings?: boolean;
  readonly enosys?: boolean;
};

/** The command and its options. */
export function adaptCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('adapt')
    .summary('make a recorded profile hold for other C libraries and kernels')
    .description(
      'Writes a seccomp profile that does not depend on the C library and the kernel of its recording. Each change is asked ' +
        'for; calls that no recording has shown are logged, and marked in the annotation spo.x-k8s.io/added-syscalls.',
    )
    .addArgument(new FileArgument('<file>', 'a seccomp profile'))
    .option('-o, --output-file <file>', 'the profile to write', DEFAULT_PROFILE)
    .option('--siblings', 'permit calls that do the same as permitted ones, such as openat beside open')
    .option(
      '--enosys',
      'refuse newer calls whose older forms are permitted with ENOSYS, so that C libraries fall back to these',
    );
  return addConditionOptions(command).action(async (file: string, options: AdaptOptions) => {
    const { outputFile, siblings = false, enosys = false } = options;
    const conditions = conditionsOf(options, machine);
    finish(await adaptFile({ file, outputFile, siblings, enosys, conditions }, terminal));
  });
}
