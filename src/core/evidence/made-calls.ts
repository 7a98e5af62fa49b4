// SPDX-License-Identifier: Apache-2.0
// Calls that were made, by what tells of them: a trace, or a recorded profile, which knows their names only.
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SYSCALL_COVERAGE } from '../recording/coverage.ts';
import { SECCOMP_LEARNER } from '../recording/kinds/seccomp.ts';
import { partCoverage } from '../recording/merge-partials.ts';
import { isKnown } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import type { Trace } from './trace.ts';
import { wholenessOf } from './wholeness.ts';

/** Calls of one sort that were made. */
export interface MadeCall {
  /** The architectures of which it may be: one, where that is known. */
  readonly architectures: readonly KnownArchitecture[];
  /** `syscall 600` for a number without a name. */
  readonly name: string;
  /** The arguments that are known, by place. */
  readonly arguments: ReadonlyMap<number, bigint>;
  readonly caller: Caller;
}

/** The program that made calls, and how often it did. */
export interface Caller {
  /** The file with the trace or the recording. */
  readonly source: string;
  /** Undefined where that is not known. */
  readonly executable?: string;
  readonly count: number;
  readonly counted: 'calls' | 'recordings';
  /** RFC 3339; undefined where that is not known, like the last. */
  readonly first?: string;
  readonly last?: string;
}

/** Calls, and why there may have been others. */
export interface MadeCalls {
  readonly source: string;
  readonly calls: readonly MadeCall[];
  readonly gaps: readonly string[];
}

/** The calls of a trace. */
export function callsOfTrace({ calls, gaps }: Trace, source: string): MadeCalls {
  return {
    source,
    gaps,
    calls: calls.map(({ architecture, number, name, executable, arguments: values, count, first, last }) => ({
      architectures: [architecture],
      name: name ?? `syscall ${String(number)}`,
      arguments: new Map(Object.entries(values).map(([place, value]) => [Number(place), BigInt(value)])),
      caller: { source, executable, count, counted: 'calls', first, last },
    })),
  };
}

/** Of the calls of recordings no arguments are known. There are a hundred calls in each of a thousand recordings. */
const NO_ARGUMENTS: ReadonlyMap<number, bigint> = new Map();

/** The calls that a recorded profile tells of. */
export function callsOfRecording(profile: SeccompProfile, source: string): MadeCalls {
  const architectures = (profile.spec.architectures ?? []).filter((architecture) => isKnown(architecture));
  const callers = new Map<number, Caller>();
  const callerOf = (count: number): Caller => {
    const caller = callers.get(count) ?? { source, count, counted: 'recordings' };
    callers.set(count, caller);
    return caller;
  };
  const call = (name: string, count: number): MadeCall => ({
    architectures,
    name,
    arguments: NO_ARGUMENTS,
    caller: callerOf(count),
  });
  const counts = countsOf(profile);
  return {
    source,
    gaps: wholenessOf([profile]).reasons,
    calls:
      counts === undefined
        ? SECCOMP_LEARNER.seenIn(profile).map((name) => call(name, 1))
        : Array.from(counts, ([name, count]) => call(name, count)),
  };
}

/** In how many recordings each call was seen; undefined for a profile of one recording. */
function countsOf(profile: SeccompProfile): ReadonlyMap<string, number> | undefined {
  if (profile.metadata.annotations?.[SYSCALL_COVERAGE.annotation] === undefined) return undefined;
  const { names } = partCoverage(profile);
  return names.size > 0 ? names : undefined;
}
