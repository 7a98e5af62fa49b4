// SPDX-License-Identifier: Apache-2.0
// The manager's part of a ProfileRecording: its status, the finalizer that holds it while pods are recorded by it, and
// the merging of its parts. Nothing here records: the webhook marks the pods, and the nodes make the profiles.
import type { Reason } from '../../core/errors.ts';
import { CONTAINERS, FINALIZER } from '../../core/names.ts';
import { named, PODS_LISTED, recordingStatus, recordingUrgency } from '../../core/recording/recording-status.ts';
import type { RecordingFacts } from '../../core/recording/recording-status.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { PROFILE_RECORDING } from '../../gen/kinds.ts';
import type { Handler, PolicyRule, Reader, Source, Watch } from '../../runtime/handler.ts';
import { isDeleting, keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey, Resource } from '../../runtime/object.ts';
import type { ObjectEvent, Outcome } from '../../runtime/outcome.ts';
import type { WebhookReach } from '../sources/bindings.ts';
import { nodesWithout } from '../sources/nodes.ts';
import type { DaemonPod } from '../sources/nodes.ts';
import { MANAGED_RECORDINGS } from '../sources/recording-watches.ts';
import { Patience } from './patience.ts';
import type { PodsOfRecording, RecordingPods } from './recording-pods.ts';
import type { ProgressOfRecordings } from './recording-progress.ts';

/** The merging of the parts that a recording leaves; it says only what concerns them. */
export interface PartMerging {
  readonly rules: readonly PolicyRule[];
  /** For a recording that goes on. */
  apply(recording: ProfileRecording): Outcome<ProfileRecording>;
  /** For one that is being deleted; `isRecording` while it may still get parts, which must not be merged yet. */
  cleanup(recording: ProfileRecording, isRecording: boolean): Outcome<ProfileRecording>;
  /** For one that is not there any more. */
  gone(key: ObjectKey): Outcome<ProfileRecording>;
  /** For one that is being deleted, where the API server refused what was wanted. */
  refused(why: Error): Outcome<ProfileRecording>;
}

/** The dependencies of the handler. */
export interface ProfileRecordingParts {
  /** Changes that concern recordings: of pods, recorded profiles, namespaces, options. */
  readonly watches: readonly Watch[];
  readonly pods: RecordingPods;
  readonly progress: ProgressOfRecordings;
  readonly reach: WebhookReach;
  readonly spods: Reader<SecurityProfilesOperatorDaemon>;
  readonly spodKey: ObjectKey;
  readonly daemonPods: Pick<Reader<DaemonPod>, 'list'>;
  readonly merging: PartMerging;
  /** Whether objects of the kind are to be let go, whatever they are for (leaving.ts). */
  isLeaving(resource: Resource): boolean;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * A recording is held for so long after its last pod has ended: nodes believe a pod's annotations only while there is
 * the recording, and they write the profiles when the pod has ended.
 */
const LINGER_MS = 5000;

/** Nothing is merged any more; the parts are let go as the profiles that they are. */
const LET_GO: Outcome<ProfileRecording> = {
  metadata: { finalizers: { [FINALIZER.recordingLock]: false, [FINALIZER.unmergedProfiles]: false } },
};

/** Writes status and finalizers of recordings. */
export class ProfileRecordingHandler implements Handler<ProfileRecording> {
  readonly kind = PROFILE_RECORDING;
  readonly name = 'profilerecording';
  readonly source: Source<ProfileRecording> = MANAGED_RECORDINGS;
  readonly watches: readonly Watch[];
  readonly rules: readonly PolicyRule[];
  private readonly parts: ProfileRecordingParts;
  private readonly patience: Patience;
  /** When a recording that is held was first seen without pods, by the text of its key. */
  private readonly endedAt = new Map<string, number>();

  constructor(parts: ProfileRecordingParts) {
    this.parts = parts;
    this.watches = parts.watches;
    this.rules = [
      { apiGroups: [PROFILE_RECORDING.group], resources: [PROFILE_RECORDING.plural], verbs: ['patch'] },
      { apiGroups: [PROFILE_RECORDING.group], resources: [`${PROFILE_RECORDING.plural}/status`], verbs: ['patch'] },
      ...parts.merging.rules,
    ];
    this.patience = new Patience(() => parts.now());
  }

  async apply(recording: ProfileRecording): Promise<Outcome<ProfileRecording>> {
    if (this.parts.isLeaving(this.kind)) return LET_GO;
    const pods = this.parts.pods.podsOf(recording);
    const hasPods = hasAny(pods);
    const leftMs = this.holdMs(recording, hasPods);
    return together(
      { metadata: { finalizers: { [FINALIZER.recordingLock]: leftMs > 0 } }, ...waiting(hasPods, leftMs) },
      this.statusWhenDue(recording, pods),
      this.parts.merging.apply(recording),
    );
  }

  async cleanup(recording: ProfileRecording): Promise<Outcome<ProfileRecording>> {
    if (this.parts.isLeaving(this.kind)) return LET_GO;
    const pods = this.parts.pods.podsOf(recording);
    const hasPods = hasAny(pods);
    const leftMs = this.holdMs(recording, hasPods);
    const holds = leftMs > 0;
    return together(
      { metadata: { finalizers: { [FINALIZER.recordingLock]: holds } }, ...waiting(hasPods, leftMs) },
      holds ? this.statusWhenDue(recording, pods) : {},
      this.parts.merging.cleanup(recording, holds),
    );
  }

  async gone(key: ObjectKey): Promise<Outcome<ProfileRecording>> {
    this.patience.end(key);
    this.endedAt.delete(keyText(key));
    return this.parts.merging.gone(key);
  }

