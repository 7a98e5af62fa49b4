// SPDX-License-Identifier: Apache-2.0
// spoc ceiling: which system calls programs can make at all, read from their code, and how a profile lies to that.
import { Command, Option } from 'commander';
import { ceilingOf } from '../core/ceiling/ceiling.ts';
import type { Ceiling } from '../core/ceiling/ceiling.ts';
import { NoSuchProgram, collectAll, collectPrograms } from '../core/ceiling/collect.ts';
import { relationOf } from '../core/ceiling/relation.ts';
import type { Relation } from '../core/ceiling/relation.ts';
import type { ProgramSource } from '../core/ceiling/source.ts';
import type { PackedLayer } from '../core/ceiling/image/archive.ts';
import { MalformedArchive } from '../core/ceiling/image/tar.ts';
import { ceilingText } from '../core/ceiling/text.ts';
import { ANNOTATION } from '../core/names.ts';
import { manifestFor, resolveArtifact } from '../core/oci/fetch-profile.ts';
import type { Platform } from '../core/oci/platform.ts';
import { parseReference } from '../core/oci/reference.ts';
import { parseCoverage } from '../core/recording/coverage.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { FileArgument, repeatedOption } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import { answer, judged } from './judgement.ts';
import { logNotes, readProfile } from './profile-document.ts';
import { addRegistryOptions } from './registry-options.ts';
import { platformHere, readPlatform, registrySettings } from './registry-settings.ts';
import type { ArtifactMachine, RegistryOptions } from './registry-settings.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The machine as the command needs it. */
export interface CeilingMachine extends ArtifactMachine, ConditionsMachine {
  readonly build: ArtifactMachine['build'];
  /** A program, a tree of files or an image. Rejects with an Error that names the path. */
  openPrograms(path: string, platform: Platform): Promise<ProgramSource>;
  /** The files of an image, from its layers as they are packed, the lowest first. */
  openLayers(layers: readonly PackedLayer[]): Promise<ProgramSource>;
}

/** The user's request. */
export interface CeilingRequest {
  /** A path, or `oci://` and the reference of an image. */
  readonly path: string;
  /** Programs of a tree; undefined for all. */
  readonly programs: readonly string[] | undefined;
  /** A profile that is held against the ceiling. */
  readonly profile: string | undefined;
  readonly output: 'text' | 'json';
  readonly conditions: Conditions;
  readonly platform: Platform;
  readonly registry: RegistryOptions;
}

/** As profiles name it in `baseProfileName`. */
const IMAGE = 'oci://';

/** Bytes of all layers of an image together, as they are packed. */
const MAX_LAYERS = 2 * 1024 ** 3;

/** @throws ArtifactError, UserError */
async function fetchImage(
  { path, platform, registry }: CeilingRequest,
  machine: CeilingMachine,
  terminal: Terminal,
): Promise<ProgramSource> {
  const reference = parseReference(path.slice(IMAGE.length));
  const store = await machine.openRegistry(await registrySettings(registry, reference, machine.env, terminal));
  const top = await resolveArtifact(store, reference);
  const { document } = await manifestFor(store, reference.repository, top, platform);
  if (document.type !== 'manifest') throw new UserError(`${path}: its index lists another index`);
  const bytes = document.layers.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MAX_LAYERS)
    throw new UserError(`${path}: its layers have ${String(bytes)} bytes, more than ${String(MAX_LAYERS)}`);
  const layers: PackedLayer[] = [];
  for (const layer of document.layers) {
    layers.push({ name: layer.digest, bytes: await store.blob(reference.repository, layer, layer.size) });
  }
  return machine.openLayers(layers).catch((cause: unknown) => {
    if (cause instanceof MalformedArchive) throw new UserError(`${path}: ${cause.message}`, { cause });
    throw cause;
  });
}

/** @throws UserError where there is nothing to look into */
async function findCeiling(request: CeilingRequest, machine: CeilingMachine, terminal: Terminal): Promise<Ceiling> {
  const { path, programs: wanted, platform } = request;
  const { tree, programs: meant } = path.startsWith(IMAGE)
    ? await fetchImage(request, machine, terminal)
    : await machine.openPrograms(path, platform);
  if (meant !== undefined && wanted !== undefined) throw new UserError(`--program: ${path} is a program itself`);
  const programs = wanted ?? meant;
  try {
    const collected = await (programs === undefined ? collectAll(tree) : collectPrograms(tree, programs));
    if (collected.binaries.length > 0) return ceilingOf(collected);
  } catch (cause) {
    if (cause instanceof NoSuchProgram || cause instanceof RangeError) throw new UserError(cause.message, { cause });
    throw cause;
  }
  throw new UserError(`${path}: there is no binary that can be read`);
}

async function relationTo(
  file: string,
  ceiling: Ceiling,
  { conditions }: CeilingRequest,
  terminal: Terminal,
): Promise<Relation> {
  const document = await readProfile(file, terminal, conditions);
  logNotes(document, terminal);
  const coverage = parseCoverage(document.object?.annotations[ANNOTATION.syscallCoverage] ?? '');
  return relationOf(document.profile, coverage?.names.keys() ?? [], ceiling);
}

async function tellCeiling(request: CeilingRequest, machine: CeilingMachine, terminal: Terminal): Promise<ExitResult> {
  const { profile, output } = request;
  const ceiling = await findCeiling(request, machine, terminal);
  const relation = profile === undefined ? undefined : await relationTo(profile, ceiling, request, terminal);
  const value = relation === undefined ? ceiling : { ...ceiling, profile: relation };
  terminal.print(output === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : ceilingText(ceiling, relation));
  return relation === undefined ? SUCCESS : answer(relation.notFound.length === 0);
}

type CeilingOptions = ConditionOptions &
  RegistryOptions & {
    readonly platform?: string;
    readonly program?: readonly string[];
    readonly profile?: string;
    readonly output: 'text' | 'json';
  };

/** The command and its options. */
export function ceilingCommand(machine: CeilingMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('ceiling')
    .summary('tell which system calls programs can make at all')
    .description(
      'Reads the code of binaries for x86-64, i386 and aarch64: which system calls it makes, and which functions of the C ' +
        'library it uses, of which only what is used counts. What cannot be seen there is listed. With a profile it tells ' +
        'what that permits and was not found in any binary, and ends with 1 if there is such a call, with 0 if there is none, ' +
        'with 2 where something could not be read. Signatures of images are not looked at.',
    )
    .addArgument(
      new FileArgument(
        '<path>',
        'a program of this machine with the libraries that it loads; the root of an image as a folder; an image as a folder ' +
          '(OCI layout), as a tar archive (docker save, docker export), or as oci://registry/repository:tag',
      ),
    )
    .addOption(
      repeatedOption(
        '--program <path>',
        'only this program of the folder or image, by its path there (repeatable); else all of them',
      ),
    )
    .option('-p, --profile <file>', 'a seccomp profile that is compared')
    .option('--platform <platform>', 'of which an image is wanted (default: that of this machine)')
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['text', 'json']).default('text'));
  return addRegistryOptions(addConditionOptions(command)).action(async (path: string, options: CeilingOptions) => {
    const { program: programs, profile, output } = options;
    const work = async (): Promise<ExitResult> => {
      const platform = options.platform === undefined ? platformHere(machine) : readPlatform(options.platform);
      const conditions = conditionsOf(options, machine);
      const request = { path, programs, profile, output, conditions, platform, registry: options };
      return tellCeiling(request, machine, terminal);
    };
    finish(profile === undefined ? await work() : await judged(work));
  });
}
