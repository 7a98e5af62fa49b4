// SPDX-License-Identifier: Apache-2.0
// The webhook that guards the images of bound containers. A running pod keeps its security context for ever, but its
// images may be changed: so another program would run under a profile that was made for the first, or escape the one
// that is bound to it. Such a change is refused, unless the binding is for the new image as well or the binding that a
// new pod would get has the same profile.
import { choose, isEnding } from '../core/binding/choose.ts';
import type { BindingIndex, Choice } from '../core/binding/choose.ts';
import type { ProfileStates } from '../core/binding/situation.ts';
import { ANY_IMAGE } from '../core/binding/image-match.ts';
import { IndexCache } from '../core/binding/index-cache.ts';
import type { BindingState } from '../core/binding/index-cache.ts';
import { parseBound } from '../core/binding/marks.ts';
import type { BoundMark } from '../core/binding/marks.ts';
import { annotationOf, containersOf, podTitle } from '../core/binding/pod.ts';
import type { AdmittedPod } from '../core/binding/pod.ts';
import { PROFILE_FIELDS } from '../core/binding/security-context.ts';
import { ANNOTATION, WEBHOOK, WEBHOOK_PATH } from '../core/names.ts';
import type { ProfileBinding } from '../gen/crd/profile-binding.ts';
import { UNTOUCHED } from './review.ts';
import type { AdmissionAnswer, AdmissionRequest, Webhook } from './review.ts';

/** The longest image in a message, in characters. */
const MAX_IMAGE = 200;

/** The containers whose image an update changes, by name, with the new image. */
function changedImages(before: AdmittedPod, after: AdmittedPod): ReadonlyMap<string, string> {
  const known = new Map(containersOf(before).map(({ container: { name, image } }) => [name, image]));
  const changed = containersOf(after).filter(
    ({ container: { name, image } }) => known.has(name) && known.get(name) !== image,
  );
  return new Map(changed.map(({ container: { name, image = '' } }) => [name, image]));
}

function sameProfile(a: ProfileBinding, b: ProfileBinding): boolean {
  return a.spec.profileRef.kind === b.spec.profileRef.kind && a.spec.profileRef.name === b.spec.profileRef.name;
}

/** One update of a pod, and the bindings that a new pod like it would get. */
interface Judged {
  readonly namespace: string;
  readonly pod: AdmittedPod;
  readonly index: BindingIndex;
  readonly choices: readonly Choice[];
}

/**
 * Why the container must not run its new image, when its binding is gone or going: the profile is still in the pod, and
 * must be the one that a new pod would get.
 */
function againstOtherProfile(
  { namespace, pod }: Judged,
  container: string,
  choices: readonly Choice[],
): string | undefined {
  const place = containersOf(pod).find((one) => one.container.name === container);
  const other = choices.find(({ binding: { spec } }) => {
    const field = PROFILE_FIELDS[spec.profileRef.kind];
    const value = field.valueOf(namespace, spec.profileRef.name);
    const current = field.inContext(place?.container.securityContext) ?? field.inContext(pod.spec?.securityContext);
    return value !== undefined && (current === undefined || !field.isSame(current, value));
  });
  return other === undefined ? undefined : isFor(other);
}

/** Why a bound container must not run its new image; undefined where it may. */
function against(judged: Judged, mark: BoundMark): string | undefined {
  const bound = judged.index.byName.get(mark.binding);
  const choices = judged.choices.filter(({ container }) => container === mark.container);
  if (bound === undefined || isEnding(bound)) return againstOtherProfile(judged, mark.container, choices);
  const choice = choices.find(({ kind }) => kind === bound.spec.profileRef.kind);
  if (choice !== undefined) return sameProfile(bound, choice.binding) ? undefined : isFor(choice);
  return bound.spec.image === ANY_IMAGE ? undefined : `ProfileBinding ${mark.binding} is not for that image`;
}

function isFor({ binding: { metadata, spec } }: Choice): string {
  return `ProfileBinding ${metadata.name} binds ${spec.profileRef.kind} ${spec.profileRef.name} to that image`;
}

/** `binding-image.spo.io`. */
export class BindingImageWebhook implements Webhook {
  readonly name = WEBHOOK.bindingImage;
  readonly path = WEBHOOK_PATH.bindingImage;
  private readonly indexes: IndexCache;
  private readonly profileState: ProfileStates;

  constructor(state: BindingState) {
    this.indexes = new IndexCache(state.bindings);
    this.profileState = state.profileState;
  }

  review(request: AdmissionRequest): AdmissionAnswer {
    const isUpdate = request.kind === 'Pod' && request.operation === 'UPDATE' && request.subResource === undefined;
    if (!isUpdate || request.object === undefined || request.oldObject === undefined) return UNTOUCHED;
    return this.judged(request, request.oldObject, request.object);
  }

  private judged({ namespace }: AdmissionRequest, before: AdmittedPod, after: AdmittedPod): AdmissionAnswer {
    const changed = changedImages(before, after);
    const marks = parseBound(annotationOf(before, ANNOTATION.profileBindings));
    const concerned = marks.filter(({ container }) => changed.has(container));
    if (concerned.length === 0) return UNTOUCHED;
    const judged = this.judgedPod(namespace, after);
    for (const mark of concerned) {
      const reason = against(judged, mark);
      if (reason !== undefined) return this.denial(after, mark, changed.get(mark.container) ?? '', reason);
    }
    return UNTOUCHED;
  }

  private judgedPod(namespace: string, pod: AdmittedPod): Judged {
    const index = this.indexes.of(namespace);
    const containers = containersOf(pod).map(({ container: { name, image = '' } }) => ({ name, image }));
    const choices = choose(index, { labels: pod.metadata?.labels, containers }).filter(
      ({ kind, binding: { spec } }) => this.profileState(kind, namespace, spec.profileRef.name) !== 'unsupported',
    );
    return { namespace, pod, index, choices };
  }

  private denial(pod: AdmittedPod, { container }: BoundMark, image: string, reason: string): AdmissionAnswer {
    const message =
      `${this.name}: the image of container ${container} cannot be changed to ${image.slice(0, MAX_IMAGE)}, because ` +
      `${reason} and a running pod keeps its profile. Delete ${podTitle(pod)} and create it anew`;
    return { allowed: false, outcome: 'denied', code: 403, reason: 'Forbidden', message };
  }
}
