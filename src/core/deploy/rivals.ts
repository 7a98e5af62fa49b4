// SPDX-License-Identifier: Apache-2.0
// Two operators in one cluster. Many objects have fixed names without a namespace: webhook configurations, roles,
// policies, and profiles have one status. Two that worked would undo each other for ever; so the one whose spod object
// is the older goes on, and the other one makes nothing and says so.
import { SPOD } from '../names.ts';

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
  const others = spods.filter(({ metadata }) => metadata.name === SPOD && metadata.namespace !== namespace);
  const answered = others.filter(({ status }) => status !== undefined);
  const before = answered.filter((spod) => own === undefined || compare(spod, own) < 0);
  return before.sort(compare)[0]?.metadata.namespace;
}

/** The sentence about it, for the condition and the event of this operator's spod. */
export function rivalSentence(rival: string): string {
  return (
    `the operator of namespace ${rival} was here first: two operators would undo each other's work, so this one makes ` +
    'no daemons and no webhooks and changes no profile until the other one and its spod are gone. ' +
    'Remove one of them; where roles were exchanged by applying this one, apply the manifest of the one that stays again'
  );
}

/** By age, then by namespace: every operator comes to the same order. */
function compare(a: RivalSpod, b: RivalSpod): number {
  const [one, two] = [a, b].map(({ metadata: { creationTimestamp = '', namespace = '' } }) =>
    [creationTimestamp ?? '', namespace].join(' '),
  );
  return (one ?? '') < (two ?? '') ? -1 : 1;
}
