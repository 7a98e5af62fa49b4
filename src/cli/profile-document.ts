// SPDX-License-Identifier: Apache-2.0
// Profiles as files: a SeccompProfile in YAML or JSON, the JSON of the OCI runtime specification, or a published file
// of Docker or Podman. The content says which, whatever the file is called. An object is held against its schema as
// the API server does.
import { isJsonObject } from '../core/json.ts';
import { unknownSyscalls } from '../core/seccomp/libseccomp/filter.ts';
import { InvalidProfile } from '../core/seccomp/faults.ts';
import { withNearest } from '../core/seccomp/misspelt.ts';
import type { Profile } from '../core/seccomp/model.ts';
import { parseProfile, parsePublished } from '../core/seccomp/parse.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { renderOciText, renderSpec } from '../core/seccomp/render.ts';
import { validate } from '../core/validation/validate.ts';
import type { SeccompProfile } from '../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../gen/kinds.ts';
import { SHAPES } from '../gen/shape/all.ts';
import { parseDocuments, titleOf } from './documents.ts';
import type { Document } from './documents.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** The profile that record, run and merge write and read where none is named. */
export const DEFAULT_PROFILE = '/tmp/profile.yaml';

type Texts = Readonly<Record<string, string>>;

/** The facts of an object besides the rules of its profile. */
export interface ObjectFacts {
  readonly name: string;
  readonly namespace?: string;
  /** Empty where there are none, like annotations. */
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly disabled: boolean;
}

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

/** kubectl's copy of the object as it was applied, which is another one afterwards. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function texts(value: unknown): Texts {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([key, text]) => (typeof text === 'string' && key !== LAST_APPLIED ? [[key, text] as const] : [])),
  );
}

function factsOf(metadata: Readonly<Record<string, unknown>>, disabled: boolean): ObjectFacts {
  const { name, namespace } = metadata;
  return {
    name: typeof name === 'string' ? name : '',
    ...(typeof namespace === 'string' ? { namespace } : {}),
    labels: texts(metadata['labels']),
    annotations: texts(metadata['annotations']),
    disabled,
  };
}

/**
 * Fields that matter here: what a cluster keeps about the object besides, its status and most of its metadata, does
 * not.
 */
export function concernsProfile(path: string): boolean {
  return !/^(status\b|metadata\.(?!name$))/.test(path);
}

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

/** The documents of a file that are profiles, at least one. Objects of other kinds are passed over, which is logged. */
async function profilesOf(path: string, terminal: Terminal): Promise<readonly Document[]> {
  const documents = await parseDocuments(await terminal.files.read(path), path, terminal);
  const profiles = documents.filter(isProfile);
  const others = documents.filter((document) => !isProfile(document));
  if (documents.length === 0) throw new UserError(`${path}: holds no object`);
  if (profiles.length === 0) {
    const kinds = new Set(others.map(({ value }) => (isJsonObject(value) ? String(value['kind']) : '')));
    throw new UserError(`${path}: kind: is ${[...kinds].join(', ')}, only SeccompProfile is known here`);
  }
  const titles = others.map(({ value }) => titleOf(value)).join(', ');
  if (others.length > 0) terminal.log(`${path}: passed over, as it is no profile: ${titles}`);
  return profiles;
}

/**
 * The profiles of a file, at least one.
 *
 * @param conditions - the container for which a published file is read
 * @throws UserError when it is no YAML or JSON or has no profile, InvalidProfile with every fault of a profile
 */
export async function readProfiles(
  path: string,
  terminal: Terminal,
  conditions: Conditions,
): Promise<readonly ProfileDocument[]> {
  const profiles = await profilesOf(path, terminal);
  const subjectOf = ({ value }: Document): string => (profiles.length === 1 ? path : `${path} (${titleOf(value)})`);
  return Promise.all(profiles.map((document) => readOne(document, subjectOf(document), conditions)));
}

/**
 * The one profile of a file.
 * @throws UserError, InvalidProfile as readProfiles does, and when the file holds several
 */
export async function readProfile(path: string, terminal: Terminal, conditions: Conditions): Promise<ProfileDocument> {
  const [first, ...others] = await profilesOf(path, terminal);
  if (first !== undefined && others.length === 0) return readOne(first, path, conditions);
  const titles = [first, ...others].map((document) => titleOf(document?.value));
  throw new UserError(`${path}: it holds ${String(titles.length)} documents, one is needed: ${titles.join(', ')}`);
}

/** Logs how the profile was read, and its names that no Linux has, which a filter leaves out. */
export function logNotes({ subject, profile, notes }: ProfileDocument, terminal: Terminal): void {
  for (const note of notes) terminal.log(`${subject}: ${note}`);
  const unknown = unknownSyscalls(profile);
  if (unknown.length === 0) return;
  terminal.log(`Warning: ${subject}: no such system call, without effect: ${withNearest(unknown)}`);
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
