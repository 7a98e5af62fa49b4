// SPDX-License-Identifier: Apache-2.0
// The images that a binding was probably meant for, among those that were seen: the same repository with another tag,
// the same last part of the path elsewhere, or a last part that is nearly the same.
import { nearest } from '../nearest.ts';
import { parseImageReference } from './image-reference.ts';

/** Images in a message. */
const MOST = 3;

interface Parts {
  /** Registry and path. */
  readonly name: string;
  /** The end of the path. */
  readonly last: string;
}

/** A text that is no reference, as a whole. */
function partsOf(image: string): Parts {
  const name = parseImageReference(image)?.name ?? image;
  return { name, last: name.slice(name.lastIndexOf('/') + 1) };
}

/** How far an image is from another, in steps; undefined for too far. */
function distance(a: Parts, b: Parts): number | undefined {
  if (a.name === b.name) return 0;
  if (a.last === b.last) return 1;
  return nearest(a.last, [b.last]) === undefined ? undefined : 2;
}

/** At most three of the seen images that resemble the image and are not the same text, the nearest first. */
export function nearestImages(image: string, seen: Iterable<string>): readonly string[] {
  const wanted = partsOf(image);
  const near = [...new Set(seen)].flatMap((candidate) => {
    const steps = candidate === image ? undefined : distance(wanted, partsOf(candidate));
    return steps === undefined ? [] : [{ candidate, steps }];
  });
  return near
    .sort((a, b) => a.steps - b.steps || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}
