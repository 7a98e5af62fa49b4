// SPDX-License-Identifier: Apache-2.0
// Findings about what finalizers of ours hold: objects that wait to be deleted, objects that would, and the account of
// a manager that ended in the middle of leaving (core/deploy/departure.ts), with which its namespace waits for ever.
import { KINDS } from '../../gen/kinds.ts';
import { FINALIZER, OPERATOR } from '../names.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import { findingsOf } from './finding.ts';
import type { Finding } from './finding.ts';
import { itemsOf, listAt, nameOf, namesText, textAt } from './reading.ts';

/** A deletion that takes longer than this, in milliseconds, is told: pods get a minute to end. */
const LONG_DELETION = 60_000;

const OURS: ReadonlySet<string> = new Set(Object.values(FINALIZER));

const { ok, warn, fail } = findingsOf('cluster');

interface Held {
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly finalizers: readonly string[];
  /** Milliseconds since 1970; undefined where nobody deletes it. */
  readonly deletedAt: number | undefined;
}

/** Objects of our kinds that have finalizers. */
function heldObjects({ objects }: ClusterFacts): readonly Held[] {
  return KINDS.flatMap(({ plural }, index) =>
    itemsOf(objects[index] ?? { type: 'absent' }).flatMap((object) => {
      const finalizers = listAt(object, 'metadata', 'finalizers').map(String);
      if (finalizers.length === 0) return [];
      const namespace = textAt(object, 'metadata', 'namespace');
      const since = textAt(object, 'metadata', 'deletionTimestamp');
      const deletedAt = since === undefined ? undefined : Date.parse(since);
      return [{ plural, namespace, name: textAt(object, 'metadata', 'name') ?? '', finalizers, deletedAt }];
    }),
  );
}

function heldText(all: readonly Held[]): string {
  return namesText(
    all.map(({ plural, namespace, name, finalizers }) => {
      const path = namespace === undefined ? name : `${namespace}/${name}`;
      return `${plural} ${path} (${finalizers.join(', ')})`;
    }),
  );
}

/** The command that takes the finalizers off an object. */
function release(plural: string, name: string, namespace: string | undefined): string {
  const where = namespace === undefined ? '' : `-n ${namespace} `;
  return `kubectl ${where}patch ${plural} ${name} --type=merge -p '{"metadata":{"finalizers":null}}'`;
}

/** Deletions that do not end while an operator is there. */
export function judgeStuck(facts: ClusterFacts): readonly Finding[] {
  const before = facts.now - LONG_DELETION;
  const stuck = heldObjects(facts).filter(({ deletedAt }) => deletedAt !== undefined && deletedAt <= before);
  if (stuck.length === 0) return [ok('deletions', 'no object waits to be deleted')];
  const advice = 'a profile stays while pods use it: delete these; else look at the log of the manager';
  return [warn('deletions', `waiting for more than a minute: ${heldText(stuck)}`, advice)];
}

/** Finalizers of an operator that is not there. */
export function judgeHeld(facts: ClusterFacts): readonly Finding[] {
  return [...heldAccount(facts), ...heldDeletions(facts), ...laterDeletions(facts)];
}

/** Where a namespace goes, nothing can be created: an operator is installed only after its account was let go. */
function heldAccount({ single: { account, home }, namespace }: ClusterFacts): readonly Finding[] {
  if (account.type !== 'found') return [];
  const finalizers = listAt(account.body, 'metadata', 'finalizers').map(String);
  if (!finalizers.includes(FINALIZER.departure)) return [];
  const isGoing = home.type === 'found' && textAt(home.body, 'metadata', 'deletionTimestamp') !== undefined;
  const waits = isGoing ? `, and so does the deletion of the namespace ${namespace}` : '';
  const text = `serviceaccounts ${nameOf(account.body)} (${finalizers.join(', ')}) waits for a manager that leaves${waits}`;
  const advice = `when no pod of it runs any more, it was killed: ${release('serviceaccount', OPERATOR, namespace)}`;
  return [fail('leftovers', text, advice)];
}

function heldDeletions(facts: ClusterFacts): readonly Finding[] {
  const held = heldObjects(facts).filter(({ deletedAt }) => deletedAt !== undefined);
  return held.length === 0 ? [] : [fail('leftovers', `held by finalizers: ${heldText(held)}`, adviceFor(held))];
}

function laterDeletions(facts: ClusterFacts): readonly Finding[] {
  const held = heldObjects(facts).filter(
    ({ deletedAt, finalizers }) => deletedAt === undefined && finalizers.some((name) => OURS.has(name)),
  );
  if (held.length === 0) return [];
  const text = `have finalizers that nobody takes off, so their deletion will wait: ${heldText(held)}`;
  return [warn('leftovers', text, adviceFor(held))];
}

function adviceFor([first]: readonly Held[]): string {
  const again = 'install the operator again, which ends deletions; or, when no node has one any more, of each: ';
  return first === undefined ? again : again + release(first.plural, first.name, first.namespace);
}
