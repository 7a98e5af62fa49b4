// SPDX-License-Identifier: Apache-2.0
// The name of a recorded profile: `<recording>-<container>`, and for a pod of a replicating controller also the part of
// the pod's name that tells it from its siblings.
import { sha256Hex } from '../sha256.ts';

/** The names of a pod. */
export interface PodNames {
  readonly name: string;
  /** The beginning that its author gave, where the API server or a controller chose the rest. */
  readonly generateName?: string;
}

/** A name, and whether it had to be cut to be one. */
export interface ProfileName {
  readonly name: string;
  readonly isShortened: boolean;
}

/** Longest name of an object: a DNS-1123 subdomain. */
const NAME_MAX = 253;

/** Hexadecimal digits that tell apart names with the same beginning. */
const HASH_LENGTH = 10;

/** The name of the profile of a container in a pod. */
export function recordedProfileName(recording: string, container: string, pod: PodNames): ProfileName {
  return nameOf(recording, container, suffixOf(pod));
}

/**
 * The name of a profile that is a part of a merged one. It has the name of a pod that stands alone at its end, too: the
 * name without an end is that of the merged one.
 */
export function partialProfileName(recording: string, container: string, pod: PodNames): ProfileName {
  return nameOf(recording, container, suffixOf(pod) || pod.name);
}

/** The name of the profile that those of all replicas are merged into. */
export function mergedProfileName(recording: string, container: string): ProfileName {
  return nameOf(recording, container, '');
}

/**
 * The name of the part into which those of pods that have ended are put meanwhile: with a hash at its end, so that it
 * is none of a pod.
 */
export function gatheredProfileName(recording: string, container: string): ProfileName {
  const hash = sha256Hex(`${recording}/${container}`).slice(0, HASH_LENGTH);
  return nameOf(recording, container, `gathered-${hash}`);
}

function nameOf(recording: string, container: string, suffix: string): ProfileName {
  const whole = `${recording}-${container}${suffix === '' ? '' : `-${suffix}`}`;
  if (whole.length <= NAME_MAX) return { name: whole, isShortened: false };
  const head = whole.slice(0, NAME_MAX - HASH_LENGTH - 1).replace(/[.-]+$/, '');
  return { name: `${head}-${sha256Hex(whole).slice(0, HASH_LENGTH)}`, isShortened: true };
}

function suffixOf({ name, generateName = '' }: PodNames): string {
  if (generateName === '' || !name.startsWith(generateName)) return '';
  return name.slice(generateName.length).replace(/^[.-]+/, '');
}
