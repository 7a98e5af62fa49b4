// SPDX-License-Identifier: Apache-2.0
// Whether a new pod is held back until its profiles are on the nodes, and for how long at most. That goes for profiles
// that bindings put on it and for ours that its author named; a pod for a given node cannot be held back.
import { ANNOTATION, PROFILE_GATE } from '../names.ts';
import { ourLocalhostProfile, profilesOfPath } from '../seccomp/files.ts';
import type { Bound } from './decide.ts';
import { askedSecondsOf, DEFAULT_WAIT_SECONDS } from './gate.ts';
import type { ProfileState, Situation } from './situation.ts';
import { annotationOf, containersOf, isMirror, isWindows } from './pod.ts';
import { PROFILE_FIELDS } from './security-context.ts';

/** The wait that is decided. */
export interface Wait {
  /** Whether the gate is to be added. */
  readonly needsGate: boolean;
  /** The text of `ANNOTATION.profileWaitSeconds`; undefined where the pod is to have none. */
  readonly annotation: string | undefined;
}

/** The paths of ours in the pod, of containers that do run under their profiles. */
function namedPaths({ pod }: Situation): readonly string[] {
  const contexts = [
    pod.spec?.securityContext,
    ...containersOf(pod).flatMap(({ container }) =>
      container.securityContext?.privileged === true ? [] : [container.securityContext],
    ),
  ];
  return contexts.flatMap((context) => {
    const path = PROFILE_FIELDS.SeccompProfile.inContext(context)?.localhostProfile;
    return typeof path === 'string' ? (ourLocalhostProfile(path) ?? []) : [];
  });
}

/** How far the profile of a path is; undefined for a path that is none of ours. */
function stateOfPath(path: string, { profileState }: Situation): ProfileState | undefined {
  const states = profilesOfPath(path).map(({ namespace, name }) => profileState('SeccompProfile', namespace, name));
  return states.find((state) => state !== 'missing' && state !== 'ending') ?? states[0];
}

function boundPath({ value }: Bound): readonly string[] {
  return typeof value.localhostProfile === 'string' ? [value.localhostProfile] : [];
}

/** How far the profiles are that the author named. */
function authorsStates(situation: Situation, bound: readonly Bound[]): readonly ProfileState[] {
  const isBinding = new Set(bound.flatMap(boundPath));
  const paths = [...new Set(namedPaths(situation))].filter((path) => !isBinding.has(path));
  return paths.flatMap((path) => stateOfPath(path, situation) ?? []);
}

/** Decides on the gate of a pod that is being created. */
export function waitFor(situation: Situation, bound: readonly Bound[]): Wait {
  const { pod } = situation;
  if (isMirror(pod) || isWindows(pod)) return { needsGate: false, annotation: undefined };
  const named = authorsStates(situation, bound);
  const asked = askedSecondsOf(annotationOf(pod, ANNOTATION.profileWaitSeconds));
  const waits = [
    ...bound.flatMap(({ binding, state }) =>
      state === 'installed' ? [] : [binding.spec.profileNotReady?.timeoutSeconds ?? DEFAULT_WAIT_SECONDS],
    ),
    ...(named.some((state) => state !== 'installed') ? [asked ?? DEFAULT_WAIT_SECONDS] : []),
  ];
  const longest = waits.reduce((most, seconds) => Math.max(most, seconds), 0);
  const mayWait = longest > 0 && (pod.spec?.nodeName ?? '') === '';
  // The author's number stays with a profile that the author named: it counts again when the pod is made anew.
  const kept = named.length > 0 && asked !== undefined ? String(asked) : undefined;
  return {
    needsGate: mayWait && !(pod.spec?.schedulingGates ?? []).some(({ name }) => name === PROFILE_GATE),
    annotation: mayWait ? String(longest) : kept,
  };
}
