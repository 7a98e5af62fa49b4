// SPDX-License-Identifier: Apache-2.0
// Two operators in one cluster. Many objects have fixed names without a namespace: webhook configurations, roles,
// policies, and profiles have one status. Two that worked would undo each other for ever; so the one whose spod object
// is the older goes on, and the other one makes nothing and says so.
import { SPOD } from '../names.ts';
import type { Observation } from '../status/state.ts';

/** A spod object, as far as it is read here. */
export interface RivalSpod {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly uid?: string;
    readonly creationTimestamp?: string | null;
  };
  readonly status?: object;
}

/**
 * The namespace of an operator that goes before; undefined where there is none.
 *
 * @param own - the spod of this operator; undefined while there is none
 * @param spods - those of all namespaces that this operator may see. One that no operator has answered does not count:
 *   anybody may have left it, as by applying a manifest in the wrong namespace
 */
export function rivalOf(
  namespace: string,
  own: RivalSpod | undefined,
  spods: readonly RivalSpod[],
): string | undefined {
  const before = answeredElsewhere(namespace, spods).filter((spod) => own === undefined || compare(spod, own) < 0);
  return before[0]?.metadata.namespace;
}

/** Of other namespaces, the oldest first. */
function answeredElsewhere(namespace: string, spods: readonly RivalSpod[]): readonly RivalSpod[] {
  const others = spods.filter(({ metadata }) => metadata.name === SPOD && metadata.namespace !== namespace);
  return others.filter(({ status }) => status !== undefined).sort(compare);
}

/** The sentence about it, for the condition and the event of this operator's spod. */
export function rivalSentence(rival: string): string {
  return (
    `the operator of namespace ${rival} was here first: two operators would undo each other's work, so this one makes ` +
    'no daemons and no webhooks and changes no profile until the other one and its spod are gone; what it has made ' +
    'before stays as it is. ' +
    'Remove one of them; where roles were exchanged by applying this one, apply the manifest of the one that stays again'
  );
}

/** Name of the condition that an operator has while there are others. */
export const ALONE_CONDITION = 'OnlyOperator';

/** How many namespaces its message names. */
const NAMED = 5;

/**
 * The condition of the operator that goes on, about those that came later; undefined where there is none. They may be
 * of a version that does not stand aside.
 */
export function laterOperators(
  namespace: string,
  spods: readonly RivalSpod[],
  observedGeneration: number,
): Observation | undefined {
  const all = answeredElsewhere(namespace, spods).map(({ metadata }) => metadata.namespace ?? '');
  if (all.length === 0) return undefined;
  const more = all.length > NAMED ? ` and ${String(all.length - NAMED)} more` : '';
  const message =
    `there is another operator in namespace ${all.slice(0, NAMED).join(', ')}${more}. This one was here first and goes ` +
    'on; the later one should wait and do nothing, and may have taken the roles of this one. Remove it with its spod, ' +
    'without its CustomResourceDefinitions, and apply the manifest of this one again';
  return { type: ALONE_CONDITION, status: 'False', reason: 'OperatorConflict', message, observedGeneration };
}

/** By age, then by namespace: every operator comes to the same order. */
function compare(a: RivalSpod, b: RivalSpod): number {
  const [one, two] = [a, b].map(({ metadata: { creationTimestamp = '', namespace = '' } }) =>
    [creationTimestamp ?? '', namespace].join(' '),
  );
  return (one ?? '') < (two ?? '') ? -1 : 1;
}
