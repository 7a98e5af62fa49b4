// SPDX-License-Identifier: Apache-2.0
// spoc convert: a profile in another form. The JSON that container runtimes read, or an object for a cluster, of what
// Docker, Podman or a runtime reads, too.
import { Command, Option } from 'commander';
import { ANNOTATION } from '../core/names.ts';
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
import { convertObject, objectOfText } from './convert-object.ts';
import { holdsKind } from './documents.ts';
import { objectKindOf, objectKindOfLanguage } from './object-kinds.ts';
import { logNotes, parsedFile, printDocument, profileIn, requireOne } from './profile-document.ts';
import type { ProfileDocument, ReadFile } from './profile-document.ts';
import { newFacts } from './profile-facts.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** In which form the profile is written. */
export type ConvertedType = (typeof TYPES)[number];

/** Abstract is what AppArmor's own language is not: the lists of an AppArmorProfile. */
const TYPES = [
  'raw-seccomp',
  'seccomp',
  'raw-apparmor',
  'apparmor',
  'abstract-apparmor',
  'raw-selinux',
  'selinux',
] as const;

/** The user's request. */
export interface ConvertRequest {
  readonly profile: string;
  readonly outputFile: string;
  /** Undefined for the form that is compiled or read by runtimes. */
  readonly type: ConvertedType | undefined;
  /** A program that is to get an AppArmor profile by itself. */
  readonly program: string | undefined;
  /** The container for which a published file is read. */
  readonly conditions: Conditions;
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

async function seccompText(request: ConvertRequest, file: ReadFile, terminal: Terminal): Promise<string> {
  const { type = 'raw-seccomp', profile } = request;
  const document = await profileIn(file, terminal, request.conditions);
  if (type !== 'raw-seccomp' && type !== 'seccomp') {
    throw new UserError(`${profile}: is a seccomp profile, which is no ${type}`);
  }
  if (request.program !== undefined) throw new UserError(`${profile}: seccomp has no profiles of programs`);
  logNotes(document, terminal);
  if (type === 'raw-seccomp') return runtimeText(document, terminal);
  return printDocument({ ...document, object: document.object ?? newFacts(profile) }, terminal);
}

async function convertedText(request: ConvertRequest, terminal: Terminal): Promise<string> {
  const { profile: path, type, program } = request;
  const text = await terminal.files.read(path);
  const isRaw = type === undefined || type.startsWith('raw-');
  if (program !== undefined && !isRaw && type !== 'seccomp')
    throw new UserError(`${path}: --program-name: is for the policy that nodes compile, and not for an object`);
  const language = isRaw ? undefined : await objectKindOfLanguage(type.replace(/^abstract-/, ''));
  if (type !== undefined && language !== undefined && !holdsKind(text))
    return objectOfText(language, text, path, type, terminal);
  const file = await parsedFile(path, text, terminal);
  const kind = await objectKindOf(file.documents[0]?.value);
  if (kind === undefined) return seccompText(request, file, terminal);
  return convertObject(kind, requireOne(path, file.documents), path, { type, program }, terminal);
}

/**
 * Converts and writes. The form of runtimes is what they enforce as it is meant; what remains doubtful is logged.
 * @throws UserError for another kind or a profile with a base, InvalidProfile with every fault of the profile
 */
export async function convert(request: ConvertRequest, terminal: Terminal): Promise<ExitResult> {
  const output = await terminal.files.openOutput(request.outputFile);
  await output.write(await convertedText(request, terminal));
  return SUCCESS;
}

interface OwnOptions {
  readonly outputFile: string;
  readonly type?: ConvertedType;
  readonly programName?: string;
}

type ConvertOptions = ConditionOptions & OwnOptions;

/** The command and its options. */
export function convertCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('convert')
    .alias('c')
    .summary('convert a security profile, to what runtimes read or nodes compile, or to an object')
    .description(
      'Reads a SeccompProfile, the JSON of container runtimes, a published file of Docker or Podman, an AppArmorProfile, ' +
        'a policy of AppArmor, an object or a policy of SELinux, or a log with its records, and writes it in another form. Rules of published files that depend on the container are kept where they hold for the one that ' +
        '--cap, --arch and --kernel describe.',
    )
    .addArgument(new FileArgument('<profile>', 'the profile; - is standard input'))
    .option('-o, --output-file <file>', 'where to write it', '/dev/stdout')
    .addOption(
      new Option(
        '-t, --type <type>',
        'the form: the JSON of runtimes, a policy of AppArmor or SELinux, or the object, for AppArmor in its abstract form, too (the raw form of the profile by default)',
      ).choices(TYPES),
    )
    .option('-p, --program-name <path>', 'a program that gets the AppArmor profile by itself, which is named so');
  return addConditionOptions(command).action(async (profile: string, options: ConvertOptions) => {
    const { outputFile, type, programName: program } = options;
    const conditions = conditionsOf(options, machine);
    finish(await convert({ profile, outputFile, type, program, conditions }, terminal));
  });
}
