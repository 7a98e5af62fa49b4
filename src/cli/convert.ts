// SPDX-License-Identifier: Apache-2.0
// spoc convert: a profile in another form. The JSON that container runtimes read, or an object for a cluster, of what
// Docker, Podman or a runtime reads, too.
import { Command, Option } from 'commander';
import { ANNOTATION } from '../core/names.ts';
import { objectName } from '../core/recording/profile.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { renderOciText } from '../core/seccomp/render.ts';
import { requireOneVerdict, runtimeForm } from '../core/seccomp/libseccomp/runtime-form.ts';
import { ineffectiveRules } from '../core/seccomp/libseccomp/ineffective-rules.ts';
import { argumentWarnings, flagWarnings } from '../core/seccomp/warnings.ts';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import { logNotes, printDocument, readProfile } from './profile-document.ts';
import type { ObjectFacts, ProfileDocument } from './profile-document.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** In which form the profile is written. */
export type ConvertedType = 'raw-seccomp' | 'seccomp';

/** The user's request. */
export interface ConvertRequest {
  readonly profile: string;
  readonly outputFile: string;
  readonly type: ConvertedType;
  /** The container for which a published file is read. */
  readonly conditions: Conditions;
}

/** The object of a file that is none, with the name of the file. */
function newObject(path: string): ObjectFacts {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.(json|ya?ml)$/i, '');
  return {
    name: objectName(file === '-' || file === 'stdin' ? 'profile' : file),
    labels: {},
    annotations: {},
    disabled: false,
  };
}

function runtimeText({ subject, profile, object }: ProfileDocument, terminal: Terminal): string {
  if (profile.baseProfileName !== undefined) {
    const base = profile.baseProfileName;
    throw new UserError(`${subject}: baseProfileName: runtimes know no bases, merge ${base} in first`);
  }
  requireOneVerdict(profile, subject);
  const { profile: written, warnings } = runtimeForm(profile);
  const unexpected = [
    ...ineffectiveRules(profile),
    ...argumentWarnings(profile),
    ...flagWarnings(profile),
    ...warnings,
  ];
  for (const warning of unexpected) terminal.log(`${subject}: ${warning}`);
  const incomplete = object?.annotations[ANNOTATION.recordingIncomplete];
  if (incomplete !== undefined)
    terminal.log(`${subject}: its recording is incomplete, which no file of runtimes says: ${incomplete}`);
  return renderOciText(written);
}

/**
 * Converts and writes. The form of runtimes is what they enforce as it is meant; what remains doubtful is logged.
 * @throws UserError for another kind or a profile with a base, InvalidProfile with every fault of the profile
 */
export async function convert(request: ConvertRequest, terminal: Terminal): Promise<ExitResult> {
  const output = await terminal.files.openOutput(request.outputFile);
  const document = await readProfile(request.profile, terminal, request.conditions);
  logNotes(document, terminal);
  const text =
    request.type === 'raw-seccomp'
      ? runtimeText(document, terminal)
      : await printDocument({ ...document, object: document.object ?? newObject(request.profile) }, terminal);
  await output.write(text);
  return SUCCESS;
}

type ConvertOptions = ConditionOptions & { readonly outputFile: string; readonly type: ConvertedType };

/** The command and its options. */
export function convertCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('convert')
    .alias('c')
    .summary('convert a security profile, to the JSON that container runtimes read or to an object')
    .description(
      'Reads a SeccompProfile, the JSON of container runtimes, or a published file of Docker or Podman, and writes it in ' +
        'another form. Rules of published files that depend on the container are kept where they hold for the one that ' +
        '--cap, --arch and --kernel describe.',
    )
    .addArgument(new FileArgument('<profile>', 'the profile; - is standard input'))
    .option('-o, --output-file <file>', 'where to write it', '/dev/stdout')
    .addOption(
      new Option('-t, --type <type>', 'the form: the JSON of runtimes, or a SeccompProfile')
        .choices(['raw-seccomp', 'seccomp'])
        .default('raw-seccomp'),
    );
  return addConditionOptions(command).action(async (profile: string, options: ConvertOptions) => {
    const { outputFile, type } = options;
    finish(await convert({ profile, outputFile, type, conditions: conditionsOf(options, machine) }, terminal));
  });
}
