// SPDX-License-Identifier: Apache-2.0
// Whether the image of a binding is the image of a container, and how exactly.
import { parseImageReference } from './image-reference.ts';
import type { ImageReference } from './image-reference.ts';

/** The image of a binding for all containers that nothing else is for. */
export const ANY_IMAGE = '*';

/**
 * How an image matches, the most exact way first: the same text; the same reference in another spelling; the same
 * repository and digest, whatever the tags; any image.
 */
export const MATCHES = ['literal', 'reference', 'digest', 'any'] as const;

/** One of `MATCHES`. */
export type Match = (typeof MATCHES)[number];

/** The texts by which a reference is found again: equal ones match in that way. */
export interface ReferenceKeys {
  readonly reference: string;
  readonly digest: string | undefined;
}

function printKeys({ name, tag, digest }: ImageReference): ReferenceKeys {
  const tagged = tag === undefined ? name : `${name}:${tag}`;
  if (digest === undefined) return { reference: tagged, digest: undefined };
  return { reference: `${tagged}@${digest}`, digest: `${name}@${digest}` };
}

/**
 * The keys of an image; undefined where the text is no reference, so that it equals itself only. A tag alone never
 * equals a digest: runtimes pull by the digest and do not look at the tag beside it, which may be of another image.
 */
export function referenceKeys(image: string): ReferenceKeys | undefined {
  const reference = parseImageReference(image);
  return reference === undefined ? undefined : printKeys(reference);
}

/** How the image of a binding matches the image of a container; undefined where it does not. */
export function matchImage(bindingImage: string, containerImage: string): Match | undefined {
  if (bindingImage === ANY_IMAGE) return 'any';
  if (bindingImage === containerImage) return 'literal';
  const binding = referenceKeys(bindingImage);
  const container = referenceKeys(containerImage);
  if (binding === undefined || container === undefined) return undefined;
  if (binding.reference === container.reference) return 'reference';
  return binding.digest !== undefined && binding.digest === container.digest ? 'digest' : undefined;
}
