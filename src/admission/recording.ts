// SPDX-License-Identifier: Apache-2.0
// The webhook that marks new pods for recording. The nodes look for its annotations; a container that is recorded from
// the audit log gets the profile that logs all calls, and a gate until that is on the nodes. Annotations of that form
// which came with the pod are replaced. It comes before the binding webhook, which leaves such a container alone. Of an
// ephemeral container only the profile is set: the nodes know from the pod's annotations that it is recorded.
import type { ProfileRecording } from '../gen/crd/profile-recording.ts';
import { annotationsFault } from '../core/binding/annotation-size.ts';
import { affinityPatch, obstaclesTo } from '../core/binding/obstacle.ts';
import type { ObstacleFacts } from '../core/binding/obstacle.ts';
import { annotationPatch, fieldPatch, gatePatch } from '../core/binding/pod-patch.ts';
import { addedTo } from '../core/binding/pod.ts';
import type { AdmittedPod } from '../core/binding/pod.ts';
import { applyPatch } from '../core/json-patch.ts';
import type { PatchOperation } from '../core/json-patch.ts';
import { ANNOTATION, PROFILE_GATE, WEBHOOK, WEBHOOK_PATH } from '../core/names.ts';
import { decideRecordings, tooMany } from '../core/recording/decide.ts';
import type { RecordingDecision, RecordingSituation } from '../core/recording/decide.ts';
import { laterContainers, requestsOf } from '../core/recording/later-containers.ts';
import type { EphemeralContainer } from '../core/recording/later-containers.ts';
import type { LogProfiles } from '../core/recording/log-profile.ts';
import { markWarnings, printMarks } from '../core/recording/marks.ts';
import type { LogObstacle } from '../core/recording/marks.ts';
import { NONCE_LENGTH } from '../core/recording/request.ts';
import type { RecordedContainer, RecordedKind } from '../core/recording/request.ts';
import { requestAnnotations } from '../core/recording/request-annotations.ts';
import { sha256Hex } from '../core/sha256.ts';
import { EPHEMERAL, UNTOUCHED } from './review.ts';
import type { AdmissionAnswer, AdmissionRequest, Webhook } from './review.ts';

/** The cached state of a cluster that the webhook decides on. */
export interface RecordingState {
  /** The recordings of a namespace. */
  recordings(namespace: string): readonly ProfileRecording[];
  /** The profiles under which containers are recorded from the log. */
  readonly logProfiles: LogProfiles;
  /** How far that of a kind is. */
  logProfileState(kind: RecordedKind): 'installed' | 'pending' | 'missing' | 'ending';
  /** Facts that may keep a pod of a namespace from profiles of SELinux and AppArmor. */
  obstacleFacts(namespace: string): ObstacleFacts;
  /** Whether the nodes look only at pods with the label, `enableMemoryOptimization`. */
  onlyLabelled(): boolean;
  /** Milliseconds since 1970. */
  now(): number;
}

const TOO_MANY =
  'the pod has too many containers for the recordings that are for it: annotations have no room for so many. ' +
  'Use fewer containers, or recordings that choose fewer pods';

/** `recording.spo.io`. */
export class RecordingWebhook implements Webhook {
  readonly name = WEBHOOK.recording;
  readonly path = WEBHOOK_PATH.recording;
  private readonly state: RecordingState;

  constructor(state: RecordingState) {
    this.state = state;
  }

  review(request: AdmissionRequest): AdmissionAnswer {
    const { kind, operation, subResource, object } = request;
    if (kind !== 'Pod' || object === undefined) return UNTOUCHED;
    if (operation === 'CREATE' && subResource === undefined) return this.decided(request, object);
    if (operation === 'UPDATE' && subResource === EPHEMERAL) return this.later(request, object);
    return UNTOUCHED;
  }

