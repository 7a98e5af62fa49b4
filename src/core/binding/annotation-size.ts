// SPDX-License-Identifier: Apache-2.0
// The room for annotations. The API server refuses more than it takes, without a word of who wrote the last of them.
import { podTitle } from './pod.ts';
import type { AdmittedPod } from './pod.ts';

/** All annotations of an object together, keys and values, in bytes (TotalAnnotationSizeLimitB of apimachinery). */
const MAX_BYTES = 256 * 1024;

/** The most bytes that a UTF-16 unit has in UTF-8. */
const BYTES_PER_UNIT = 3;

/** Why the pod's annotations with those about `subject` are too long; undefined where they are not. */
export function annotationsFault(pod: AdmittedPod, subject: string): string | undefined {
  const texts = Object.entries(pod.metadata?.annotations ?? {}).flat();
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  if (units * BYTES_PER_UNIT <= MAX_BYTES) return undefined;
  const encoder = new TextEncoder();
  const bytes = texts.reduce((sum, text) => sum + encoder.encode(text).length, 0);
  if (bytes <= MAX_BYTES) return undefined;
  return (
    `${podTitle(pod)} would have ${String(bytes)} bytes of annotations with those that tell of its ${subject}; ` +
    `${String(MAX_BYTES)} are taken. Use fewer containers or shorter annotations`
  );
}
