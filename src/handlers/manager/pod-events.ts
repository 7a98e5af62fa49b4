// SPDX-License-Identifier: Apache-2.0
// Events about pods that bindings are for: why a container was left alone, that two bindings contradict each other,
// that the webhook was not reached, that a pod got an image with a binding later. The webhook itself writes nothing, so
// the manager reads its marks on the pod. Each event is written once for a pod, and those about its creation soon after
// it: later, nobody could tell how things stood then.
import { choose } from '../../core/binding/choose.ts';
import type { Choice } from '../../core/binding/choose.ts';
import { matchImage } from '../../core/binding/image-match.ts';
import { parseBound, parseSkipped } from '../../core/binding/marks.ts';
import { skipClause } from '../../core/binding/skip-warnings.ts';
import type { Reason } from '../../core/errors.ts';
import type { Handler, PolicyRule, Source } from '../../runtime/handler.ts';
import { POD } from '../../runtime/kinds.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { ObjectEvent, Outcome } from '../../runtime/outcome.ts';
import type { NamespaceBindings, WebhookReach } from '../sources/bindings.ts';
import type { ManagedPod } from '../sources/managed-pods.ts';
import { youngerRivalsOf } from './binding-rivals.ts';
import { ImageChanges } from './image-changes.ts';
import type { FirstImages } from './image-changes.ts';
import { conflictEvent } from './profile-binding.ts';
import type { KnownKind } from './profile-readiness.ts';

/** The dependencies of the handler. */
export interface PodEventsParts {
  readonly source: Source<ManagedPod>;
  readonly kinds: readonly KnownKind[];
  readonly bindings: NamespaceBindings;
  readonly reach: WebhookReach;
  /** Milliseconds since 1970, by a clock that does not jump while the process runs. */
  now(): number;
}

/** So old a pod may be for events about its creation. The API server keeps events for an hour. */
const TOLD_MS = 3_600_000;

/** And so old for what its bindings and namespace say now to be taken for what they said then. */
const FRESH_MS = 300_000;

/** Skipped containers of one pod that are told of; more would not be read. */
const MOST = 8;

/** The longest image in a message, in characters. */
const LONGEST_IMAGE = 200;

const ANEW = 'Delete the pod and create it anew to bind it';

/** Makes the events. */
export class PodEventsHandler implements Handler<ManagedPod> {
  readonly kind = POD;
  readonly name = 'pod-bindings';
  readonly rules: readonly PolicyRule[] = [];
  readonly source: Source<ManagedPod>;
  private readonly parts: PodEventsParts;
  private readonly changes = new ImageChanges();

  constructor(parts: PodEventsParts) {
    this.source = parts.source;
    this.parts = parts;
  }

  predicate(before: ManagedPod, after: ManagedPod): boolean {
    const hasImages = this.changes.note(before, after);
    return hasImages || before.metadata.uid !== after.metadata.uid || before.marks !== after.marks;
  }

  async apply(pod: ManagedPod): Promise<Outcome<ManagedPod>> {
    const ageMs = this.parts.now() - Date.parse(pod.metadata.creationTimestamp ?? '');
    const hasEnded = pod.shape.containers.length === 0;
    const { namespace = '' } = pod.metadata;
    if (hasEnded || this.parts.bindings.list(namespace).length === 0) return {};
    const images = this.changes.firstOf(pod);
    const later = images.size > 0 ? this.imageEvents(pod, images) : [];
    if (!(ageMs < TOLD_MS)) return { events: later };
    const unbound = ageMs < FRESH_MS && images.size === 0 ? this.unboundEvents(pod) : [];
    return { events: [...skipEvents(pod), ...this.conflictEvents(pod), ...unbound, ...later] };
  }

  async gone(key: ObjectKey): Promise<Outcome<ManagedPod>> {
    this.changes.forget(key);
    return {};
  }

  /** The rivals of the bindings that it has got. */
  private conflictEvents({ metadata: { namespace = '' }, marks, shape }: ManagedPod): readonly ObjectEvent[] {
    const index = this.parts.bindings.index(namespace);
    const names = new Set(parseBound(marks.bound).map(({ binding }) => binding));
    return [...names].flatMap((name) => {
      const older = index.byName.get(name);
      const [younger] = older === undefined ? [] : youngerRivalsOf(older, index, shape);
      return older === undefined || younger === undefined ? [] : [conflictEvent(older, younger)];
    });
  }

  /** No mark although a binding that is older than the pod is for it. Times of objects have whole seconds. */
  private unboundEvents(pod: ManagedPod): readonly ObjectEvent[] {
    const { namespace = '', creationTimestamp = '' } = pod.metadata;
    const { bound, skipped } = pod.marks;
    if (bound !== undefined || skipped !== undefined || !this.parts.reach.includes(namespace, pod.shape.labels))
      return [];
    const missed = this.choicesFor(pod).find(
      ({ binding }) => (binding.metadata.creationTimestamp ?? '') < (creationTimestamp ?? ''),
    );
    if (missed === undefined) return [];
    const message =
      `The binding ${missed.binding.metadata.name} is for the container ${missed.container}, but the pod was created ` +
      'without it: the webhook binding.spo.io was not reached, or binding or label of the namespace have changed since. ' +
      ANEW;
    return [{ type: 'Warning', reason: 'PodUnbound' satisfies Reason, message, once: true }];
  }

  /** A binding that came into question by a new image. Of bound pods the webhook refuses such images. */
  private imageEvents(pod: ManagedPod, images: FirstImages): readonly ObjectEvent[] {
    const { bound, skipped } = pod.marks;
    const { namespace = '' } = pod.metadata;
    if (bound !== undefined || !this.parts.reach.includes(namespace, pod.shape.labels)) return [];
    const left = new Set(parseSkipped(skipped).map(({ container }) => container));
    const missed = this.choicesFor(pod).find(({ container, binding }) => {
      const first = images.get(container);
      return first !== undefined && !left.has(container) && matchImage(binding.spec.image, first) === undefined;
    });
    if (missed === undefined) return [];
    const image = pod.shape.containers.find(({ name }) => name === missed.container)?.image ?? '';
    const message =
      `The image of the container ${missed.container} was changed to ${image.slice(0, LONGEST_IMAGE)}, which the ` +
      `binding ${missed.binding.metadata.name} is for, but a running pod gets no profile. ${ANEW}`;
    return [{ type: 'Warning', reason: 'PodUnbound' satisfies Reason, message, once: true }];
  }

  /** The bindings that a new pod of that shape would get, as far as the shape tells. */
  private choicesFor({ metadata: { namespace = '' }, shape }: ManagedPod): readonly Choice[] {
    const isSupported = (choice: Pick<Choice, 'kind'>): boolean =>
      this.parts.kinds.some(({ kind }) => kind.resource.kind === choice.kind);
    return choose(this.parts.bindings.index(namespace), shape, isSupported).filter(isSupported);
  }
}

function skipEvents({ marks }: ManagedPod): readonly ObjectEvent[] {
  return parseSkipped(marks.skipped)
    .slice(0, MOST)
    .map(({ container, binding, reason }) => ({
      type: 'Warning',
      reason,
      message: `The binding ${binding} is not applied to the container ${container}: ${skipClause(reason)}`,
      once: true,
    }));
}
