// SPDX-License-Identifier: Apache-2.0
// From a SeccompProfile to the text of its file on a node, or to the one sentence why there is none: bases stacked,
// names known, the cluster's limit kept, the kernel able. The manager asks the same questions as every node, with the
// same code.
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { Rejected } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { lacking, supportsSeccomp } from '../kernel.ts';
import { printJson } from '../json.ts';
import { objectKey } from '../names.ts';
import { fileRival } from './files.ts';
import type { Limit } from './allowed.ts';
import { violationOf } from './allowed.ts';
import type { Stacked } from './base.ts';
import { stackOnBases } from './base.ts';
import { beyondDefaultWarnings } from './beyond-default.ts';
import { InvalidProfile } from '../faults.ts';
import { filterSize } from './libseccomp/filter-size.ts';
import { ineffectiveRules } from './libseccomp/ineffective-rules.ts';
import { MOST_INSTRUCTIONS } from './libseccomp/masks.ts';
import { isForeignSyscall } from './foreign.ts';
import { withNearest } from './misspelt.ts';
import type { Profile } from './model.ts';
import { renderOci, renderOciText } from './render.ts';
import { requireOneVerdict, onMachine, runtimeForm } from './libseccomp/runtime-form.ts';
import { architectureOfTable, isSyscall } from './syscalls.ts';
import { filterWarnings, flagWarnings } from './warnings.ts';

/** Finds another profile of the same namespace, or the one behind `oci://…`. */
export type FindProfile = (name: string) => Pick<SeccompProfile, 'spec'> | undefined;

/** A profile that can be installed. */
export interface Installable {
  readonly text: string;
  readonly bases: readonly string[];
  /** Warnings for users: that nothing can run under it, or that runtimes may enforce rules differently than written. */
  readonly warnings: readonly string[];
}

/**
 * The content of a profile's file on a node.
 * @throws Rejected, NotYet
 */
export function prepare(profile: SeccompProfile, find: FindProfile, limit: Limit, kernel: Kernel): Installable {
  if (!supportsSeccomp(kernel)) {
    throw new Rejected('SeccompNotSupportedOnNode', 'the kernel of this node has no seccomp filters');
  }
  const { own, profile: whole, bases, warnings: stacking } = stack(profile, find);
  requireLimit(whole, limit);
  requireKernel(whole, kernel);
  const here = onMachine(whole, kernel.machine);
  const { profile: written, warnings } = runtimeForm(here);
  const text = renderOciText(written);
  const ineffective = own === whole ? [] : ineffectiveRules(own);
  const onNode = nodeWarnings(here, written, kernel);
  const all = [
    ...onNode,
    ...beyondDefaultWarnings(whole),
    ...ineffective,
    ...flagWarnings(whole),
    ...stacking,
    ...warnings,
  ];
  return { text, bases, warnings: summary(all) };
}

/** Warnings in one condition: a profile of thousands of odd rules must not fill it. */
const MOST_WARNINGS = 10;

function summary(warnings: readonly string[]): readonly string[] {
  const left = warnings.length - MOST_WARNINGS;
  return left > 0 ? [...warnings.slice(0, MOST_WARNINGS), `and ${String(left)} more`] : warnings;
}

/**
 * Warnings where the filter on this node differs from what a reader of the profile expects; none for an unknown
 * machine.
 * @throws Rejected for a filter that no kernel takes
 */
function nodeWarnings(here: Profile, written: Profile, { machine }: Kernel): readonly string[] {
  const native = architectureOfTable(machine);
  if (native === undefined) return [];
  const { atLeast, atMost } = filterSize(written, native);
  const most = `a kernel takes ${String(MOST_INSTRUCTIONS)}`;
  if (atLeast > MOST_INSTRUCTIONS) {
    const size = `syscalls: the filter needs at least ${String(atLeast)} instructions on ${machine}`;
    throw new Rejected('InvalidSeccompProfile', `${size}, and ${most}: no container could start under it`);
  }
  const long = `syscalls: the filter may need ${String(atMost)} instructions on ${machine}, and ${most}`;
  const size = atMost > MOST_INSTRUCTIONS ? [`${long}: perhaps no container can start under it`] : [];
  return [...filterWarnings(here, native), ...size];
}

/**
 * The profile with its bases, known to be well-formed on any node.
 * @throws Rejected, NotYet
 */
export function stack(profile: SeccompProfile, find: FindProfile): Stacked {
  const { name, namespace } = profile.metadata;
  const rival = fileRival(name);
  if (rival !== undefined && find(rival) !== undefined) {
    const other = objectKey(namespace, rival);
    throw new Rejected('InvalidSeccompProfile', `metadata.name: the profile ${other} has the same file; rename one`);
  }
  try {
    const stacked = stackOnBases(name, profile.spec, (base) => find(base)?.spec);
    requireNames(stacked.profile);
    requireOneVerdict(stacked.profile, `profile ${name}`);
    return stacked;
  } catch (error) {
    if (!(error instanceof InvalidProfile)) throw error;
    throw new Rejected('InvalidSeccompProfile', error.message, { cause: error });
  }
}

/**
 * Refuses what allows more than the cluster's limit.
 * @throws Rejected
 */
export function requireLimit(profile: Profile, limit: Limit): void {
  const violation = violationOf(profile, limit);
  if (violation !== undefined) throw new Rejected('ProfileNotAllowed', violation);
}

/** The value of the annotation `syscalls`: the effective rules as one line of JSON. */
export function syscallsAnnotation(profile: Profile): string {
  return printJson(renderOci(profile).syscalls ?? []);
}

function requireKernel(profile: Profile, kernel: Kernel): void {
  const actions = [profile.defaultAction, ...profile.rules.map((rule) => rule.action)];
  const lacks = lacking(kernel, { actions, flags: profile.flags ?? [] });
  if (lacks.length === 0) return;
  throw new Rejected(
    'SeccompNotSupportedOnNode',
    `the kernel ${kernel.release} of this node lacks ${lacks.join(', ')}`,
  );
}

/**
 * A name that no kernel knows is left out of the filter by every runtime: a deny list with a typing error denies
 * nothing.
 */
function requireNames(profile: Profile): void {
  const names = new Set(profile.rules.flatMap((rule) => rule.names));
  const unknown = [...names].filter((name) => !isSyscall(name) && !isForeignSyscall(name)).sort();
  if (unknown.length === 0) return;
  throw new Rejected('InvalidSeccompProfile', `syscalls: no Linux system call has the name ${withNearest(unknown)}`);
}
