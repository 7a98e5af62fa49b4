// SPDX-License-Identifier: Apache-2.0
// How long the scheduling gate of a pod stays: until its profiles are on all nodes that it may run on, and no longer
// than its annotation says. Pure, with the readings of clocks handed in.

/** The wait in seconds where a pod names no other; the default of schemas/crd/profile-binding.json. */
export const DEFAULT_WAIT_SECONDS = 300;

/** The longest wait in seconds, a day; the maximum of schemas/crd/profile-binding.json. */
const LONGEST_WAIT_SECONDS = 86_400;

const WHOLE_NUMBER = /^\d{1,5}$/;

/** The wait in seconds that a pod's annotation asks for; undefined where there is none, or none that counts. */
export function askedSecondsOf(annotation: string | undefined): number | undefined {
  if (annotation === undefined || !WHOLE_NUMBER.test(annotation)) return undefined;
  const seconds = Number(annotation);
  return seconds <= LONGEST_WAIT_SECONDS ? seconds : undefined;
}

/** The wait in seconds of a pod with that annotation. */
export function waitSecondsOf(annotation: string | undefined): number {
  return askedSecondsOf(annotation) ?? DEFAULT_WAIT_SECONDS;
}

/** The times by which a gate is judged, all in milliseconds. */
export interface GateTimes {
  readonly waitMs: number;
  /** Since the pod was created, by a clock that may be wrong; undefined where this process saw the pod come. */
  readonly ageMs?: number | undefined;
  /** Since this process saw the pod first, by a clock that never jumps. */
  readonly seenMs: number;
}

/**
 * Milliseconds until the gate goes although a profile is missing, 0 if it goes now. The age of a pod that was there
 * before counts, so that a restart of the manager begins no new wait; a clock behind that of the API server must not
 * prolong it, so also the time counts that this process has seen the pod. For one that came later only that counts, or
 * a clock ahead of that of the API server would open every gate at once.
 */
export function gateLeftMs({ waitMs, ageMs = 0, seenMs }: GateTimes): number {
  return Math.max(0, waitMs - Math.max(ageMs, seenMs));
}

/** Where a profile stands on the nodes that count for one pod. */
export type ProfileOnNodes =
  | { readonly state: 'installed' }
  | { readonly state: 'missing' }
  /** It is kept and not installed: its owner says so, or it is a part of a recording. */
  | { readonly state: 'inactive' }
  /** It is being deleted, and not on all of the nodes: no node installs it any more. */
  | { readonly state: 'ending' }
  /** None of the nodes that the pod may run on can have such profiles: what one of them says. */
  | { readonly state: 'unsupported'; readonly node: string; readonly message: string }
  /** There is no node with a daemon. */
  | { readonly state: 'nowhere' }
  | { readonly state: 'pending'; readonly nodes: readonly string[] }
  | { readonly state: 'failed'; readonly node: string; readonly message: string };

/** A profile that a pod waits for. */
export interface Awaited {
  /** As in messages: `SeccompProfile ns/a`. */
  readonly profile: string;
  readonly on: ProfileOnNodes;
}

/** Nodes that a message names. */
const NODES_NAMED = 3;

/** For which profiles a pod waits and why, as the end of a sentence that begins with "waits for". */
export function awaitedText(awaited: readonly Awaited[]): string {
  return awaited.map(({ profile, on }) => `${profile}, ${reasonText(on)}`).join('; ');
}

function reasonText(on: ProfileOnNodes): string {
  switch (on.state) {
    case 'installed':
      return 'which is installed';
    case 'missing':
      return 'which does not exist';
    case 'inactive':
      return 'which no node installs, because it is disabled or a part of a recording';
    case 'ending':
      return 'which is being deleted, so that no node installs it any more';
    case 'nowhere':
      return 'which no node can install, because none runs the daemon';
    case 'unsupported':
      return `which none of the pod's nodes can have, ${on.node}: ${on.message}`;
    case 'failed':
      return `which ${on.node} could not install: ${on.message}`;
    case 'pending': {
      const more = on.nodes.length - NODES_NAMED;
      const names = [...on.nodes].sort().slice(0, NODES_NAMED).join(', ');
      return `which is not yet on ${names}${more > 0 ? ` and ${String(more)} more` : ''}`;
    }
    default:
      return on satisfies never;
  }
}
