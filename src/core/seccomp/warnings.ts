// SPDX-License-Identifier: Apache-2.0
// Warnings about a profile that is valid: its filter differs from what a reader of the profile expects. The same
// sentences stand in the condition of a SeccompProfile and in the output of spoc.
import { deniesEverything, coveredArchitectures, mayHappen } from './libseccomp/filter.ts';
import { hiddenArguments } from './libseccomp/hidden-arguments.ts';
import { ineffectiveRules } from './libseccomp/ineffective-rules.ts';
import { narrowArguments } from './libseccomp/narrow-arguments.ts';
import { isPermitting } from './model.ts';
import type { Profile } from './model.ts';
import { factsOf, runnableOn } from './syscalls.ts';
import type { KnownArchitecture } from './syscalls.ts';

/**
 * A profile under which nothing starts or ends. That can be meant, as an example or until a base is filled; it is said,
 * because runtimes do not say it. Without exit_group glibc 2.36 tries exit, others run on or crash.
 */
function startAndEnd(profile: Profile, native: KnownArchitecture): readonly string[] {
  if (deniesEverything(profile, native)) {
    return [`it permits no system call at all on ${factsOf(native).table}, so no container can start under it`];
  }
  const start = mayHappen(profile, 'execve') ? [] : ['it does not permit execve, so no container can start under it'];
  const end = mayHappen(profile, 'exit_group')
    ? []
    : ['it does not permit exit_group, without which programs crash or never end'];
  return [...start, ...end];
}

/**
 * A default that lets calls happen says nothing of programs of another architecture: libseccomp kills them. x32 is left
 * out, as most kernels do not run it.
 */
function killedPrograms(profile: Profile, native: KnownArchitecture): readonly string[] {
  if (!isPermitting(profile.defaultAction)) return [];
  const covered = coveredArchitectures(profile, native);
  const killed = runnableOn(native).filter((one) => one !== 'SCMP_ARCH_X32' && !covered.includes(one));
  if (killed.length === 0) return [];
  const who = `programs of ${killed.join(', ')}, which are not in architectures`;
  return [`the default action ${profile.defaultAction} does not reach ${who}: they are killed`];
}

/** Comparisons that can be passed by with numbers that only the filter tells apart. */
export function argumentWarnings(profile: Profile): readonly string[] {
  const narrow = narrowArguments(profile);
  return narrow === undefined ? [] : [`syscalls: ${narrow}`];
}

/** Warnings about a profile's filter on a machine, whichever runtime makes it: a sentence each. */
export function filterWarnings(profile: Profile, native: KnownArchitecture): readonly string[] {
  return [
    ...startAndEnd(profile, native),
    ...killedPrograms(profile, native),
    ...ineffectiveRules(profile),
    ...hiddenArguments(profile, native),
    ...argumentWarnings(profile),
  ];
}

/**
 * The treatment of flags by container runtimes. Seen: runc 1.1.5 starts no container under a profile with any flag;
 * runc 1.5.2 takes TSYNC, LOG and SPEC_ALLOW, and needs libseccomp 2.6.0 for WAIT_KILLABLE_RECV; the kernel takes that
 * flag only together with a listener, and when it refuses one flag crun 1.8.1 drops all of them.
 */
export function flagWarnings({ flags = [], defaultAction, rules }: Profile): readonly string[] {
  if (flags.length === 0) return [];
  const warnings = ['flags: runc before 1.2 starts no container under a profile with flags'];
  const notifies = [defaultAction, ...rules.map(({ action }) => action)].includes('SCMP_ACT_NOTIFY');
  if (!flags.includes('SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV')) return warnings;
  const refused =
    'the kernel refuses SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV without a rule of SCMP_ACT_NOTIFY: crun then sets no flag at all';
  return [
    ...warnings,
    ...(notifies ? [] : [`flags: ${refused}`]),
    'flags: runc starts no container under SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV with libseccomp before 2.6.0',
  ];
}
