// SPDX-License-Identifier: Apache-2.0
// Profiles as files: a SeccompProfile in YAML or JSON, or the JSON of the OCI runtime specification. Which of them a file
// holds is told by its content, whatever it is called.
import type { SeccompProfile } from '../gen/crd/seccomp-profile.ts';
import { isJsonObject, parseJson } from '../core/json.ts';
import type { Profile } from '../core/seccomp/model.ts';
import { parseProfile } from '../core/seccomp/parse.ts';
import { renderOciText, renderSpec } from '../core/seccomp/render.ts';
import { UserError, type Terminal } from './terminal.ts';

/** A profile read from a file, with what the file says about it besides. */
export interface ProfileDocument {
  readonly profile: Profile;
  /** Name and annotations where the file holds an object; undefined for a runtime's JSON. */
  readonly object: { readonly name: string; readonly namespace?: string } | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function looksLikeJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

async function parseText(text: string, path: string, terminal: Terminal): Promise<unknown> {
  try {
    if (looksLikeJson(text)) return parseJson(text);
    const documents = (await terminal.yaml.parse(text)).filter((document) => document !== null);
    if (documents.length === 1) return documents[0];
    throw new UserError(`it holds ${String(documents.length)} documents, one is needed`);
  } catch (cause) {
    throw new UserError(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function objectOf(fields: Fields, path: string): ProfileDocument['object'] {
  const { metadata } = fields;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  if (typeof name !== 'string' || name === '') throw new UserError(`${path}: metadata.name: is missing`);
  const namespace = isJsonObject(metadata) ? metadata['namespace'] : undefined;
  return { name, ...(typeof namespace === 'string' ? { namespace } : {}) };
}

/**
 * Reads a profile from a file.
 * @throws UserError when it is no YAML or JSON or another kind, InvalidProfile with every fault of the profile
 */
export async function readProfile(path: string, terminal: Terminal): Promise<ProfileDocument> {
  const value = await parseText(await terminal.files.read(path), path, terminal);
  if (!isJsonObject(value)) throw new UserError(`${path}: holds no object`);
  if (!('kind' in value)) return { profile: parseProfile(value, path), object: undefined };
  const { kind } = value;
  if (kind !== 'SeccompProfile')
    throw new UserError(`${path}: kind: is ${String(kind)}, only SeccompProfile is known here`);
  return { profile: parseProfile(value['spec'], path), object: objectOf(value, path) };
}

/** The text of an object of a profile, as `kubectl apply` takes it. */
export async function printObject(object: SeccompProfile, terminal: Terminal): Promise<string> {
  return terminal.yaml.print(object);
}

/** The text of a profile in the form that the document had: an object in YAML, or a runtime's JSON. */
export async function printDocument(document: ProfileDocument, terminal: Terminal): Promise<string> {
  const { profile, object } = document;
  if (object === undefined) return renderOciText(profile);
  return printObject(
    {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
      kind: 'SeccompProfile',
      metadata: object,
      spec: renderSpec(profile),
    },
    terminal,
  );
}
