// SPDX-License-Identifier: Apache-2.0
// AppArmorProfiles for convert, merge and validate.
import { abstractOfPolicy } from '../core/apparmor/from-policy.ts';
import { allowedOf, allowsAllOf, mergeAppArmorSpecs } from '../core/apparmor/merge.ts';
import { outermostName } from '../core/apparmor/raw.ts';
import { renderOrFaults } from '../core/apparmor/render.ts';
import type { RenderedProfile } from '../core/apparmor/render.ts';
import { FaultList, InvalidProfile } from '../core/faults.ts';
import type { AppArmorProfileSpec } from '../gen/crd/app-armor-profile.ts';
import { APP_ARMOR_PROFILE } from '../gen/kinds.ts';
import type { Made, ObjectKind, Objects, ParsedText, ProfileObject } from './object-kind.ts';

/** The object was held against the schema, whose type this is. */
function specOf({ spec }: ProfileObject): AppArmorProfileSpec {
  return spec;
}

function rendered(object: ProfileObject, program: string | undefined): RenderedProfile {
  const faults = new FaultList();
  const options = program === undefined ? {} : { program };
  const result = renderOrFaults(object.facts.name, specOf(object), options, faults);
  faults.throwIfAny(object.subject);
  if (result === undefined) throw new RangeError(`${object.subject}: neither a text nor a fault`);
  return result;
}

function render(object: ProfileObject, program: string | undefined): Made<string> {
  const { text, warnings } = rendered(object, program);
  return { made: text, warnings };
}

/** Names of objects in a cluster (RFC 1123). */
const OBJECT_NAME = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;

/** A policy of one profile, whose name the object gets. */
function parse(text: string, subject: string): { readonly name: string; readonly spec: { readonly policy: string } } {
  const faults = new FaultList();
  const name = outermostName(text, faults) ?? '';
  if (faults.count === 0 && !OBJECT_NAME.test(name)) {
    faults.add('', `the profile is named ${name}, as no object can be: lower case letters, digits, dots and dashes`);
  }
  if (faults.count === 0) renderOrFaults(name, { policy: text }, {}, faults);
  faults.throwIfAny(subject);
  return { name, spec: { policy: text } };
}

function abstractOf(text: string, subject: string): ParsedText {
  parse(text, subject);
  const faults = new FaultList();
  const found = abstractOfPolicy(text, faults);
  faults.throwIfAny(subject);
  if (found === undefined) throw new RangeError(`${subject}: neither a form nor a fault`);
  return { name: found.name, spec: { ...found.spec }, warnings: found.warnings };
}

function merge(objects: Objects): Made<Readonly<Record<string, unknown>>> {
  const parts = objects.map((object) => ({ subject: object.subject, spec: specOf(object) }));
  const [only] = parts;
  if (only?.spec.policy !== undefined && parts.length === 1) return { made: withoutDisabled(only.spec), warnings: [] };
  const { spec, folded } = mergeAppArmorSpecs(parts);
  const warnings = folded.map((pattern) => `there is no room for the single names of ${pattern}`);
  return { made: { ...spec }, warnings };
}

/** A single policy in AppArmor's own language is its own union. */
function withoutDisabled({ complainMode, policy }: AppArmorProfileSpec): Readonly<Record<string, unknown>> {
  return { ...(complainMode === undefined ? {} : { complainMode }), policy };
}

function covers(wide: ProfileObject, narrow: ProfileObject): boolean {
  const [own, other] = [wide, narrow].map((object) => ({ subject: object.subject, spec: specOf(object) }));
  if (own === undefined || other === undefined) return false;
  if (own.spec.complainMode === true) return true;
  return other.spec.complainMode !== true && allowsAllOf(allowedOf(own), allowedOf(other));
}

function faults(object: ProfileObject): InvalidProfile['faults'] {
  try {
    rendered(object, undefined);
    return [];
  } catch (cause) {
    if (!(cause instanceof InvalidProfile)) throw cause;
    return cause.faults;
  }
}

/** AppArmorProfile. */
export const APP_ARMOR: ObjectKind = {
  kind: APP_ARMOR_PROFILE,
  language: 'apparmor',
  render,
  parse,
  abstractOf,
  merge,
  covers,
  faults,
  warnings: (object) => rendered(object, undefined).warnings,
};
