// SPDX-License-Identifier: Apache-2.0
// Profiles as files: a SeccompProfile in YAML or JSON, the JSON of the OCI runtime specification, or a published file
// of Docker or Podman. The content says which, whatever the file is called. An object is held against its schema as
// the API server does.
import { isJsonObject } from '../core/json.ts';
import { unknownSyscalls } from '../core/seccomp/libseccomp/filter.ts';
import { InvalidProfile } from '../core/faults.ts';
import { withNearest } from '../core/seccomp/misspelt.ts';
import type { Profile } from '../core/seccomp/model.ts';
import { parseProfile, parsePublished } from '../core/seccomp/parse.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { renderOciText, renderSpec } from '../core/seccomp/render.ts';
import { validate } from '../core/validation/validate.ts';
import type { SeccompProfile } from '../gen/crd/seccomp-profile.ts';
import { APP_ARMOR_PROFILE, RAW_SELINUX_PROFILE, SECCOMP_PROFILE, SELINUX_PROFILE } from '../gen/kinds.ts';
import { SHAPES } from '../gen/shape/all.ts';
import { parseDocuments, titleOf } from './documents.ts';
import type { Document } from './documents.ts';
import { concernsProfile, factsOf } from './profile-facts.ts';
import type { ObjectFacts } from './profile-facts.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** The profile that record, run and merge write and read where none is named. */
export const DEFAULT_PROFILE = '/tmp/profile.yaml';

/** A profile read from a file, with what the file says about it besides. */
export interface ProfileDocument {
  /** Its name in messages: the file, and the object where the file holds several. */
  readonly subject: string;
  readonly profile: Profile;
  /** Undefined for a runtime's JSON. */
  readonly object: ObjectFacts | undefined;
  /** Remarks for the user on how it was read, a line each. */
  readonly notes: readonly string[];
}

const API_VERSION = `${SECCOMP_PROFILE.group}/${SECCOMP_PROFILE.version}` as const;

/** @throws InvalidProfile with every fault that the API server would find in what matters here */
async function readObject(value: Readonly<Record<string, unknown>>, subject: string): Promise<ProfileDocument> {
  const shape = await SHAPES['SeccompProfile']?.();
  if (shape === undefined) throw new RangeError('SeccompProfile has no shape');
  const faults = validate({ apiVersion: API_VERSION, ...value }, shape).filter(({ path }) => concernsProfile(path));
  if (faults.length > 0) {
    throw new InvalidProfile(
      subject,
      faults.map(({ path, message }) => ({ field: path, reason: message })),
    );
  }
  const { metadata, spec } = value;
  const disabled = isJsonObject(spec) && spec['disabled'] === true;
  const object = factsOf(isJsonObject(metadata) ? metadata : {}, disabled);
  return { subject, profile: parseProfile(spec, subject), object, notes: [] };
}

async function readOne({ value }: Document, subject: string, conditions: Conditions): Promise<ProfileDocument> {
  if (!isJsonObject(value)) throw new UserError(`${subject}: holds no object`);
  if ('kind' in value) return readObject(value, subject);
  const { profile, note } = parsePublished(value, subject, conditions);
  return { subject, profile, object: undefined, notes: note === undefined ? [] : [note] };
}

function isProfile({ value }: Document): boolean {
  return !isJsonObject(value) || !('kind' in value) || value['kind'] === SECCOMP_PROFILE.kind;
}

const OTHER_KINDS: readonly string[] = [APP_ARMOR_PROFILE, SELINUX_PROFILE, RAW_SELINUX_PROFILE].map(
  ({ kind }) => kind,
);

/** Why a file with these kinds in it is not for a command, which may take profiles of other kinds in other places. */
function refusalOf(kinds: ReadonlySet<string>): string {
  const isOther = [...kinds].every((kind) => OTHER_KINDS.includes(kind));
  return isOther ? 'and a seccomp profile is needed here' : 'not a kind of profile that this command takes';
}

/** The documents of a file that are profiles, at least one. Objects of other kinds are passed over, which is logged. */
function profilesOf({ path, documents }: ReadFile, terminal: Terminal): readonly Document[] {
  const profiles = documents.filter(isProfile);
  const others = documents.filter((document) => !isProfile(document));
  if (documents.length === 0) throw new UserError(`${path}: holds no object`);
  if (profiles.length === 0) {
    const kinds = new Set(others.map(({ value }) => (isJsonObject(value) ? String(value['kind']) : '')));
    throw new UserError(`${path}: kind: is ${[...kinds].join(', ')}, ${refusalOf(kinds)}`);
  }
  const titles = others.map(({ value }) => titleOf(value)).join(', ');
  if (others.length > 0) terminal.log(`${path}: passed over, as it is no profile: ${titles}`);
  return profiles;
}

