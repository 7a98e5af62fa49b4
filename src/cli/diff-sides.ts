// SPDX-License-Identifier: Apache-2.0
// Where the two things come from that are compared: a file, a registry, or a process.
import { fetchProfile, resolveArtifact } from '../core/oci/fetch-profile.ts';
import { parseReference, referenceText } from '../core/oci/reference.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import type { KernelFilter } from '../core/seccomp/kernel-filter/program.ts';
import type { ConditionsMachine } from './conditions.ts';
import { parsedFile, readFile } from './profile-document.ts';
import type { ReadFile } from './profile-document.ts';
import { platformHere, registrySettings } from './registry-settings.ts';
import type { ArtifactMachine, RegistryOptions } from './registry-settings.ts';
import { sideOf } from './side.ts';
import type { Side } from './side.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** The machine as sides need it. */
export interface DiffMachine extends ArtifactMachine, ConditionsMachine {
  readonly build: ArtifactMachine['build'];
  /** The filters of a process of this machine, the last one first. Rejects where they cannot be read. */
  filtersOf(pid: number): Promise<readonly KernelFilter[]>;
}

/** How sides are read. */
export interface SideRequest {
  /** The container for which published files are read. */
  readonly conditions: Conditions;
  readonly registry: RegistryOptions;
}

/** As profiles name it in `baseProfileName`. */
const ARTIFACT = 'oci://';

/** The word for a process, before its id. */
const PROCESS = 'pid:';

async function processSide(word: string, machine: DiffMachine, terminal: Terminal): Promise<Side> {
  const digits = word.slice(PROCESS.length);
  if (!/^[1-9]\d{0,9}$/.test(digits))
    throw new UserError(`${word}: is not pid: with the number of a process behind it`);
  const filters = await machine.filtersOf(Number(digits));
  if (filters.length === 0) terminal.log(`${word}: has no filter, so all calls happen`);
  return { type: 'filters', subject: word, filters };
}

async function fetchFile(
  word: string,
  { registry }: SideRequest,
  machine: ArtifactMachine,
  terminal: Terminal,
): Promise<ReadFile> {
  const reference = parseReference(word.slice(ARTIFACT.length));
  const store = await machine.openRegistry(await registrySettings(registry, reference, machine.env, terminal));
  const top = await resolveArtifact(store, reference);
  const { text } = await fetchProfile(store, reference, top, platformHere(machine));
  return parsedFile(referenceText(reference), text, terminal);
}

/**
 * Reads a side: a file with one profile, an artifact, or a process.
 * @throws UserError, InvalidProfile, ArtifactError
 */
export async function readSide(
  word: string,
  request: SideRequest,
  machine: DiffMachine,
  terminal: Terminal,
): Promise<Side> {
  if (word.startsWith(PROCESS)) return processSide(word, machine, terminal);
  const file = word.startsWith(ARTIFACT)
    ? await fetchFile(word, request, machine, terminal)
    : await readFile(word, terminal);
  return sideOf(file, request.conditions, terminal);
}
