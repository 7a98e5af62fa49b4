// SPDX-License-Identifier: Apache-2.0
// The images that pods had before they were changed. A pod does not tell it, so it is kept from the change on, in this
// process only: enough for an event, which is a hint and no promise.
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { ManagedPod } from '../sources/managed-pods.ts';

/** The first images of containers, by their names. */
export type FirstImages = ReadonlyMap<string, string>;

/** Pods that are remembered; the one that was changed first makes room. */
const REMEMBERED = 1000;

interface Remembered {
  readonly uid: string | undefined;
  readonly images: FirstImages;
}

const NONE: FirstImages = new Map();

/** Remembers pods whose images were changed. */
export class ImageChanges {
  private readonly pods = new Map<string, Remembered>();

  /** Whether the images of a pod's containers are others now; remembers what they were. */
  note(before: ManagedPod, after: ManagedPod): boolean {
    if (before.shape === after.shape || before.metadata.uid !== after.metadata.uid) return false;
    const images = new Map(before.shape.containers.map(({ name, image }) => [name, image]));
    const isChanged = after.shape.containers.some(({ name, image }) => (images.get(name) ?? image) !== image);
    if (isChanged) this.remember(after, images);
    return isChanged;
  }

  /** The images that the pod had at first; empty for one that has not been changed. */
  firstOf(pod: ManagedPod): FirstImages {
    const known = this.pods.get(keyText(keyOf(pod)));
    return known?.uid === pod.metadata.uid ? (known?.images ?? NONE) : NONE;
  }

  /** The pod is gone. */
  forget(key: ObjectKey): void {
    this.pods.delete(keyText(key));
  }

  private remember(pod: ManagedPod, images: FirstImages): void {
    if (this.firstOf(pod).size > 0) return;
    const key = keyText(keyOf(pod));
    const [oldest] = this.pods.keys();
    this.pods.delete(key);
    if (this.pods.size >= REMEMBERED && oldest !== undefined) this.pods.delete(oldest);
    this.pods.set(key, { uid: pod.metadata.uid, images });
  }
}
