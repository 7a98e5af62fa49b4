// SPDX-License-Identifier: Apache-2.0
// Whether a new pod is held back until its profiles are on the nodes, and for how long at most. That goes for profiles
// that bindings put on it and for ours that its author named; a pod for a given node cannot be held back.
import { ANNOTATION, PROFILE_GATE } from '../names.ts';
import type { BoundKind } from './choose.ts';
import type { Bound } from './decide.ts';
import { askedSecondsOf, DEFAULT_WAIT_SECONDS } from './gate.ts';
import type { ProfileState, Situation } from './situation.ts';
import { annotationOf, containersOf, isMirror, isWindows } from './pod.ts';
import type { AdmittedPod, ContainerPlace, Json } from './pod.ts';
import { PROFILE_FIELDS } from './security-context.ts';
import type { ProfileField } from './security-context.ts';

/** The wait that is decided. */
export interface Wait {
  /** Whether the gate is to be added. */
  readonly needsGate: boolean;
  /** The text of `ANNOTATION.profileWaitSeconds`; undefined where the pod is to have none. */
  readonly annotation: string | undefined;
}

const BOUND_KINDS = Object.keys(PROFILE_FIELDS) as readonly BoundKind[];

/**
 * The values in the pod that select profiles of a kind, of containers that do run under their profiles; each once, and
 * none of those that are `known`. By keys, because each of ten thousand containers may name another profile.
 */
function namedValues(
  pod: AdmittedPod,
  places: readonly ContainerPlace[],
  field: ProfileField,
  known: readonly Json[],
): readonly Json[] {
  const found: Json[] = [];
  const note = (value: Json | undefined): void => {
    if (value !== undefined) found.push(value);
  };
  note(field.inContext(pod.spec?.securityContext));
  for (const { container } of places) {
    if (container.securityContext?.privileged !== true) note(field.inContext(container.securityContext));
  }
  for (const { container } of places) note(field.inAnnotation(pod, container));
  if (found.length === 0) return found;
  const keys = new Set(known.map((value) => field.keyOf(value)));
  return found.filter((value) => {
    const key = field.keyOf(value);
    return !keys.has(key) && keys.add(key);
  });
}

/**
 * How far the profile is that a value may be of; undefined for one that is none of ours. Others use such names for
 * SELinux and AppArmor, too, so only an object makes one ours.
 */
function stateOfValue(kind: BoundKind, value: Json, { namespace, profileState }: Situation): ProfileState | undefined {
  const field = PROFILE_FIELDS[kind];
  const states = field.namesOf(namespace, value).map((one) => profileState(kind, one.namespace, one.name));
  const best = states.find((state) => state !== 'missing' && state !== 'ending') ?? states[0];
  const isNobodys = field.sharesNames && best !== 'installed' && best !== 'pending';
  return isNobodys ? undefined : best;
}

/** How far the profiles are that the author named. */
function authorsStates(situation: Situation, bound: readonly Bound[]): readonly ProfileState[] {
  const places = containersOf(situation.pod);
  return BOUND_KINDS.flatMap((kind) => {
    const own = bound.filter(({ binding }) => binding.spec.profileRef.kind === kind).map(({ value }) => value);
    const values = namedValues(situation.pod, places, PROFILE_FIELDS[kind], own);
    return values.flatMap((value) => stateOfValue(kind, value, situation) ?? []);
  });
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
