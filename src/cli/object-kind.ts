// SPDX-License-Identifier: Apache-2.0
// Profiles that are objects and nothing else, of the kinds beside seccomp: how the commands read them, and what each
// kind has to answer so that convert, merge and validate know it.
import { isJsonObject } from '../core/json.ts';
import type { ProfileFault } from '../core/faults.ts';
import { InvalidProfile } from '../core/faults.ts';
import { validate } from '../core/validation/validate.ts';
import type { Kind } from '../gen/kinds.ts';
import { SHAPES } from '../gen/shape/all.ts';
import type { Document } from './documents.ts';
import { concernsProfile, factsOf } from './profile-facts.ts';
import type { ObjectFacts } from './profile-facts.ts';
import { UserError } from './terminal.ts';

/** An object that is held against its schema. */
export interface ProfileObject {
  /** Its name in messages: the file, and the object where the file holds several. */
  readonly subject: string;
  readonly facts: ObjectFacts;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A text or an object, and what the user has to know of it. */
export interface Made<T> {
  readonly made: T;
  readonly warnings: readonly string[];
}

/** A profile that was made of a text. */
export interface ParsedText {
  /** Empty where the text has none: the object is named for its file. */
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly warnings?: readonly string[];
}

/** At least one. */
export type Objects = readonly [ProfileObject, ...ProfileObject[]];

/** A kind of profile as the commands need it. */
export interface ObjectKind {
  readonly kind: Kind;
  /** Its form for the module that enforces it: the word after `raw-` of `--type`. */
  readonly language: string;
  /**
   * The text that a node would compile.
   *
   * @param program - a program that is to get the profile by itself; undefined for none
   * @throws UserError, InvalidProfile
   */
  render(object: ProfileObject, program: string | undefined): Made<string>;
  /**
   * The name and the spec of a text in the module's own language; undefined where none is read.
   * @throws InvalidProfile
   */
  readonly parse?: (text: string, subject: string) => ParsedText;
  /**
   * The same in the kind's readable form, where it has one beside texts in the module's own language.
   * @throws InvalidProfile with every part of the text for which that form has no words
   */
  readonly abstractOf?: (text: string, subject: string) => ParsedText;
  /**
   * The spec of the union, without the field `disabled`.
   * @throws UserError, InvalidProfile
   */
  merge(objects: Objects): Made<Readonly<Record<string, unknown>>>;
  /** Whether the first allows all that the second does, for `merge --check`. */
  covers(wide: ProfileObject, narrow: ProfileObject): boolean;
  /** Faults that the schema does not tell of, and the operator would, with fields such as `spec.policy`. */
  faults(object: ProfileObject): readonly ProfileFault[];
  /** Things of a profile without faults that the operator would warn of. */
  warnings(object: ProfileObject): readonly string[];
}

/** An object that is taken as it is, for a value that was held against its schema before. */
export function objectIn(value: Readonly<Record<string, unknown>>, subject: string): ProfileObject {
  const { metadata, spec } = value;
  const disabled = isJsonObject(spec) && spec['disabled'] === true;
  const facts = factsOf(isJsonObject(metadata) ? metadata : {}, disabled);
  return { subject, facts, spec: isJsonObject(spec) ? spec : {} };
}

/**
 * Reads an object of a kind.
 * @throws InvalidProfile with every fault that the API server would find in what matters here
 */
export async function readObjectOf(kind: Kind, { value }: Document, subject: string): Promise<ProfileObject> {
  const shape = await SHAPES[kind.kind]?.();
  if (shape === undefined || !isJsonObject(value)) throw new UserError(`${subject}: is no ${kind.kind}`);
  const whole = { apiVersion: `${kind.group}/${kind.version}`, ...value };
  const faults = validate(whole, shape).filter(({ path }) => concernsProfile(path));
  if (faults.length === 0) return objectIn(value, subject);
  throw new InvalidProfile(
    subject,
    faults.map(({ path, message }) => ({ field: path, reason: message })),
  );
}

/** The object as `kubectl apply` takes it. */
export function objectWith(
  { group, version, kind }: Kind,
  { disabled, labels, annotations, ...names }: ObjectFacts,
  spec: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const metadata = {
    ...names,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  return { apiVersion: `${group}/${version}`, kind, metadata, spec: { ...(disabled ? { disabled } : {}), ...spec } };
}
