// SPDX-License-Identifier: Apache-2.0
// Shared by the suites of recordings: a recording, a pod that it chooses, and the profiles that it leaves.
import { parseEvidence } from '../../src/core/recording/evidence-form.ts';
import { summaryOf } from '../../src/core/recording/evidence.ts';
import type { EvidenceSummary } from '../../src/core/recording/evidence.ts';
import { ANNOTATION, LABEL } from '../../src/core/names.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

/** A pod, as far as tests change it. */
export interface PodTemplate {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly containers: readonly object[]; readonly restartPolicy?: string };
}

/** A recording of the pods whose label `app` is its name; `spec` goes beside. */
export function recordingOf(namespace: string, name: string, recorder: 'bpf' | 'logs', spec: object = {}): object {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileRecording',
    metadata: { namespace, name },
    spec: { kind: 'SeccompProfile', recorder, podSelector: { matchLabels: { app: name } }, ...spec },
  };
}

/** A pod of a shell with labels. */
export function labelledPod(namespace: string, name: string, command: string, labels: object): PodTemplate {
  const pod = shellPod(namespace, name, command) as PodTemplate;
  return { ...pod, metadata: { ...pod.metadata, ...{ labels } } };
}

/** Waits until a pod that is made now would be recorded by a recording: until the webhook knows that. */
export async function untilRecorded(cluster: Cluster, recording: string, pod: PodTemplate): Promise<void> {
  await cluster.untilAdmitted(pod, '{.metadata.annotations}', (text) => text.includes(`":"${recording}_`));
}

/** The names of a recording's profiles: those that are finished, or the parts. */
export function profilesOf(cluster: Cluster, namespace: string, recording: string, isPart = false): readonly string[] {
  const labels = `${LABEL.recordingId}=${recording},${isPart ? '' : '!'}${LABEL.partial}`;
  const names = '{range .items[*]}{.metadata.name}{"\\n"}{end}';
  const text = cluster.kubectl(['-n', namespace, 'get', 'sp', '-l', labels, '-o', `jsonpath=${names}`]);
  return text.split('\n').filter((line) => line !== '');
}

/** A profile; undefined where there is none. */
export function findProfile(cluster: Cluster, namespace: string, name: string): SeccompProfile | undefined {
  const { status, stdout } = cluster.tryKubectl(['-n', namespace, 'get', 'sp', name, '-o', 'json']);
  return status === 0 ? (JSON.parse(stdout) as SeccompProfile) : undefined;
}

/** A profile that is there. */
export function profileOf(cluster: Cluster, namespace: string, name: string): SeccompProfile {
  const found = findProfile(cluster, namespace, name);
  if (found === undefined) throw new Error(`there is no profile ${namespace}/${name}`);
  return found;
}

/** The calls that a profile permits. */
export function callsOf({ spec }: SeccompProfile): readonly string[] {
  return (spec.syscalls ?? []).flatMap(({ action, names }) => (action === 'SCMP_ACT_ALLOW' ? names : []));
}

/** How a profile was learnt; undefined where it does not say. */
export function learntBy({ metadata }: SeccompProfile): EvidenceSummary | undefined {
  const evidence = parseEvidence(metadata.annotations?.[ANNOTATION.recordingEvidence]);
  return evidence === undefined ? undefined : summaryOf(evidence);
}
