// SPDX-License-Identifier: Apache-2.0
// The webhook that guards the images of bound containers. A running pod keeps its security context for ever, but its
// images may be changed: so another program would run under a profile that was made for the first, or escape the one
// that is bound to it. Such a change is refused, unless the binding is for the new image as well or the binding that a
// new pod would get has the same profile.
import { refusalOfImages } from '../core/binding/image-change.ts';
import type { ImageRefusal } from '../core/binding/image-change.ts';
import type { ProfileStates } from '../core/binding/situation.ts';
import { IndexCache } from '../core/binding/index-cache.ts';
import type { BindingState } from '../core/binding/index-cache.ts';
import { annotationOf, containersOf, podTitle } from '../core/binding/pod.ts';
import type { AdmittedPod } from '../core/binding/pod.ts';
import { ANNOTATION, WEBHOOK, WEBHOOK_PATH } from '../core/names.ts';
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

/** The pod as it would become, with the annotations that it had: the marks in an update can be forged. */
function withMarksOf(before: AdmittedPod, after: AdmittedPod): AdmittedPod {
  const { annotations = {} } = before.metadata ?? {};
  return { ...after, metadata: { ...after.metadata, annotations } };
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
    if (changed.size === 0 || annotationOf(before, ANNOTATION.profileBindings) === undefined) return UNTOUCHED;
    const refusal = refusalOfImages({
      pod: withMarksOf(before, after),
      namespace,
      index: this.indexes.of(namespace),
      profileState: this.profileState,
      isOpen: ({ container }) => changed.has(container.name),
    });
    return refusal === undefined ? UNTOUCHED : this.denial(after, refusal, changed.get(refusal.container) ?? '');
  }

  private denial(pod: AdmittedPod, { container, reason }: ImageRefusal, image: string): AdmissionAnswer {
    const message =
      `${this.name}: the image of container ${container} cannot be changed to ${image.slice(0, MAX_IMAGE)}, because ` +
      `${reason} and a running pod keeps its profile. Delete ${podTitle(pod)} and create it anew`;
    return { allowed: false, outcome: 'denied', code: 403, reason: 'Forbidden', message };
  }
}
