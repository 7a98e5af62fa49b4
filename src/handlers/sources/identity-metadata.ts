// SPDX-License-Identifier: Apache-2.0
// The metadata of objects of which only the identity is kept: of texts that have no limit, those that are ours.
import { FINALIZER, LABEL } from '../../core/names.ts';
import { isOfTheOriginal } from '../../core/status/profile-metadata.ts';
import { PROFILE_BINDING } from '../../gen/kinds.ts';
import type { ObjectMeta, OwnerReference } from '../../runtime/object.ts';

const OURS: ReadonlySet<string> = new Set(Object.values(FINALIZER));

/** Finalizers that are kept. The original had one for each node. */
const MOST_FINALIZERS = 64;

/** The longest name of an owner that is one. */
const LONGEST_NAME = 253;

/** The metadata with our own labels, finalizers and owners; `isCut` where others' finalizers are missing. */
export function identityMetadata(metadata: ObjectMeta): ObjectMeta {
  const { labels, finalizers, ownerReferences, ...rest } = metadata;
  const kept = finalizers?.filter((name) => OURS.has(name) || isOfTheOriginal(name)).slice(0, MOST_FINALIZERS);
  return {
    ...rest,
    ...(labels === undefined ? {} : { labels: ownLabels(labels) }),
    ...(kept === undefined ? {} : { finalizers: kept }),
    ...(kept?.length === finalizers?.length ? {} : { isCut: true }),
    ...(ownerReferences === undefined ? {} : { ownerReferences: ownOwners(ownerReferences) }),
  };
}

/** The owner by which a profile is the twin of a binding. */
export function ownOwners(owners: readonly OwnerReference[]): readonly OwnerReference[] {
  const owner = owners.find(({ kind, name }) => kind === PROFILE_BINDING.kind && name.length <= LONGEST_NAME);
  return owner === undefined ? [] : [owner];
}

function ownLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names: readonly string[] = Object.values(LABEL);
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}