  refused(recording: ProfileRecording, why: Error): Outcome<ProfileRecording> {
    return isDeleting(recording) ? this.parts.merging.refused(why) : {};
  }

  /** Milliseconds that it is held at least; 0 where nothing holds it. */
  private holdMs(recording: ProfileRecording, hasPods: boolean): number {
    const key = keyText(keyOf(recording));
    const { finalizers = [], deletionTimestamp } = recording.metadata;
    const isHeld = finalizers.includes(FINALIZER.recordingLock);
    if (hasPods || !isHeld) {
      this.endedAt.delete(key);
      // The API server takes no new finalizers for an object that is being deleted.
      return hasPods && (isHeld || deletionTimestamp === undefined) ? LINGER_MS : 0;
    }
    const now = this.parts.now();
    const ended = this.endedAt.get(key) ?? now;
    this.endedAt.set(key, ended);
    // A clock that was set back must not hold it longer.
    return Math.min(LINGER_MS, Math.max(0, ended + LINGER_MS - now));
  }

  private statusWhenDue(recording: ProfileRecording, pods: PodsOfRecording): Outcome<ProfileRecording> {
    const facts = this.factsOf(recording, pods);
    const status = recordingStatus(facts, this.parts.now());
    const { againMs } = facts.progress.stability;
    const later = againMs === undefined ? {} : { requeueAfterMs: againMs };
    const urgency = recordingUrgency(recording.status, status);
    const leftMs = urgency === 'soon' ? this.patience.leftMs(keyOf(recording)) : 0;
    if (leftMs > 0) return { requeueAfterMs: leftMs };
    this.patience.end(keyOf(recording));
    return urgency === 'never' ? later : { status, events: podEvents(recording, pods.recorded), ...later };
  }

  private factsOf(recording: ProfileRecording, pods: PodsOfRecording): RecordingFacts {
    const { reach, progress, spods, spodKey, daemonPods } = this.parts;
    const { recorded, waiting } = pods;
    const lacking = nodesWithout(RECORDER_CONTAINER[recording.spec.recorder], daemonPods.list());
    return {
      recording,
      isSelected: reach.includes(recording.metadata.namespace ?? ''),
      recorder: recorderState(recording, spods.get(spodKey)),
      missing: reach.missingOption(recording.spec.kind),
      isForbidden: recording.spec.kind === 'SelinuxProfile' && reach.refusesTypes(recording.metadata.namespace ?? ''),
      lacking,
      exposed: pods.recordedOn(new Set(lacking)),
      pods: recorded,
      idleness: recorded.length > 0 ? { type: 'no pods' } : this.parts.pods.idlenessOf(recording, waiting),
      progress: progress.of(recording, this.parts.now()),
    };
  }
}

/** The container of the daemon's pod that records. */
const RECORDER_CONTAINER = { bpf: CONTAINERS.bpfRecorder, logs: CONTAINERS.logEnricher } as const;

function recorderState(
  { spec: { recorder } }: ProfileRecording,
  spod: SecurityProfilesOperatorDaemon | undefined,
): RecordingFacts['recorder'] {
  const { spec, status, metadata } = spod ?? {};
  const isEnabled = recorder === 'bpf' ? spec?.enableBpfRecorder : spec?.enableLogEnricher;
  if (isEnabled !== true) return 'off';
  const isRolledOut = status?.state === 'RUNNING' && status.observedGeneration === metadata?.generation;
  return isRolledOut ? 'running' : 'starting';
}

/** A pod that waits holds it, too: nodes believe the pod's annotations only while there is the recording. */
function hasAny({ recorded, waiting }: PodsOfRecording): boolean {
  return recorded.length + waiting.length > 0;
}

/** A recording without pods that is still held is looked at again when that ends; one with pods, when they change. */
function waiting(hasPods: boolean, leftMs: number): Pick<Outcome, 'requeueAfterMs'> {
  return !hasPods && leftMs > 0 ? { requeueAfterMs: leftMs } : {};
}

/** The pods that have come and gone since the last status; of more than a status lists nobody could tell. */
function podEvents({ status }: ProfileRecording, pods: readonly string[]): readonly ObjectEvent[] {
  const before = status?.activeWorkloads ?? [];
  if (pods.length > PODS_LISTED || (status?.activeWorkloadCount ?? 0) > PODS_LISTED) return [];
  const [known, now] = [new Set(before), new Set(pods)];
  const begun = pods.filter((pod) => !known.has(pod));
  const ended = before.filter((pod) => !now.has(pod));
  return [...told('RecordingStarted', 'began', begun), ...told('RecordingEnded', 'ended', ended)];
}

function told(reason: Reason, verb: 'began' | 'ended', pods: readonly string[]): readonly ObjectEvent[] {
  if (pods.length === 0) return [];
  return [{ type: 'Normal', reason, message: `The recording of ${named(pods)} ${verb}` }];
}

/** Several outcomes about one object as one. */
function together(...outcomes: readonly Outcome<ProfileRecording>[]): Outcome<ProfileRecording> {
  const waits = outcomes.flatMap(({ requeueAfterMs }) => requeueAfterMs ?? []);
  const finalizers = Object.assign({}, ...outcomes.map(({ metadata }) => metadata?.finalizers)) as Record<
    string,
    boolean
  >;
  const status = outcomes.find((outcome) => outcome.status !== undefined)?.status;
  return {
    metadata: { finalizers },
    ...(status === undefined ? {} : { status }),
    desired: outcomes.flatMap(({ desired = [] }) => desired),
    toDelete: outcomes.flatMap(({ toDelete = [] }) => toDelete),
    patches: outcomes.flatMap(({ patches = [] }) => patches),
    events: outcomes.flatMap(({ events = [] }) => events),
    ...(waits.length === 0 ? {} : { requeueAfterMs: Math.min(...waits) }),
  };
}
