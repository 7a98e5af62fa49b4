// SPDX-License-Identifier: Apache-2.0
// The facts about a kind of profile that the daemon and the manager must agree on: where its objects are, under which
// name pods use one, and on which others it stands. Everything that only one of the two processes does with a kind is
// in that process's folder.
import type { ProfileStatus } from '../../core/status/profile-status.ts';
import type { PodUse } from '../../core/status/workload.ts';
import { ANNOTATION, LABEL } from '../../core/names.ts';
import type { BudgetLimits } from '../../runtime/budget.ts';
import type { Source } from '../../runtime/handler.ts';
import { textMark } from '../../runtime/metadata.ts';
import type { KubeObject, ObjectKey, ObjectMeta, Resource } from '../../runtime/object.ts';
import { identityMetadata } from './identity-metadata.ts';

/** A profile of any kind, as far as the handlers of all kinds read it. */
export interface Profile extends KubeObject {
  readonly spec: { readonly disabled?: boolean };
  readonly status?: ProfileStatus;
}

/** A kind of profile. */
export interface ProfileKind<P extends Profile = Profile> {
  readonly resource: Resource;
  /** The profiles of this kind as every process keeps them; see profileSource(). */
  readonly source: Source<P>;
  /** How many profiles may be stacked below one: what stands higher is no concern of a base. */
  readonly baseLevels: number;
  /**
   * The condition of a node status that says whether the node can have such profiles (core/status/support.ts); one that
   * cannot does not count. Default: every node can.
   */
  readonly support?: string;
  /** Whether pods use what others have made by names of this form, too: one without an object is not waited for. */
  readonly sharesNames?: true;
  /** A name that is the operator's own: no object of another namespace than its own has it. */
  readonly ownName?: string;
  /** The name under which pods use a profile of this kind. Two profiles of one name share what is on the node. */
  useName(key: ObjectKey): string;
  /** Names of this form that a pod mentions, in any order; one that is mentioned twice counts once. */
  namesIn(pod: PodUse): readonly string[];
  /** Names of the profiles in the same namespace that this one stands on. */
  basesOf(profile: P): readonly string[];
}

/** Prefix of handler names, as metrics, logs and field managers have it: `seccompprofile`. */
export function kindName({ resource }: Pick<ProfileKind, 'resource'>): string {
  return resource.kind.toLowerCase();
}

/**
 * Limits for the profiles of one kind in one namespace: characters of their specs as compact JSON and of metadata
 * beyond the usual, and their number.
 * Usual profiles have 1 to 20 KB. The profiles of one tenant are in the memory of the manager and of every daemon, so
 * this bounds the share that one tenant can take; the limits of both processes (128 Mi) are made for it.
 */
export const PROFILE_BUDGET: BudgetLimits = { bytes: 8 << 20, objects: 2000 };

/** Objects of a page: profiles may have 1.5 MB each, while other kinds have a few KB. */
const PAGE_SIZE = 25;

/**
 * The profiles of a kind: cut down to what is read of them, kept compactly, within the budget of their namespace.
 *
 * @param identitySpec - a valid spec with as little as possible, for profiles beyond the budget
 */
export function profileSource<P extends Profile>(
  resource: Resource,
  identitySpec: (spec: P['spec']) => P['spec'],
): Source<P> {
  return {
    resource,
    transform: (profile) => ({ ...profile, metadata: metadataRead(profile.metadata) }),
    repeatable: true,
    pageSize: PAGE_SIZE,
    budget: {
      limits: PROFILE_BUDGET,
      identity: (profile) => ({
        ...profile,
        metadata: identityMetadata(profile.metadata),
        spec: identitySpec(profile.spec),
      }),
    },
  };
}

/** Labels and annotations of others can be long, and the annotation with the system calls has up to 128 KiB. */
function metadataRead({ labels, annotations, ...metadata }: ObjectMeta): ObjectMeta {
  return {
    ...metadata,
    ...(labels === undefined ? {} : { labels: only(labels, Object.values(LABEL)) }),
    ...(annotations === undefined ? {} : { annotations: only(annotations, Object.values(ANNOTATION)) }),
  };
}

function only(texts: Readonly<Record<string, string>>, names: readonly string[]): Readonly<Record<string, string>> {
  const ours = Object.entries(texts).filter(([name]) => names.includes(name));
  return Object.fromEntries(ours.map(([name, text]) => [name, textMark(text)]));
}
