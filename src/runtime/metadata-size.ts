// SPDX-License-Identifier: Apache-2.0
// How much of the budget of its namespace an object takes by its metadata: usual ones nothing. Labels, finalizers and
// owners have no limit of their own, so a megabyte fits beside a spec of ten characters.
import type { ObjectMeta } from './object.ts';

/** Characters that are free. Usual metadata have some hundred. */
const FREE = 4096;

/** Characters of an owner's further members, about. */
const OWNER = 64;

/** Annotations are few and long, and one text takes a quarter of what as many characters of a parsed spec take. */
const ANNOTATION_SHARE = 4;

/** Characters of metadata beyond the usual. */
export function metadataExcess(metadata: ObjectMeta): number {
  const { finalizers = [], ownerReferences = [], labels = {}, annotations = {} } = metadata;
  const owners = ownerReferences.reduce((sum, { name, uid }) => sum + name.length + uid.length + OWNER, 0);
  const texts = lengthOf(finalizers) + lengthOf(Object.entries(labels).flat());
  const notes = Math.ceil(lengthOf(Object.entries(annotations).flat()) / ANNOTATION_SHARE);
  return Math.max(0, owners + texts + notes - FREE);
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
