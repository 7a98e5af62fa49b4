// SPDX-License-Identifier: Apache-2.0
// The webhook that guards the images of bound containers. A running pod keeps its security context for ever, but its
// images may be changed: so another program would run under a profile that was made for the first, or escape the one
// that is bound to it. Such a change is refused, unless the binding is for the new image as well or the binding that a
// new pod would get has the same profile. A container beside a bound one must not become one that a new pod binds.
import { refusalOfImages } from '../core/binding/image-change.ts';
import type { ImageRefusal } from '../core/binding/image-change.ts';
import { IndexCache } from '../core/binding/index-cache.ts';
import type { BindingState } from '../core/binding/index-cache.ts';
import { annotationOf, containersOf, podTitle } from '../core/binding/pod.ts';
import type { AdmittedPod, ContainerPlace } from '../core/binding/pod.ts';
import { ANNOTATION, WEBHOOK, WEBHOOK_PATH } from '../core/names.ts';
import { UNTOUCHED } from './review.ts';
import type { AdmissionAnswer, AdmissionRequest, Webhook } from './review.ts';

/** The longest image in a message, in characters. */
const MAX_IMAGE = 200;

/** The images of all containers, by their names. */
function imagesOf(pod: AdmittedPod): ReadonlyMap<string, string> {
  return new Map(containersOf(pod).map(({ container: { name, image = '' } }) => [name, image]));
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
  private readonly state: Pick<BindingState, 'profileState' | 'profileIdentity' | 'logProfiles'>;

  constructor(state: BindingState) {
    this.indexes = new IndexCache(state.bindings);
    this.state = state;
  }

  review(request: AdmissionRequest): AdmissionAnswer {
    const isUpdate = request.kind === 'Pod' && request.operation === 'UPDATE' && request.subResource === undefined;
    if (!isUpdate || request.object === undefined || request.oldObject === undefined) return UNTOUCHED;
    return this.judged(request, request.oldObject, request.object);
  }

  private judged({ namespace }: AdmissionRequest, before: AdmittedPod, after: AdmittedPod): AdmissionAnswer {
    const [old, images] = [imagesOf(before), imagesOf(after)];
    const isChanged = (name: string): boolean => old.has(name) && old.get(name) !== images.get(name);
    const isBound = annotationOf(before, ANNOTATION.profileBindings) !== undefined;
    if (!isBound || ![...images.keys()].some(isChanged)) return UNTOUCHED;
    const situation = {
      pod: withMarksOf(before, after),
      namespace,
      index: this.indexes.of(namespace),
      profileState: this.state.profileState,
      profileIdentity: this.state.profileIdentity,
      logProfiles: this.state.logProfiles,
      // The pod is there already.
      obstacle: () => undefined,
      isOpen: ({ container }: ContainerPlace) => isChanged(container.name),
    };
    const refusal = refusalOfImages(situation, old);
    return refusal === undefined ? UNTOUCHED : this.denial(after, refusal, images.get(refusal.container) ?? '');
  }

  private denial(pod: AdmittedPod, { container, reason }: ImageRefusal, image: string): AdmissionAnswer {
    const message =
      `${this.name}: the image of container ${container} cannot be changed to ${image.slice(0, MAX_IMAGE)}, because ` +
      `${reason} and a running pod keeps its profiles. Delete ${podTitle(pod)} and create it anew`;
    return { allowed: false, outcome: 'denied', code: 403, reason: 'Forbidden', message };
  }
}
