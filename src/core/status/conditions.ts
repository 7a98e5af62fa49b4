// SPDX-License-Identifier: Apache-2.0
// Conditions in a status: at most one of each type, and a transition time that moves only when the truth does. Without
// that rule a status would differ at every reconcile, and an operator at rest would write for ever.
import type { Observation, Truth } from './state.ts';

/** A condition as the API holds it. `lastTransitionTime` is RFC 3339. */
export interface Condition {
  readonly type: string;
  readonly status: Truth;
  readonly reason: string;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
}

/**
 * The conditions with one observation added or replaced; the others and the order stay.
 * @param now - RFC 3339 time, used only when the condition is new or its status changed
 */
export function withObservation(
  conditions: readonly Condition[] | undefined,
  seen: Observation,
  now: string,
): readonly Condition[] {
  const known = conditions ?? [];
  const before = known.find((condition) => condition.type === seen.type);
  const lastTransitionTime = before?.status === seen.status ? before.lastTransitionTime : now;
  const after: Condition = { ...seen, lastTransitionTime };
  if (before === undefined) return [...known, after];
  return known.map((condition) => (condition === before ? after : condition));
}
