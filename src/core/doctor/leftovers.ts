// SPDX-License-Identifier: Apache-2.0
// Findings about what an operator has left behind when it was removed.
import { KINDS } from '../../gen/kinds.ts';
import { OPERATOR } from '../names.ts';
import { WEBHOOK_CONFIGURATIONS } from './cluster-facts.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import { findingsOf } from './finding.ts';
import type { Finding } from './finding.ts';
import { judgeHeld } from './held.ts';
import { itemsOf, nameOf, namesText, textAt } from './reading.ts';

const { ok, warn, fail, unknown } = findingsOf('cluster');

/** The remains of an operator that is not there. */
export function judgeLeftovers(facts: ClusterFacts): readonly Finding[] {
  const found = [
    ...leftWebhooks(facts),
    ...judgeHeld(facts),
    ...leftObjects(facts),
    ...leftPolicies(facts),
    ...leftRoles(facts),
    ...leftPods(facts),
  ];
  const none = `there is no operator in the namespace ${facts.namespace}`;
  const advice = 'name its namespace by -n; to install it: kubectl apply -f manifests/operator.yaml';
  const { home, account, policies, roles, bindings, daemonSet, pods } = facts.single;
  const single = [home, account, policies, roles, bindings, daemonSet, pods];
  const refused = [...facts.objects, ...facts.webhooks, ...single].find((answer) => answer.type === 'refused');
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

function leftRoles({ single: { roles, bindings } }: ClusterFacts): readonly Finding[] {
  const names = [...new Set([...itemsOf(roles), ...itemsOf(bindings)].map(nameOf))];
  if (names.length === 0) return [];
  const advice = `kubectl delete clusterroles,clusterrolebindings -l app=${OPERATOR}`;
  return [warn('leftovers', `cluster roles and their bindings: ${namesText(names)}`, advice)];
}

function leftPods({ single: { daemonSet, pods }, namespace }: ClusterFacts): readonly Finding[] {
  const own = itemsOf(pods)
    .filter((pod) => textAt(pod, 'metadata', 'labels', 'app') === OPERATOR)
    .map(nameOf);
  if (own.length === 0 && daemonSet.type !== 'found') return [];
  const advice = `kubectl delete namespace ${namespace}`;
  return [warn('leftovers', `pods and DaemonSet in ${namespace}: ${namesText(own)}`, advice)];
}
