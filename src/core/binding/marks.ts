// SPDX-License-Identifier: Apache-2.0
// The annotations by which the binding webhook tells, on a pod, what it did when the pod was created: the containers
// that are bound, by which binding, and those that are not, and why. Comma-separated, so that people, kubectl and CEL
// can read them. Container names are DNS labels and binding names DNS subdomains: neither holds a separator.

/** Why a binding that matched a container was not put on it. */
export const SKIP_REASONS = [
  'ProfileSetByAuthor',
  'RecordedFromLogs',
  'PrivilegedContainer',
  'WindowsPod',
  'KindNotSupported',
  'PodSecurity',
  'NodesWithoutAppArmor',
  'ProfileNotReady',
  'StaticPod',
  'TrialImpossible',
] as const;

/** One of `SKIP_REASONS`. */
export type SkipReason = (typeof SKIP_REASONS)[number];

/** A container that is bound. */
export interface BoundMark {
  readonly container: string;
  readonly binding: string;
}

/** A container that a binding matched, and that is not bound. */
export interface SkippedMark extends BoundMark {
  readonly reason: SkipReason;
}

const BOUND = /^([^=,:]+)=([^=,:]+)$/;
const SKIPPED = /^([^=,:]+)=([^=,:]+):([A-Za-z]+)$/;

/** `nginx=web-binding,init=default-binding`, in order of the containers' names; undefined for none. */
export function printBound(marks: readonly BoundMark[]): string | undefined {
  return joined(marks.map(({ container, binding }) => `${container}=${binding}`));
}

/** `nginx=web-binding:ProfileSetByAuthor`, in order of the containers' names; undefined for none. */
export function printSkipped(marks: readonly SkippedMark[]): string | undefined {
  return joined(marks.map(({ container, binding, reason }) => `${container}=${binding}:${reason}`));
}

/** Reads `printBound`'s form. Anybody may write an annotation: what has not the form is passed over. */
export function parseBound(text: string | undefined): readonly BoundMark[] {
  return parts(text).flatMap((part) => {
    const [, container, binding] = BOUND.exec(part) ?? [];
    return container === undefined || binding === undefined ? [] : [{ container, binding }];
  });
}

/** Reads `printSkipped`'s form; what has not the form, or a reason that is none, is passed over. */
export function parseSkipped(text: string | undefined): readonly SkippedMark[] {
  return parts(text).flatMap((part) => {
    const [, container, binding, word] = SKIPPED.exec(part) ?? [];
    const reason = SKIP_REASONS.find((known) => known === word);
    return container === undefined || binding === undefined || reason === undefined
      ? []
      : [{ container, binding, reason }];
  });
}

function joined(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : [...parts].sort().join(',');
}

function parts(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split(',');
}