/** A file, read and parted into documents. */
export interface ReadFile {
  readonly path: string;
  readonly documents: readonly Document[];
}

/**
 * Reads a file.
 * @throws UserError when it is no YAML or JSON
 */
export async function readFile(path: string, terminal: Terminal): Promise<ReadFile> {
  return parsedFile(path, await terminal.files.read(path), terminal);
}

/**
 * A file whose text was read before.
 * @throws UserError when it is no YAML or JSON
 */
export async function parsedFile(path: string, text: string, terminal: Terminal): Promise<ReadFile> {
  return { path, documents: await parseDocuments(text, path, terminal) };
}

/** The name of a document in messages: the file, and the object where the file holds several. */
export function subjectIn(path: string, { value }: Document, count: number): string {
  return count === 1 ? path : `${path} (${titleOf(value)})`;
}

/**
 * The seccomp profiles of a file, at least one.
 *
 * @param conditions - the container for which a published file is read
 * @throws UserError when it has no profile, InvalidProfile with every fault of a profile
 */
export async function profilesIn(
  file: ReadFile,
  terminal: Terminal,
  conditions: Conditions,
): Promise<readonly ProfileDocument[]> {
  const profiles = profilesOf(file, terminal);
  return Promise.all(
    profiles.map((document) => readOne(document, subjectIn(file.path, document, profiles.length), conditions)),
  );
}

/**
 * The one document of a file among several.
 * @throws UserError when there are several
 */
export function requireOne(path: string, documents: readonly Document[]): Document {
  const [first, ...others] = documents;
  if (first !== undefined && others.length === 0) return first;
  const titles = documents.map((document) => titleOf(document.value));
  throw new UserError(`${path}: holds ${String(titles.length)} documents, one is needed: ${titles.join(', ')}`);
}

/**
 * The one seccomp profile of a file.
 * @throws UserError, InvalidProfile as profilesIn does, and when the file holds several
 */
export async function profileIn(file: ReadFile, terminal: Terminal, conditions: Conditions): Promise<ProfileDocument> {
  return readOne(requireOne(file.path, profilesOf(file, terminal)), file.path, conditions);
}

/**
 * Reads the one seccomp profile of a file.
 * @throws UserError, InvalidProfile as profileIn does
 */
export async function readProfile(path: string, terminal: Terminal, conditions: Conditions): Promise<ProfileDocument> {
  return profileIn(await readFile(path, terminal), terminal, conditions);
}

/** Logs how the profile was read, and its names that no Linux has, which a filter leaves out. */
export function logNotes({ subject, profile, notes }: ProfileDocument, terminal: Terminal): void {
  for (const note of notes) terminal.log(`${subject}: ${note}`);
  const unknown = unknownSyscalls(profile);
  if (unknown.length === 0) return;
  terminal.log(`Warning: ${subject}: no such system call, without effect: ${withNearest(unknown)}`);
}

/** That a profile has a base, which no command looks at that judges a file. */
export function logBase({ subject, profile: { baseProfileName } }: ProfileDocument, terminal: Terminal): void {
  if (baseProfileName === undefined) return;
  terminal.log(`${subject}: what its base profile ${baseProfileName} permits besides is not counted`);
}

/** The text of an object of a profile, as `kubectl apply` takes it. */
export async function printObject(object: SeccompProfile, terminal: Terminal): Promise<string> {
  return terminal.yaml.print(object);
}

/** A profile as an object, its keys in the order that the manual shows. */
export function objectOf(profile: Profile, { disabled, labels, annotations, ...names }: ObjectFacts): SeccompProfile {
  const metadata = {
    ...names,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  const { architectures, baseProfileName, defaultAction, defaultErrnoRet, ...rest } = renderSpec(profile);
  const spec = {
    ...(architectures === undefined ? {} : { architectures }),
    ...(baseProfileName === undefined ? {} : { baseProfileName }),
    defaultAction,
    ...(defaultErrnoRet === undefined ? {} : { defaultErrnoRet }),
    ...(disabled ? { disabled } : {}),
    ...rest,
  };
  return { apiVersion: API_VERSION, kind: SECCOMP_PROFILE.kind, metadata, spec };
}

/** The text of a profile in the form that the document had: an object in YAML, or a runtime's JSON. */
export async function printDocument({ profile, object }: ProfileDocument, terminal: Terminal): Promise<string> {
  return object === undefined ? renderOciText(profile) : printObject(objectOf(profile, object), terminal);
}
