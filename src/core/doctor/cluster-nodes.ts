// SPDX-License-Identifier: Apache-2.0
// Findings about the nodes of a cluster: whether each that has a daemon reports, and what their reports say.
import { SPOD } from '../names.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import { findingsOf } from './finding.ts';
import type { Finding } from './finding.ts';
import { conditionOf, itemsOf, listAt, nameOf, namesText, numberAt, textAt, valueAt } from './reading.ts';

const { ok, warn, fail, unknown } = findingsOf('cluster');

/** Conditions of a report, whose other values are worth a word. */
const NODE_TROUBLE = ['Ready', 'Complete'];

/** Whether nodes report, and about profiles that they could not install. */
export function judgeNodes({ single: { pods, reports, nodes }, namespace }: ClusterFacts): readonly Finding[] {
  for (const answer of [pods, reports]) {
    if (answer.type === 'refused') return [unknown('reports', answer.why, 'ask with the rights of an administrator')];
  }
  const daemons = itemsOf(pods).filter((pod) => textAt(pod, 'metadata', 'labels', 'name') === SPOD);
  const reporting = new Map(itemsOf(reports).map((report) => [textAt(report, 'nodeName') ?? '', report]));
  const silent = daemons.map((pod) => textAt(pod, 'spec', 'nodeName') ?? '').filter((node) => !reporting.has(node));
  const known = new Set(itemsOf(nodes).map(nameOf));
  const gone = nodes.type === 'found' ? [...reporting.keys()].filter((node) => !known.has(node)) : [];
  return [
    silent.length === 0
      ? ok('reports', `${String(reporting.size)} nodes report`)
      : fail('reports', `no report of ${namesText(silent)}`, `look at the logs of the daemons there (-n ${namespace})`),
    ...(gone.length === 0
      ? []
      : [warn('reports', `reports of nodes that are gone: ${namesText(gone)}`, 'the garbage collector removes them')]),
    ...judgeReports([...reporting.values()]),
    ...judgeDaemonPods(daemons),
  ];
}

function judgeReports(reports: readonly unknown[]): readonly Finding[] {
  const troubled = reports.flatMap((report) =>
    NODE_TROUBLE.map((type) => conditionOf(report, type))
      .filter((condition) => textAt(condition, 'status') === 'False')
      .map((condition) => `${textAt(report, 'nodeName') ?? '?'}: ${textAt(condition, 'message') ?? '?'}`),
  );
  const failing = reports.filter((report) => numberAt(report, 'status', 'failed') > 0).map(nodeText);
  const advice = 'kubectl get securityprofilenodestatuses -A -o yaml tells which, and why';
  return [
    ...(troubled.length === 0 ? [] : [warn('reports', namesText(troubled), advice)]),
    ...(failing.length === 0 ? [] : [warn('profiles', `profiles with errors on ${namesText(failing)}`, advice)]),
  ];
}

function nodeText(report: unknown): string {
  return `${textAt(report, 'nodeName') ?? '?'} (${String(numberAt(report, 'status', 'failed'))})`;
}

/** Containers that are started over and over. */
function judgeDaemonPods(pods: readonly unknown[]): readonly Finding[] {
  const failing = pods.flatMap((pod) =>
    ['initContainerStatuses', 'containerStatuses']
      .flatMap((key) => listAt(pod, 'status', key))
      .filter((status) => textAt(valueAt(status, 'state', 'waiting'), 'reason') !== undefined)
      .map((status) => {
        const reason = textAt(status, 'state', 'waiting', 'reason') ?? '';
        return `${nameOf(pod)} ${textAt(status, 'name') ?? ''}: ${reason}`;
      }),
  );
  if (failing.length === 0) return [];
  return [fail('daemon', `containers wait: ${namesText(failing)}`, 'kubectl describe and kubectl logs of that pod')];
}