  private decided(request: AdmissionRequest, pod: AdmittedPod): AdmissionAnswer {
    const decision = this.decisionOn(request, pod);
    if (decision === undefined) return this.denied(TOO_MANY);
    const isArmored = decision.requests.some(({ kind, recorder }) => kind === 'AppArmorProfile' && recorder === 'logs');
    const patch = [
      ...patchOf(pod, decision, (kind) => this.state.logProfileState(kind) === 'pending'),
      ...(isArmored ? affinityPatch(pod, this.state.obstacleFacts(request.namespace)) : []),
    ];
    const fault = annotationsFault(applyPatch(pod, patch) as AdmittedPod, 'recordings');
    if (fault !== undefined && patch.length > 0) return this.denied(fault);
    return { allowed: true, outcome: outcomeOf(decision), patch, warnings: markWarnings(decision.marks) };
  }

  private later(request: AdmissionRequest, pod: AdmittedPod): AdmissionAnswer {
    const decision = this.decisionOn(request, pod, addedTo(request.oldObject ?? {}));
    if (decision === undefined) return this.denied(TOO_MANY);
    const patch = fieldPatch(pod, decision.changes);
    const unread = unreadOf(applyPatch(pod, patch) as AdmittedPod, decision.requests);
    const warnings = markWarnings([...tooMany(unread), ...decision.marks]);
    return { allowed: true, outcome: outcomeOf(decision), patch, warnings };
  }

  private decisionOn(
    { uid, namespace }: AdmissionRequest,
    pod: AdmittedPod,
    added?: RecordingSituation['added'],
  ): RecordingDecision | undefined {
    const obstacle = obstaclesTo(pod, this.state.obstacleFacts(namespace));
    return decideRecordings({
      pod,
      recordings: this.state.recordings(namespace),
      logProfiles: this.state.logProfiles,
      obstacle: (kind) => this.obstacle(kind) ?? obstacle(kind),
      onlyLabelled: this.state.onlyLabelled(),
      stamp: { nonce: sha256Hex(uid).slice(0, NONCE_LENGTH), since: Math.floor(this.state.now() / 1000) },
      ...(added === undefined ? {} : { added }),
    });
  }

  private denied(why: string): AdmissionAnswer {
    return { allowed: false, outcome: 'denied', code: 422, reason: 'Invalid', message: `${this.name}: ${why}` };
  }

  private obstacle(kind: RecordedKind): LogObstacle | undefined {
    const state = this.state.logProfileState(kind);
    return state === 'installed' || state === 'pending' ? undefined : 'RecorderNotEnabled';
  }
}

/** Of the requests that the annotations of a pod imply for later containers, those that no reader looks at. */
function unreadOf(
  { metadata, spec }: AdmittedPod,
  requests: readonly RecordedContainer[],
): readonly RecordedContainer[] {
  const textOf = ({ kind, recorder, recording, container }: RecordedContainer): string =>
    [kind, recorder, recording, container].join(' ');
  const read = new Set(
    requestsOf(
      metadata?.annotations,
      laterContainers(spec?.ephemeralContainers as readonly EphemeralContainer[] | undefined),
    ).map(textOf),
  );
  return requests.filter((request) => !read.has(textOf(request)));
}

function outcomeOf({ requests, marks }: RecordingDecision): 'recorded' | 'skipped' | 'allowed' {
  if (requests.length > 0) return 'recorded';
  return marks.length > 0 ? 'skipped' : 'allowed';
}

function patchOf(
  pod: AdmittedPod,
  decision: RecordingDecision,
  mustWait: (kind: RecordedKind) => boolean,
): readonly PatchOperation[] {
  const { requests, changes, marks } = decision;
  const fields = fieldPatch(pod, changes);
  const annotations = annotationPatch(pod, {
    ...requestAnnotations(pod, requests),
    [ANNOTATION.recordingMarks]: printMarks(marks),
  });
  const waits = requests.some(({ kind, recorder }) => recorder === 'logs' && mustWait(kind));
  return [...fields, ...annotations, ...(waits && mayWait(pod) ? gatePatch(pod, PROFILE_GATE) : [])];
}

/** A pod for a given node cannot be held back, and one gate is enough. */
function mayWait({ spec }: AdmittedPod): boolean {
  const hasGate = (spec?.schedulingGates ?? []).some(({ name }) => name === PROFILE_GATE);
  return (spec?.nodeName ?? '') === '' && !hasGate;
}
