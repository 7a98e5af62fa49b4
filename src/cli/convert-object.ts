// SPDX-License-Identifier: Apache-2.0
// spoc convert for profiles that are objects: to the text that a node compiles, to the object in its canonical form,
// and from such a text back to an object.
import type { Document } from './documents.ts';
import { objectName } from '../core/recording/profile.ts';
import { objectWith, readObjectOf } from './object-kind.ts';
import type { Made, ObjectKind, ParsedText, ProfileObject } from './object-kind.ts';
import { newFacts } from './profile-facts.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** In which form it is wanted, and for which program. */
export interface ObjectConversion {
  /** The word of `--type`; undefined for the text. */
  readonly type: string | undefined;
  readonly program: string | undefined;
}

/**
 * The text of an object, with warnings logged.
 * @throws UserError for a form of another kind; InvalidProfile with every fault
 */
export async function convertObject(
  kind: ObjectKind,
  document: Document,
  subject: string,
  { type, program }: ObjectConversion,
  terminal: Terminal,
): Promise<string> {
  const forms = [undefined, `raw-${kind.language}`, kind.language, abstractForm(kind)];
  if (!forms.includes(type)) {
    throw new UserError(`${subject}: is of the kind ${kind.kind.kind}, which is no ${String(type)}`);
  }
  const object = await readObjectOf(kind.kind, document, subject);
  if (type !== undefined && type === abstractForm(kind)) return abstractObject(kind, object, terminal);
  if (type === kind.language) {
    return terminal.yaml.print(objectWith(kind.kind, object.facts, kind.merge([object]).made));
  }
  const { made, warnings } = kind.render(object, program);
  logWarnings(warnings, subject, terminal);
  return made;
}

/** The word of `--type` for the readable form of a kind that has another one. */
function abstractForm({ abstractOf, language }: ObjectKind): string | undefined {
  return abstractOf === undefined ? undefined : `abstract-${language}`;
}

/** One that is in the readable form already stays as it is. */
async function abstractObject(kind: ObjectKind, object: ProfileObject, terminal: Terminal): Promise<string> {
  const { policy } = object.spec;
  const made =
    typeof policy === 'string' && kind.abstractOf !== undefined
      ? withMode(kind.abstractOf(policy, object.subject), object)
      : kind.merge([object]);
  logWarnings(made.warnings, object.subject, terminal);
  return terminal.yaml.print(objectWith(kind.kind, object.facts, made.made));
}

/** The mode of the object goes before that of its text. */
function withMode(
  { name, spec, warnings = [] }: ParsedText,
  object: ProfileObject,
): Made<Readonly<Record<string, unknown>>> {
  const own = object.facts.name;
  if (name !== own)
    throw new UserError(`${object.subject}: spec.policy: names ${name}, and must be named as the object: ${own}`);
  const mode = object.spec['complainMode'] === true ? { complainMode: true } : {};
  return { made: { ...mode, ...spec }, warnings };
}

function logWarnings(warnings: readonly string[], subject: string, terminal: Terminal): void {
  for (const warning of warnings) terminal.log(`${subject}: ${warning}`);
}

/**
 * The object of a text in the kind's own language.
 * @throws UserError for a kind without such a language; InvalidProfile
 */
export async function objectOfText(
  kind: ObjectKind,
  text: string,
  subject: string,
  type: string,
  terminal: Terminal,
): Promise<string> {
  const parse = type === abstractForm(kind) ? kind.abstractOf : kind.parse;
  if (parse === undefined) throw new UserError(`${subject}: is no object of the kind ${kind.kind.kind}`);
  const { name, spec, warnings = [] } = parse(text, subject);
  logWarnings(warnings, subject, terminal);
  const facts = newFacts(subject);
  const named = name === '' ? facts : { ...facts, name: objectName(name) };
  return terminal.yaml.print(objectWith(kind.kind, named, spec));
}
