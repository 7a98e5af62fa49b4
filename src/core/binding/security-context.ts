// SPDX-License-Identifier: Apache-2.0
// Where a security context holds the profile of each kind, and in which form.
import { APPARMOR_ANNOTATION_PREFIX, profileOfAnnotation } from '../apparmor/pod-uses.ts';
import { localhostProfile, ourLocalhostProfile, profilesOfPath } from '../seccomp/files.ts';
import type { ProfileName } from '../seccomp/files.ts';
import { profileOfUsage, usageOf } from '../selinux/names.ts';
import type { BoundKind } from './choose.ts';
import { annotationOf } from './pod.ts';
import type { AdmittedPod, Context, Json, PodContainer } from './pod.ts';

/** The member of security contexts in which a kind of profile stands. */
export interface ProfileField {
  readonly member: 'seccompProfile' | 'seLinuxOptions' | 'appArmorProfile';
  /** The value that selects the profile; undefined for a name that no object can have. */
  valueOf(namespace: string, name: string): Json | undefined;
  /** The profiles that a value in a pod of a namespace may be of; none for one that is not ours. */
  namesOf(namespace: string, value: Json): readonly ProfileName[];
  /** Whether others have values of that form, too. */
  readonly sharesNames: boolean;
  /** Whether two values select the same profile. */
  isSame(a: Json, b: Json): boolean;
  /** A text that two values have in common when they select the same profile, and else not. */
  keyOf(value: Json): string;
  /** The value in a context, of whoever set it; undefined where none selects a profile. */
  inContext(context: Context | undefined): Json | undefined;
  /** The value that an annotation of the pod gives the container. */
  inAnnotation(pod: AdmittedPod, container: PodContainer): Json | undefined;
}

function memberOf(context: Context | undefined, member: string): Json | undefined {
  return context?.[member] as Json | undefined;
}

function nothing(): undefined {
  return undefined;
}

/** The path as the kubelet understands it: the API server takes several spellings of one. */
function plainPath(value: Json): unknown {
  const path = value.localhostProfile;
  return typeof path === 'string' ? (ourLocalhostProfile(path) ?? path) : path;
}

function sameLocalhost(a: Json, b: Json): boolean {
  return a.type === b.type && a.localhostProfile === b.localhostProfile;
}

/** Of values that come from outside: they may be of any type, and hold what would separate two texts. */
function keyOfParts(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

/** Undefined for a name that no object can have. */
function ofName(value: () => Json): Json | undefined {
  try {
    return value();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function seccompValue(namespace: string, name: string): Json | undefined {
  return ofName(() => ({ type: 'Localhost', localhostProfile: localhostProfile(namespace, name) }));
}

function appArmorAnnotation(pod: AdmittedPod, container: PodContainer): Json | undefined {
  const text = annotationOf(pod, APPARMOR_ANNOTATION_PREFIX + container.name);
  if (text === undefined) return undefined;
  const profile = profileOfAnnotation(text);
  return profile === undefined ? { type: text } : { type: 'Localhost', localhostProfile: profile };
}

/** Each kind's field. For seccomp there are no annotations any more since Kubernetes 1.27. */
export const PROFILE_FIELDS: Readonly<Record<BoundKind, ProfileField>> = {
  SeccompProfile: {
    member: 'seccompProfile',
    valueOf: seccompValue,
    namesOf: (_namespace, { localhostProfile: path }) => (typeof path === 'string' ? profilesOfPath(path) : []),
    sharesNames: false,
    isSame: (a, b) => a.type === b.type && plainPath(a) === plainPath(b),
    keyOf: (value) => keyOfParts(value.type, plainPath(value)),
    inContext: (context) => memberOf(context, 'seccompProfile'),
    inAnnotation: nothing,
  },
  SelinuxProfile: {
    member: 'seLinuxOptions',
    valueOf: (namespace, name) => ofName(() => ({ type: usageOf(namespace, name) })),
    namesOf: (_namespace, { type }) => [(typeof type === 'string' ? profileOfUsage(type) : undefined) ?? []].flat(),
    sharesNames: true,
    isSame: (a, b) => a.type === b.type,
    keyOf: ({ type }) => keyOfParts(type),
    inContext: (context) => {
      const options = memberOf(context, 'seLinuxOptions');
      return options?.type === undefined || options.type === '' ? undefined : options;
    },
    inAnnotation: nothing,
  },
  AppArmorProfile: {
    member: 'appArmorProfile',
    valueOf: (_namespace, name) => ({ type: 'Localhost', localhostProfile: name }),
    namesOf: (namespace, { type, localhostProfile: name }) =>
      type === 'Localhost' && typeof name === 'string' ? [{ namespace, name }] : [],
    sharesNames: true,
    isSame: sameLocalhost,
    keyOf: ({ type, localhostProfile: path }) => keyOfParts(type, path),
    inContext: (context) => memberOf(context, 'appArmorProfile'),
    inAnnotation: appArmorAnnotation,
  },
};

/**
 * The member's whole new value: other settings that hold for the container, such as the level of SELinux, stay. The
 * container's own replace those of the pod as a whole.
 */
export function mergedValue(field: ProfileField, contexts: readonly (Context | undefined)[], value: Json): Json {
  const settings = contexts.map((context) => memberOf(context, field.member)).find((found) => found !== undefined);
  return { ...settings, ...value };
}
