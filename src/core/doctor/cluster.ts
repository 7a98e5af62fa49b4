// SPDX-License-Identifier: Apache-2.0
// From what an API server answered to findings: definitions, the operator and its daemon. Where no operator is
// installed, what one has left behind.
import { KINDS } from '../../gen/kinds.ts';
import type { Kind } from '../../gen/kinds.ts';
import { DAEMON_EVENT_POLICY } from '../deploy/daemon-event-policy.ts';
import { DEPARTURE_POLICY } from '../deploy/departure.ts';
import { LOG_PROFILE_POLICY } from '../deploy/log-profile-policy.ts';
import { MANAGER_OBJECT_POLICY } from '../deploy/manager-object-policy.ts';
import { MANAGER_POLICY } from '../deploy/manager-policy.ts';
import { MANAGER_WORKLOAD_POLICY } from '../deploy/manager-workload-policy.ts';
import { POD_POLICY } from '../deploy/pod-policy.ts';
import { RECORDED_PROFILE_POLICY } from '../deploy/recorded-profile-policy.ts';
import { REPORT_POLICY } from '../deploy/report-policy.ts';
import { TRIAL_POLICY } from '../deploy/trial-policy.ts';
import { OPERATOR, SPOD } from '../names.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import { judgeNodes } from './cluster-nodes.ts';
import { judgeWebhooks } from './cluster-webhooks.ts';
import { findingsOf } from './finding.ts';
import type { Finding } from './finding.ts';
import { judgeStuck } from './held.ts';
import { judgeLeftovers } from './leftovers.ts';
import { conditionOf, itemsOf, listAt, nameOf, namesText, numberAt, textAt } from './reading.ts';

const { ok, warn, fail, unknown } = findingsOf('cluster');

/** Everything that is to be said of a cluster. */
export function judgeCluster(facts: ClusterFacts): readonly Finding[] {
  const { version, deployment } = facts.single;
  if (version.type !== 'found') {
    const why = version.type === 'refused' ? version.why : 'it knows no /version';
    return [fail('api', `the API server does not answer: ${why}`, 'check the kubeconfig (--kubeconfig, --context)')];
  }
  const server = ok('api', `Kubernetes ${textAt(version.body, 'gitVersion') ?? 'of an unknown version'}`);
  if (deployment.type === 'absent') return [server, ...judgeLeftovers(facts)];
  return [
    server,
    judgeDefinitions(facts),
    judgeManager(facts),
    ...judgeSpods(facts),
    judgeDaemons(facts),
    ...judgeNodes(facts),
    ...judgeWebhooks(facts),
    judgePolicies(facts),
    ...judgeStuck(facts),
  ];
}

function faultOfDefinition(kind: Kind, definition: unknown): string | undefined {
  const versions = listAt(definition, 'spec', 'versions');
  const served = versions.filter((version) => (version as { served?: unknown }).served === true);
  if (!served.some((version) => textAt(version, 'name') === kind.version)) return `does not serve ${kind.version}`;
  const known = versions.map((version) => textAt(version, 'name'));
  const stored = listAt(definition, 'status', 'storedVersions').filter((name) => !known.includes(String(name)));
  if (stored.length > 0) return `has objects stored as ${stored.join(', ')}, which it no longer knows`;
  return textAt(conditionOf(definition, 'Established'), 'status') === 'True' ? undefined : 'is not established';
}

function judgeDefinitions({ definitions }: ClusterFacts): Finding {
  const check = 'crds';
  const advice = 'apply the CRDs of this version (kubectl apply -f crds/): your objects stay';
  const refused = definitions.find((answer) => answer.type === 'refused');
  if (refused !== undefined) return unknown(check, refused.why, 'ask with the rights of an administrator');
  const faults = KINDS.flatMap((kind, index) => {
    const answer = definitions[index];
    const fault = answer?.type === 'found' ? faultOfDefinition(kind, answer.body) : 'is missing';
    return fault === undefined ? [] : [`${kind.plural} ${fault}`];
  });
  if (faults.length > 0) return fail(check, faults.join('; '), advice);
  return ok(check, `${String(KINDS.length)} kinds, in the versions of this program`);
}

