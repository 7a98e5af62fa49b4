// SPDX-License-Identifier: Apache-2.0
// Findings about what an operator has left behind when it was removed, and about objects that wait to be deleted.
import { KINDS } from '../../gen/kinds.ts';
import { OPERATOR } from '../names.ts';
import { WEBHOOK_CONFIGURATIONS } from './cluster-facts.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import { findingsOf } from './finding.ts';
import type { Finding } from './finding.ts';
import { itemsOf, listAt, nameOf, namesText, textAt } from './reading.ts';

/** A deletion that takes longer than this, in milliseconds, is told: pods get a minute to end. */
const LONG_DELETION = 60_000;

const { ok, warn, fail, unknown } = findingsOf('cluster');

interface Waiting {
  readonly plural: string;
  readonly name: string;
  readonly finalizers: readonly string[];
}

/** Objects of ours that were told to go before `before` and are held by finalizers. */
function waiting({ objects }: ClusterFacts, before: number): readonly Waiting[] {
  return KINDS.flatMap(({ plural }, index) =>
    itemsOf(objects[index] ?? { type: 'absent' }).flatMap((object) => {
      const since = Date.parse(textAt(object, 'metadata', 'deletionTimestamp') ?? '');
      const finalizers = listAt(object, 'metadata', 'finalizers').map(String);
      return since <= before && finalizers.length > 0 ? [{ plural, name: nameOf(object), finalizers }] : [];
    }),
  );
}

function waitingText(all: readonly Waiting[]): string {
  return namesText(all.map(({ plural, name, finalizers }) => `${plural} ${name} (${finalizers.join(', ')})`));
}

/** Deletions that do not end while an operator is there. */
export function judgeStuck(facts: ClusterFacts): readonly Finding[] {
  const stuck = waiting(facts, facts.now - LONG_DELETION);
  if (stuck.length === 0) return [ok('deletions', 'no object waits to be deleted')];
  const advice = 'a profile stays while pods use it: delete these; else look at the log of the manager';
  return [warn('deletions', `waiting for more than a minute: ${waitingText(stuck)}`, advice)];
}

/** The remains of an operator that is not there. */
export function judgeLeftovers(facts: ClusterFacts): readonly Finding[] {
  const found = [
    ...leftWebhooks(facts),
    ...leftDeletions(facts),
    ...leftObjects(facts),
    ...leftPolicies(facts),
    ...leftRoles(facts),
    ...leftPods(facts),
  ];
  const none = `there is no operator in the namespace ${facts.namespace}`;
  const advice = 'name its namespace by -n; to install it: kubectl apply -f manifests/operator.yaml';
  const refused = [...facts.objects, ...facts.webhooks].find((answer) => answer.type === 'refused');
  const blind =
    refused === undefined ? [] : [unknown('leftovers', refused.why, 'ask with the rights of an administrator')];
  const clean = found.length + blind.length === 0 ? [ok('leftovers', 'none')] : [];
  return [warn('operator', none, advice), ...found, ...blind, ...clean];
}

function leftWebhooks({ webhooks }: ClusterFacts): readonly Finding[] {
  return WEBHOOK_CONFIGURATIONS.flatMap(([resource, name], index) => {
    if (webhooks[index]?.type !== 'found') return [];
    const advice = `kubectl delete ${resource} ${name}: it may refuse pods, as nobody answers`;
    return [fail('leftovers', `${resource} ${name}`, advice)];
  });
}

function leftDeletions(facts: ClusterFacts): readonly Finding[] {
  const held = waiting(facts, Infinity);
  if (held.length === 0) return [];
  const advice =
    'install the operator again, which ends the deletions; or, when no node has one any more: ' +
    `kubectl patch ${held[0]?.plural ?? ''} NAME --type=merge -p '{"metadata":{"finalizers":null}}'`;
  return [fail('leftovers', `held by finalizers: ${waitingText(held)}`, advice)];
}

function leftObjects({ objects, definitions }: ClusterFacts): readonly Finding[] {
  const counts = KINDS.flatMap(({ plural }, index) => {
    const count = itemsOf(objects[index] ?? { type: 'absent' }).length;
    return count === 0 ? [] : [`${String(count)} ${plural}`];
  });
  const there = definitions.filter(({ type }) => type === 'found').length;
  if (there === 0) return [];
  const text = counts.length === 0 ? 'without objects' : `with ${counts.join(', ')}`;
  const advice = 'kept on purpose where you install again; else kubectl delete -f crds/ removes them with all objects';
  return [warn('leftovers', `${String(there)} definitions (CRDs), ${text}`, advice)];
}

function leftPolicies({ single: { policies } }: ClusterFacts): readonly Finding[] {
  const own = itemsOf(policies)
    .map(nameOf)
    .filter((name) => name.startsWith(`${OPERATOR}-`));
  if (own.length === 0) return [];
  const advice = `kubectl delete validatingadmissionpolicies,validatingadmissionpolicybindings -l app=${OPERATOR}`;
  return [warn('leftovers', `admission policies: ${namesText(own)}`, advice)];
}

function leftRoles({ single: { roles } }: ClusterFacts): readonly Finding[] {
  const names = itemsOf(roles).map(nameOf);
  if (names.length === 0) return [];
  const advice = `kubectl delete clusterroles,clusterrolebindings -l app=${OPERATOR}`;
  return [warn('leftovers', `cluster roles: ${namesText(names)}`, advice)];
}

function leftPods({ single: { daemonSet, pods }, namespace }: ClusterFacts): readonly Finding[] {
  const own = itemsOf(pods)
    .filter((pod) => textAt(pod, 'metadata', 'labels', 'app') === OPERATOR)
    .map(nameOf);
  if (own.length === 0 && daemonSet.type !== 'found') return [];
  const advice = `kubectl delete namespace ${namespace}`;
  return [warn('leftovers', `pods and DaemonSet in ${namespace}: ${namesText(own)}`, advice)];
}
