// SPDX-License-Identifier: Apache-2.0
// The groups of system calls by which people read a profile.
import { SYSCALL_GROUPS } from '../../gen/syscall-groups.ts';
import { mayHappen } from '../seccomp/libseccomp/filter.ts';
import type { Profile } from '../seccomp/model.ts';
import { allSyscalls } from '../seccomp/syscalls.ts';

/** A part of a profile: calls of a group that may happen under it. */
export interface PermittedGroup {
  /** `@file-system`; `no group` for calls that are in none. */
  readonly group: string;
  readonly permitted: readonly string[];
  /** Calls that are read under this group, permitted or not. */
  readonly size: number;
}

/** Every group, by name. */
export function groupNames(): readonly string[] {
  return Object.keys(SYSCALL_GROUPS);
}

/** The calls of a group; undefined where there is none of the name. */
export function callsOfGroup(group: string): readonly string[] | undefined {
  return Object.hasOwn(SYSCALL_GROUPS, group) ? SYSCALL_GROUPS[group]?.split(' ') : undefined;
}

/** For calls that are in no group. */
const NO_GROUP = 'no group';

/** Groups hold other ones: a call is read under the smallest one that has it, so that it is read once. */
function homes(): ReadonlyMap<string, string> {
  const bySize = groupNames()
    .map((group) => ({ group, calls: callsOfGroup(group) ?? [] }))
    .sort((a, b) => b.calls.length - a.calls.length);
  return new Map(bySize.flatMap(({ group, calls }) => calls.map((call): [string, string] => [call, group])));
}

/** The calls that may happen under a profile, each under one group; groups of which nothing may happen, too. */
export function permittedByGroup(profile: Profile): readonly PermittedGroup[] {
  const home = homes();
  const read = Map.groupBy(allSyscalls(), (call) => home.get(call) ?? NO_GROUP);
  return [...groupNames(), NO_GROUP].flatMap((group) => {
    const calls = read.get(group) ?? [];
    const permitted = calls.filter((call) => mayHappen(profile, call));
    return calls.length === 0 ? [] : [{ group, permitted, size: calls.length }];
  });
}
