// SPDX-License-Identifier: Apache-2.0
// The webhook that marks new pods for recording. The nodes look for its annotations; a container that is recorded from
// the audit log gets the profile that logs all calls, and a gate until that is on the nodes. Annotations of that form
// which came with the pod are replaced. It comes before the binding webhook, which leaves such a container alone.
import type { ProfileRecording } from '../gen/crd/profile-recording.ts';
import { annotationsFault } from '../core/binding/annotation-size.ts';
import { annotationPatch, fieldPatch, gatePatch } from '../core/binding/pod-patch.ts';
import type { AdmittedPod, Json } from '../core/binding/pod.ts';
import { applyPatch } from '../core/json-patch.ts';
import type { PatchOperation } from '../core/json-patch.ts';
import { ANNOTATION, PROFILE_GATE, WEBHOOK, WEBHOOK_PATH } from '../core/names.ts';
import { decideRecordings } from '../core/recording/decide.ts';
import type { RecordingDecision } from '../core/recording/decide.ts';
import { markWarnings, printMarks } from '../core/recording/marks.ts';
import { NONCE_LENGTH } from '../core/recording/request.ts';
import { requestAnnotations } from '../core/recording/request-annotations.ts';
import { sha256Hex } from '../core/sha256.ts';
import { UNTOUCHED } from './review.ts';
import type { AdmissionAnswer, AdmissionRequest, Webhook } from './review.ts';

/** The cached state of a cluster that the webhook decides on. */
export interface RecordingState {
  /** The recordings of a namespace. */
  recordings(namespace: string): readonly ProfileRecording[];
  /** The value of a security context that selects the profile which logs all calls. */
  readonly logProfile: Json;
  /** How far that profile is. */
  logProfileState(): 'installed' | 'pending' | 'missing' | 'ending';
  /** Whether the nodes look only at pods with the label, `enableMemoryOptimization`. */
  onlyLabelled(): boolean;
  /** Milliseconds since 1970. */
  now(): number;
}

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
    if (kind !== 'Pod' || operation !== 'CREATE' || subResource !== undefined || object === undefined) return UNTOUCHED;
    return this.decided(request, object);
  }

  private decided({ uid, namespace }: AdmissionRequest, pod: AdmittedPod): AdmissionAnswer {
    const logState = this.state.logProfileState();
    const decision = decideRecordings({
      pod,
      recordings: this.state.recordings(namespace),
      logProfile: this.state.logProfile,
      canLog: logState === 'installed' || logState === 'pending',
      onlyLabelled: this.state.onlyLabelled(),
      stamp: { nonce: sha256Hex(uid).slice(0, NONCE_LENGTH), since: Math.floor(this.state.now() / 1000) },
    });
    const patch = patchOf(pod, decision, logState === 'pending');
    const fault = annotationsFault(applyPatch(pod, patch) as AdmittedPod, 'recordings');
    if (fault !== undefined && patch.length > 0) {
      return { allowed: false, outcome: 'denied', code: 422, reason: 'Invalid', message: `${this.name}: ${fault}` };
    }
    return { allowed: true, outcome: outcomeOf(decision), patch, warnings: markWarnings(decision.marks) };
  }
}

function outcomeOf({ requests, marks }: RecordingDecision): 'recorded' | 'skipped' | 'allowed' {
  if (requests.length > 0) return 'recorded';
  return marks.length > 0 ? 'skipped' : 'allowed';
}

function patchOf(pod: AdmittedPod, decision: RecordingDecision, mustWait: boolean): readonly PatchOperation[] {
  const { requests, changes, marks } = decision;
  const fields = fieldPatch(pod, changes);
  const annotations = annotationPatch(pod, {
    ...requestAnnotations(pod, requests),
    [ANNOTATION.recordingMarks]: printMarks(marks),
  });
  const waits = mustWait && requests.some(({ recorder }) => recorder === 'logs');
  return [...fields, ...annotations, ...(waits && mayWait(pod) ? gatePatch(pod, PROFILE_GATE) : [])];
}

/** A pod for a given node cannot be held back, and one gate is enough. */
function mayWait({ spec }: AdmittedPod): boolean {
  const hasGate = (spec?.schedulingGates ?? []).some(({ name }) => name === PROFILE_GATE);
  return (spec?.nodeName ?? '') === '' && !hasGate;
}
