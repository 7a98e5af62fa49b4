// SPDX-License-Identifier: Apache-2.0
// Recordings, pods, recorded profiles and namespaces in stores, for the tests of the handlers that read them.
import { PartialProfiles } from '../../../src/handlers/manager/partial-profiles.ts';
import { ProfileRecordingHandler } from '../../../src/handlers/manager/profile-recording.ts';
import { RecordedPodEventsHandler } from '../../../src/handlers/manager/recorded-pod-events.ts';
import { RecordingPods } from '../../../src/handlers/manager/recording-pods.ts';
import { ProgressOfRecordings } from '../../../src/handlers/manager/recording-progress.ts';
import { WebhookReach } from '../../../src/handlers/sources/bindings.ts';
import { managedPodSource } from '../../../src/handlers/sources/managed-pods.ts';
import type { ManagedPod } from '../../../src/handlers/sources/managed-pods.ts';
import { daemonPodSource } from '../../../src/handlers/sources/nodes.ts';
import type { DaemonPod } from '../../../src/handlers/sources/nodes.ts';
import { recordingWatches } from '../../../src/handlers/sources/recording-watches.ts';
import { SECCOMP } from '../../../src/handlers/sources/seccomp-profiles.ts';
import { spodSource } from '../../../src/handlers/sources/spods.ts';
import type { Run } from '../../../src/core/recording/runs.ts';
import { WEBHOOK } from '../../../src/core/names.ts';
import type { ProfileRecording, ProfileRecordingSpec } from '../../../src/gen/crd/profile-recording.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import type { SecurityProfilesOperatorDaemon } from '../../../src/gen/crd/security-profiles-operator-daemon.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { Shelf } from '../../fakes/profiles.ts';

const GROUP = 'security-profiles-operator.x-k8s.io';
const spodKey = { namespace: 'op', name: 'spod' };

/** Of a pod what a test is about. */
export interface RecordedPodParts {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly phase?: string;
  /** The status of its container; it runs where this is left out. */
  readonly container?: object;
  /** Names of ephemeral containers. */
  readonly later?: readonly string[];
}

/** The annotation for the container `c`. */
export function marked(recording: string, recorder = 'bpf'): Readonly<Record<string, string>> {
  return { [`io.containers.trace-${recorder}/c`]: `${recording}_c_abcde_1767225600` };
}

/** A little cluster. */
export class RecordingWorld {
  readonly source = managedPodSource([SECCOMP]);
  readonly pods = new Shelf<ManagedPod>();
  readonly profiles = new Shelf<SeccompProfile>();
  readonly recordings = new Shelf<ProfileRecording>();
  readonly namespaces = new Shelf<KubeObject>();
  readonly spods = new Shelf<SecurityProfilesOperatorDaemon>();
  readonly daemonPods = new Shelf<DaemonPod>();
  /** Whether the operator or the kind is being deleted. */
  isLeaving = false;
  time = Date.parse('2026-01-01T00:01:00Z');
  private readonly inNamespace = this.recordings.index(({ metadata }) => [metadata.namespace ?? '']);
  readonly watches = recordingWatches({
    pods: this.source,
    spods: spodSource(spodKey),
    daemonPods: daemonPodSource('op'),
    recordings: this.inNamespace,
    all: this.recordings,
  });
  readonly handler = new ProfileRecordingHandler({
    watches: this.watches,
    pods: new RecordingPods(this.pods),
    progress: new ProgressOfRecordings([this.profiles]),
    reach: new WebhookReach(WEBHOOK.recording, this.namespaces, this.spods, spodKey),
    spods: this.spods,
    spodKey,
    daemonPods: this.daemonPods,
    merging: new PartialProfiles({
      kinds: [{ kind: 'SeccompProfile', recorded: this.profiles, profiles: this.profiles }],
      isTerminating: () => false,
      now: () => this.time,
    }),
    isLeaving: () => this.isLeaving,
    now: () => this.time,
  });
  readonly podEvents = new RecordedPodEventsHandler({
    source: this.source,
    recordings: this.inNamespace,
    now: () => this.time,
  });

  constructor() {
    this.namespace({ 'spo.x-k8s.io/enable-recording': '' });
    this.spod({ enableBpfRecorder: true, enableLogEnricher: true });
  }

  namespace(labels: Readonly<Record<string, string>>): void {
    this.namespaces.set({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns', labels } });
  }

  spod(spec: NonNullable<SecurityProfilesOperatorDaemon['spec']>, observedGeneration = 2): void {
    const kind = 'SecurityProfilesOperatorDaemon';
    const metadata = { ...spodKey, generation: 2 };
    const status = { state: 'RUNNING', observedGeneration } as const;
    this.spods.set({ apiVersion: `${GROUP}/v1alpha1`, kind, metadata, spec, status });
  }

  /** The daemon's pod of a node, with the containers that are ready. */
  daemonPod(nodeName: string, ...ready: readonly string[]): DaemonPod {
    const containerStatuses = ready.map((name) => ({ name, ready: true }));
    const metadata = { name: `spod-${nodeName}`, namespace: 'op' };
    const whole = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName }, status: { containerStatuses } };
    return this.daemonPods.set(daemonPodSource('op').transform!(whole));
  }

  recording(
    name: string,
    spec: Partial<ProfileRecordingSpec> = {},
    more: Pick<ProfileRecording, 'status'> & { readonly metadata?: object } = {},
  ): ProfileRecording {
    const { metadata, ...rest } = more;
    return this.recordings.set({
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'ProfileRecording',
      metadata: { name, namespace: 'ns', uid: name, generation: 1, ...metadata },
      spec: { kind: 'SeccompProfile', recorder: 'bpf', podSelector: { matchLabels: { app: 'a' } }, ...spec },
      ...rest,
    });
  }

  pod(name: string, parts: RecordedPodParts = {}): ManagedPod {
    const { annotations, labels = { app: 'a' }, phase = 'Running', container = { state: { running: {} } } } = parts;
    const ephemeralContainers = (parts.later ?? []).map((later) => ({ name: later }));
    const whole = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'ns', uid: name, creationTimestamp: '2026-01-01T00:00:30Z', labels, annotations },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }], ephemeralContainers },
      status: { phase, containerStatuses: [{ name: 'c', ...container }] },
    };
    return this.pods.set(this.source.transform!(whole as unknown as ManagedPod));
  }

  /** A profile that a recording has made. */
  profile(
    name: string,
    recording: string,
    names: readonly string[],
    lastNewCall?: string,
    runs: Readonly<Record<string, Omit<Run, 'pod' | 'node'>>> = {},
  ): SeccompProfile {
    const lists = { nodes: [], images: [], kernels: [], runtimes: [] };
    const told = Object.entries(runs).map(([id, run]) => [id, { pod: 'p', node: 'n', ...run }] as const);
    const instances = Object.fromEntries(told);
    const evidence = JSON.stringify({ version: 'v1', recorder: 'bpf', instances, ...lists, lastNewCall });
    return this.profiles.set({
      apiVersion: `${GROUP}/v1beta1`,
      kind: 'SeccompProfile',
      metadata: {
        name,
        namespace: 'ns',
        labels: { 'spo.x-k8s.io/recording-id': recording },
        annotations: { 'spo.x-k8s.io/recording-evidence': evidence },
      },
      spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names }] },
    });
  }

  /** The outcome for a recording, when it has waited long enough for its status. */
  async settled(recording: ProfileRecording) {
    const first = await this.handler.apply(recording);
    if (first.status !== undefined) return first;
    this.time += 1000;
    return this.handler.apply(recording);
  }
}
