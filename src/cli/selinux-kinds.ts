// SPDX-License-Identifier: Apache-2.0
// SelinuxProfiles and RawSelinuxProfiles for convert, merge and validate. There is no cluster here: profiles to inherit
// are taken to be there, and system policies to be allowed.
import { Rejected } from '../core/errors.ts';
import { InvalidProfile } from '../core/faults.ts';
import type { ProfileFault } from '../core/faults.ts';
import { profileOfCil } from '../core/selinux/from-cil.ts';
import { holdsAvc, profileOfLog } from '../core/selinux/from-log.ts';
import { CONTAINER, inheritedNames } from '../core/selinux/inheritance.ts';
import { coversSelinux, mergeSelinuxSpecs } from '../core/selinux/merge.ts';
import { renderRawCil } from '../core/selinux/raw.ts';
import { renderCil } from '../core/selinux/render.ts';
import type { RenderedCil } from '../core/selinux/render.ts';
import type { RawSelinuxProfileSpec } from '../gen/crd/raw-selinux-profile.ts';
import type { SelinuxProfileSpec } from '../gen/crd/selinux-profile.ts';
import { RAW_SELINUX_PROFILE, SELINUX_PROFILE } from '../gen/kinds.ts';
import type { Made, ObjectKind, ParsedText, ProfileObject } from './object-kind.ts';
import { UserError } from './terminal.ts';

/** The namespace of objects that name none, as for kubectl. */
const DEFAULT_NAMESPACE = 'default';

type Render = (object: ProfileObject) => RenderedCil;

function metadataOf({ facts }: ProfileObject): { readonly name: string; readonly namespace: string } {
  return { name: facts.name, namespace: facts.namespace ?? DEFAULT_NAMESPACE };
}

/** The object was held against the schema, whose type this is. */
function specOf({ spec }: ProfileObject): SelinuxProfileSpec {
  return spec;
}

function renderedProfile(object: ProfileObject): RenderedCil {
  const spec = specOf(object);
  const { system } = inheritedNames(spec);
  const rendered = renderCil(
    { metadata: metadataOf(object), spec },
    { limit: { allowedSystemProfiles: [CONTAINER, ...system] }, find: () => ({ spec: {} }) },
  );
  const others = system.filter((name) => name !== CONTAINER);
  const allowed = `${others.join(', ')} must be in selinuxOptions.allowedSystemProfiles of the spod object`;
  return others.length === 0 ? rendered : { ...rendered, warnings: [`spec.inherit: ${allowed}`, ...rendered.warnings] };
}

function rawSpecOf({ spec, subject }: ProfileObject): RawSelinuxProfileSpec {
  const { policy } = spec;
  if (typeof policy !== 'string') throw new UserError(`${subject}: spec.policy: is required`);
  return { policy };
}

function renderedRaw(object: ProfileObject): RenderedCil {
  return renderRawCil({ metadata: metadataOf(object), spec: rawSpecOf(object) }, { limit: {} });
}

/** The refusals of the operator, each fault by itself where it tells them apart. */
function faultsOf(render: Render, object: ProfileObject): readonly ProfileFault[] {
  try {
    render(object);
    return [];
  } catch (cause) {
    if (!(cause instanceof Rejected)) throw cause;
    if (cause.cause instanceof InvalidProfile) return cause.cause.faults;
    const [, field = '', reason = cause.message] = /^([\w.]+): (.*)$/s.exec(cause.message) ?? [];
    return [{ field, reason }];
  }
}

/** The module's text. */
function text(render: Render, object: ProfileObject, program: string | undefined): Made<string> {
  if (program !== undefined) throw new UserError(`${object.subject}: SELinux has no profiles of programs`);
  const faults = faultsOf(render, object);
  if (faults.length > 0) throw new InvalidProfile(object.subject, faults);
  const { cil, block, warnings } = render(object);
  const unnamed = object.facts.namespace === undefined;
  const place = `the object names no namespace, so the block is that of ${DEFAULT_NAMESPACE}: ${block}`;
  return { made: cil, warnings: [...(unnamed ? [place] : []), ...warnings] };
}

/** A policy as udica writes it, or a log with records of refused accesses. */
function parse(read: string, subject: string): ParsedText {
  if (!holdsAvc(read)) return asRecord(profileOfCil(read, subject));
  return asRecord(profileOfLog(read, subject));
}

function asRecord(found: {
  readonly name: string;
  readonly spec: SelinuxProfileSpec;
  readonly warnings?: readonly string[];
}): ParsedText {
  return { name: found.name, spec: { ...found.spec }, warnings: found.warnings ?? [] };
}

/** SelinuxProfile. */
export const SELINUX: ObjectKind = {
  kind: SELINUX_PROFILE,
  language: 'selinux',
  render: (object, program) => text(renderedProfile, object, program),
  parse,
  merge: (objects) => ({ made: { ...mergeSelinuxSpecs(objects.map(specOf)) }, warnings: [] }),
  covers: (wide, narrow) => coversSelinux(specOf(wide), specOf(narrow)),
  faults: (object) => faultsOf(renderedProfile, object),
  warnings: (object) => renderedProfile(object).warnings,
};

/** RawSelinuxProfile. */
export const RAW_SELINUX: ObjectKind = {
  kind: RAW_SELINUX_PROFILE,
  language: 'selinux',
  render: (object, program) => text(renderedRaw, object, program),
  merge: ([first, ...others]) => {
    if (others.length === 0) return { made: { ...rawSpecOf(first) }, warnings: [] };
    throw new UserError(`${first.subject}: policies in CIL have no union that is sure to mean both`);
  },
  covers: (wide, narrow) => rawSpecOf(wide).policy === rawSpecOf(narrow).policy,
  faults: (object) => faultsOf(renderedRaw, object),
  warnings: (object) => renderedRaw(object).warnings,
};