function judgeManager({ single: { deployment }, namespace }: ClusterFacts): Finding {
  const check = 'manager';
  if (deployment.type !== 'found') return unknown(check, whyOf(deployment), 'ask with the rights of an administrator');
  const image = textAt(listAt(deployment.body, 'spec', 'template', 'spec', 'containers')[0], 'image') ?? '?';
  const available = numberAt(deployment.body, 'status', 'availableReplicas');
  if (available > 0) return ok(check, `${String(available)} available, image ${image}`);
  const advice = `kubectl -n ${namespace} describe deployment ${OPERATOR}; kubectl -n ${namespace} get pods,events`;
  return fail(check, `no replica is available (image ${image})`, advice);
}

function whyOf(answer: { readonly type: string; readonly why?: string }): string {
  return answer.why ?? 'it is not there';
}

function judgeSpods({ single: { spods }, namespace }: ClusterFacts): readonly Finding[] {
  const check = 'spod';
  if (spods.type !== 'found') return [unknown(check, whyOf(spods), 'ask with the rights of an administrator')];
  const all = itemsOf(spods);
  const own = all.find((spod) => nameOf(spod) === `${namespace}/${SPOD}`);
  const others = all.map(nameOf).filter((name) => name !== `${namespace}/${SPOD}`);
  const advice = 'one cluster has one operator: two undo what the other does; remove one of them';
  return [
    own === undefined
      ? fail(check, `there is no ${namespace}/${SPOD}`, 'look at the log of the manager, which makes it')
      : judgeSpod(own, namespace),
    ...(others.length === 0 ? [] : [fail(check, `there are others, too: ${namesText(others)}`, advice)]),
  ];
}

function judgeSpod(spod: unknown, namespace: string): Finding {
  const state = textAt(spod, 'status', 'state') ?? 'without a state';
  const ignored = conditionOf(spod, 'OptionsInEffect');
  if (textAt(ignored, 'status') === 'False') {
    return warn('spod', textAt(ignored, 'message') ?? 'an option is ignored', 'mend spec of the spod');
  }
  const isCurrent = numberAt(spod, 'status', 'observedGeneration') === numberAt(spod, 'metadata', 'generation');
  if (state === 'RUNNING' && isCurrent) return ok('spod', state);
  const message = textAt(conditionOf(spod, 'Ready'), 'message') ?? '';
  const advice = `kubectl -n ${namespace} describe spod ${SPOD}`;
  const said = `${state}${isCurrent ? '' : ', its last change is not answered yet'}${message === '' ? '' : `: ${message}`}`;
  return (state === 'ERROR' ? fail : warn)('spod', said, advice);
}

function judgeDaemons({ single: { daemonSet }, namespace }: ClusterFacts): Finding {
  const check = 'daemon';
  const advice = `kubectl -n ${namespace} get pods -l name=${SPOD} -o wide; kubectl -n ${namespace} describe ds ${SPOD}`;
  if (daemonSet.type === 'refused') return unknown(check, daemonSet.why, 'ask with the rights of an administrator');
  if (daemonSet.type === 'absent')
    return fail(check, `there is no DaemonSet ${SPOD}`, 'look at the log of the manager');
  const [wanted, ready, updated] = ['desiredNumberScheduled', 'numberReady', 'updatedNumberScheduled'].map((key) =>
    numberAt(daemonSet.body, 'status', key),
  );
  if (wanted === 0) return warn(check, 'is wanted on no node', 'look at affinity and tolerations of the spod');
  const message = `${String(ready)} of ${String(wanted)} ready, ${String(updated)} of the present version`;
  return ready === wanted && updated === wanted ? ok(check, message) : fail(check, message, advice);
}

const POLICIES = [
  REPORT_POLICY,
  RECORDED_PROFILE_POLICY,
  POD_POLICY,
  TRIAL_POLICY,
  LOG_PROFILE_POLICY,
  DAEMON_EVENT_POLICY,
  MANAGER_WORKLOAD_POLICY,
  ...[MANAGER_POLICY, MANAGER_OBJECT_POLICY, DEPARTURE_POLICY].flatMap((names) => Object.values(names)),
];

function judgePolicies({ single: { policies } }: ClusterFacts): Finding {
  const check = 'policies';
  const advice = 'apply the manifest of this version again; Kubernetes has the kind since 1.30';
  if (policies.type === 'refused') return unknown(check, policies.why, 'ask with the rights of an administrator');
  const there = itemsOf(policies).map(nameOf);
  const missing = POLICIES.filter((name) => !there.includes(name));
  if (missing.length === 0) return ok(check, `${String(POLICIES.length)} admission policies are in force`);
  return warn(check, `missing: ${missing.join(', ')}`, advice);
}
