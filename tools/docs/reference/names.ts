// SPDX-License-Identifier: Apache-2.0
// The page about names that users and the operator share: labels, annotations, finalizers, webhooks, ports.
import { ANNOTATION, FINALIZER, LABEL, PROFILE_GATE, STARTUP_TAINT, WEBHOOK } from '../../../src/core/names.ts';
import { code, printedPage, table } from './table.ts';

const LABELS: Readonly<Record<keyof typeof LABEL, string>> = {
  profileId: 'on profiles, kind and name, to select one by',
  partial: 'on a profile that is a part of a recording',
  recordingId: 'on recorded profiles: the recording',
  recordingNamespace: 'on recorded profiles: the namespace of the recording',
  containerId: 'on recorded profiles: the container',
  enableBinding: 'set by users on namespaces: bindings work here',
  enableRecording:
    'set by users on namespaces: recordings work here; on pods as well with `enableMemoryOptimization` of the spod',
  kubeletDir: 'set by users on nodes: the directory of the kubelet, with `-` for `/`',
  baseArtifact: 'on ConfigMaps of the operator: a base profile from a registry',
  trialOf: 'on profiles of the operator that only log: the binding that tries a profile with it',
};

const ANNOTATIONS: Readonly<Record<keyof typeof ANNOTATION, string>> = {
  syscalls: 'on a SeccompProfile with a base: the calls that result',
  podSeccomp: 'read on pods: the profile, as it was written before Kubernetes 1.19',
  containerSeccompPrefix: 'the same, followed by the name of a container',
  templateHash: 'on the DaemonSet: the version of its template',
  kubeletDirs: 'on the DaemonSet: the kubelet directories of the nodes, as a hash',
  profilesHash: 'on the DaemonSet: its own seccomp profiles, as a hash',
  madeByDefault: 'on the spod that the manager made',
  optionsHash: 'on the spod whose fields follow variables of the manager: which ones, as a hash',
  recordingIncomplete: 'on recorded profiles: what was lost; a profile without it lost nothing',
  addedSyscalls: 'on recorded profiles: calls that were added to those seen, and why',
  profileBindings: 'on pods: which container is bound by which binding',
  skippedBindings: 'on pods: which container is not, and why',
  profileWaitSeconds: 'on pods: how long the scheduling gate may stay',
  profileInstalled: 'on pods whose containers waited for a file that has come',
  recordLogsPrefix: 'on pods, followed by a container: it is recorded from the log',
  recordBpfPrefix: 'on pods, followed by a container: it is recorded by eBPF',
  recordAvcsPrefix: 'on pods, followed by a container: a SELinux profile is recorded of it',
  recordLogsAppArmorPrefix: 'on pods, followed by a container: an AppArmor profile is recorded of it',
  recordingMarks: 'on pods: which container is not recorded, and why',
  syscallCoverage: 'on merged profiles: in how many parts each call was seen',
  accessCoverage: 'on merged profiles of SELinux and AppArmor: in how many parts each access was seen',
  observedValues:
    'on profiles narrowed by `spoc adapt --values`: the values of arguments, those observed and those not',
  foldedPaths: 'on recorded AppArmor profiles: paths that stand for names for which there was no room',
  recordingEvidence: 'on recorded profiles: how it was learnt',
  mergedParts: 'on merged profiles: the parts that are in it',
  unmergedPart:
    'on parts of a recording: to be merged, by a later operator where one that was uninstalled has let it go',
  twinHash: 'on profiles of the operator that only log: the form of the profile that they are the twin of',
  profilesFrom: 'set by users on namespaces: a further namespace whose profiles pods may name',
};

const FINALIZERS: Readonly<Record<keyof typeof FINALIZER, string>> = {
  installed: 'on profiles: nodes may hold the file',
  inUse: 'on profiles: a pod runs under it',
  activeWorkloads: 'on bindings: pods are bound by it',
  recordingLock: 'on recordings: pods are recorded by it',
  unmergedProfiles: 'on recordings: parts are to be merged',
  partialProfile: 'on parts of a recording, from the manager',
  departure: "on the manager's account while the operator is being uninstalled, until no other of these is left",
};

const WEBHOOKS: Readonly<Record<keyof typeof WEBHOOK, string>> = {
  binding: 'binds profiles to new pods',
  bindingImage: 'refuses that a bound container gets an image which the binding is not for',
  recording: 'marks new pods that are recorded',
  execMetadata: 'with the JSON enricher: marks what `kubectl exec` starts with the request',
  nodeDebuggingPod: 'the same for pods in which `kubectl debug` looks at a node',
};

function names<K extends string>(values: Readonly<Record<K, string>>, meanings: Readonly<Record<K, string>>): string {
  const keys = Object.keys(values) as K[];
  return table(
    ['name', 'meaning'],
    keys.map((key) => [code(values[key]), meanings[key]]),
  );
}

/** The page by its path. */
export function namesPage(): ReadonlyMap<string, string> {
  const page = printedPage('src/core/names.ts', [
    '# Labels, annotations and other names',
    '## Labels',
    names(LABEL, LABELS),
    '## Annotations',
    names(ANNOTATION, ANNOTATIONS),
    '## Finalizers',
    names(FINALIZER, FINALIZERS),
    '## Webhooks',
    'As `webhookOptions` of the spod names them.',
    names(WEBHOOK, WEBHOOKS),
    '## On pods and nodes',
    table(
      ['name', 'meaning'],
      [
        [code(PROFILE_GATE), 'scheduling gate of a pod whose profile is not on the nodes yet'],
        [
          code(STARTUP_TAINT),
          'taint with which an administrator lets nodes register; taken away when all profiles are there',
        ],
      ],
    ),
  ]);
  return new Map([['docs/reference/names.md', page]]);
}
