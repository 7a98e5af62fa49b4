// SPDX-License-Identifier: Apache-2.0
// The pods of each namespace as bindings look at them: by the marks of the webhook, and by their images. Pods of one
// template are one group, so that a binding is compared with a few groups and not with thousands of pods.
import { ANY_IMAGE, referenceKeys } from '../../core/binding/image-match.ts';
import { parseBound, parseSkipped } from '../../core/binding/marks.ts';
import { selects } from '../../core/label-selector.ts';
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import type { Reader } from '../../runtime/handler.ts';
import { keyText } from '../../runtime/object.ts';
import type { ManagedPod, PodShape } from '../sources/managed-pods.ts';

/** Pods of one template. */
export interface PodGroup {
  readonly shape: PodShape;
  readonly pods: readonly ManagedPod[];
}

interface Groups {
  readonly all: readonly PodGroup[];
  readonly byImage: ReadonlyMap<string, readonly PodGroup[]>;
}

/** Follows the pods of a reader. */
export class NamespacePods {
  private readonly inNamespace: (namespace: string) => readonly ManagedPod[];
  private readonly marked: (value: string) => readonly ManagedPod[];
  /** By the list of pods, which is the same one until a pod of the namespace changes. */
  private readonly groups = new WeakMap<readonly ManagedPod[], Groups>();
  private readonly imageTexts = new WeakMap<PodShape, readonly string[]>();

  constructor(pods: Reader<ManagedPod>) {
    this.inNamespace = pods.index(({ metadata: { namespace = '' }, shape }) =>
      shape.containers.length === 0 ? [] : [namespace],
    );
    this.marked = pods.index(({ metadata: { namespace }, marks }) => [
      ...new Set(parseBound(marks.bound).map((mark) => `bound ${keyText({ namespace, name: mark.binding })}`)),
      ...new Set(parseSkipped(marks.skipped).map((mark) => `skipped ${keyText({ namespace, name: mark.binding })}`)),
    ]);
  }

  /** The pods that the webhook says to have bound by a binding; anybody can write that. */
  boundBy({ metadata }: ProfileBinding): readonly ManagedPod[] {
    return this.marked(`bound ${keyText(metadata)}`);
  }

  /** The pods of which the webhook says that it left a container alone, for a reason. */
  skippedFor({ metadata }: ProfileBinding): readonly ManagedPod[] {
    return this.marked(`skipped ${keyText(metadata)}`);
  }

  /** The images of a namespace's pods. */
  images(namespace: string): readonly string[] {
    return this.groupsOf(namespace).all.flatMap(({ shape }) => shape.containers.map(({ image }) => image));
  }

  /** The pods that a binding is for, whether others are for them or not. */
  matching({ metadata: { namespace = '' }, spec }: ProfileBinding): readonly PodGroup[] {
    const { all, byImage } = this.groupsOf(namespace);
    const found =
      spec.image === ANY_IMAGE ? all : new Set(textsOf(spec.image).flatMap((text) => byImage.get(text) ?? []));
    return [...found].filter(({ shape }) => selects(spec.podSelector, shape.labels));
  }

  private groupsOf(namespace: string): Groups {
    const pods = this.inNamespace(namespace);
    const known = this.groups.get(pods);
    if (known !== undefined) return known;
    const made = this.group(pods);
    this.groups.set(pods, made);
    return made;
  }

  private group(pods: readonly ManagedPod[]): Groups {
    const all = [...Map.groupBy(pods, ({ shape }) => shape)].map(([shape, members]) => ({ shape, pods: members }));
    const byImage = new Map<string, PodGroup[]>();
    for (const group of all) {
      for (const text of this.textsOfShape(group.shape)) {
        const groups = byImage.get(text);
        if (groups === undefined) byImage.set(text, [group]);
        else groups.push(group);
      }
    }
    return { all, byImage };
  }

  private textsOfShape(shape: PodShape): readonly string[] {
    const known = this.imageTexts.get(shape);
    if (known !== undefined) return known;
    const texts = [...new Set(shape.containers.flatMap(({ image }) => textsOf(image)))];
    this.imageTexts.set(shape, texts);
    return texts;
  }
}

/** Texts of which two images that match have one in common; see core/binding/image-match.ts. */
function textsOf(image: string): readonly string[] {
  const keys = referenceKeys(image);
  return [
    `literal ${image}`,
    ...(keys === undefined ? [] : [`reference ${keys.reference}`]),
    ...(keys?.digest === undefined ? [] : [`digest ${keys.digest}`]),
  ];
}
