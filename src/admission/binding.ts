// SPDX-License-Identifier: Apache-2.0
// The webhook that puts bound profiles on new pods, and on ephemeral containers that are added to running ones. A pure
// function of what is cached: it writes nothing and waits for nothing. The manager tells of it by events, from the
// annotations; an ephemeral container's answer can hold neither annotations nor a gate, so its warnings must do.
import { boundMarks, decide } from '../core/binding/decide.ts';
import type { Decision } from '../core/binding/decide.ts';
import type { Situation } from '../core/binding/situation.ts';
import { IndexCache } from '../core/binding/index-cache.ts';
import type { BindingState } from '../core/binding/index-cache.ts';
import { printBound, printSkipped } from '../core/binding/marks.ts';
import { addedTo } from '../core/binding/pod.ts';
import type { AdmittedPod } from '../core/binding/pod.ts';
import { affinityPatch, obstaclesTo } from '../core/binding/obstacle.ts';
import { annotationPatch, fieldPatch, gatePatch } from '../core/binding/pod-patch.ts';
import { annotationsFault } from '../core/binding/annotation-size.ts';
import { skipWarnings } from '../core/binding/skip-warnings.ts';
import { waitFor } from '../core/binding/wait.ts';
import { applyPatch } from '../core/json-patch.ts';
import type { PatchOperation } from '../core/json-patch.ts';
import { ANNOTATION, PROFILE_GATE, WEBHOOK, WEBHOOK_PATH } from '../core/names.ts';
import { EPHEMERAL, UNTOUCHED } from './review.ts';
import type { AdmissionAnswer, AdmissionRequest, Webhook } from './review.ts';

/** Longest value of an audit annotation, in characters. */
const MAX_AUDIT = 1024;

function outcomeOf({ bound, skipped }: Decision): 'bound' | 'skipped' | 'unbound' {
  if (bound.length > 0) return 'bound';
  return skipped.length > 0 ? 'skipped' : 'unbound';
}

function auditOf(decision: Decision): Readonly<Record<string, string>> | undefined {
  const marks = Object.entries({
    bound: printBound(boundMarks(decision.bound)),
    skipped: printSkipped(decision.skipped),
  }).flatMap(([key, text]) => (text === undefined ? [] : [[key, text.slice(0, MAX_AUDIT)] as const]));
  return marks.length === 0 ? undefined : Object.fromEntries(marks);
}

/** The operations that only a new pod can take, beside those for its fields; `situation` holds the pod with these. */
function creationPatch(situation: Situation, decision: Decision): readonly PatchOperation[] {
  const { pod } = situation;
  const wait = waitFor(situation, decision.bound);
  return [
    ...annotationPatch(pod, {
      [ANNOTATION.profileBindings]: printBound(boundMarks(decision.bound)),
      [ANNOTATION.skippedBindings]: printSkipped(decision.skipped),
      [ANNOTATION.profileWaitSeconds]: wait.annotation,
    }),
    ...(wait.needsGate ? gatePatch(pod, PROFILE_GATE) : []),
  ];
}

/** `binding.spo.io`. */
export class BindingWebhook implements Webhook {
  readonly name = WEBHOOK.binding;
  readonly path = WEBHOOK_PATH.binding;
  private readonly indexes: IndexCache;
  private readonly state: Omit<BindingState, 'bindings'>;

  constructor(state: BindingState) {
    this.indexes = new IndexCache(state.bindings);
    this.state = state;
  }

  review(request: AdmissionRequest): AdmissionAnswer {
    if (request.kind !== 'Pod' || request.object === undefined) return UNTOUCHED;
    const { operation, subResource } = request;
    if (operation === 'CREATE' && subResource === undefined) return this.decided(request, () => true);
    if (operation === 'UPDATE' && subResource === EPHEMERAL)
      return this.decided(request, addedTo(request.oldObject ?? {}));
    return UNTOUCHED;
  }

  private decided(request: AdmissionRequest, isOpen: Situation['isOpen']): AdmissionAnswer {
    const pod = (request.object ?? {}) as AdmittedPod;
    const { namespace } = request;
    const index = this.indexes.of(namespace);
    const { profileState, profileIdentity, logProfiles } = this.state;
    const facts = this.state.obstacleFacts(namespace);
    const obstacle = obstaclesTo(pod, facts);
    const situation = { pod, namespace, index, profileState, profileIdentity, logProfiles, obstacle, isOpen };
    const decision = decide(situation);
    const isNew = request.subResource === undefined;
    const isArmored = isNew && decision.bound.some(({ binding }) => binding.spec.profileRef.kind === 'AppArmorProfile');
    const fields = [...fieldPatch(pod, decision.changes), ...(isArmored ? affinityPatch(pod, facts) : [])];
    const withFields = applyPatch(pod, fields) as AdmittedPod;
    const rest = isNew ? creationPatch({ ...situation, pod: withFields }, decision) : [];
    const fault =
      rest.length > 0 ? annotationsFault(applyPatch(withFields, rest) as AdmittedPod, 'profile bindings') : undefined;
    if (fault !== undefined) {
      return { allowed: false, outcome: 'denied', code: 422, reason: 'Invalid', message: `${this.name}: ${fault}` };
    }
    const auditAnnotations = auditOf(decision);
    return {
      allowed: true,
      outcome: outcomeOf(decision),
      patch: [...fields, ...rest],
      warnings: skipWarnings(decision.skipped),
      ...(auditAnnotations === undefined ? {} : { auditAnnotations }),
    };
  }
}
