// SPDX-License-Identifier: Apache-2.0
// The arranged bindings of each namespace, arranged anew only when one of them has changed: so a review costs the same
// with one binding and with a thousand.
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import type { LogProfiles } from '../recording/log-profile.ts';
import type { ObstacleFacts } from './obstacle.ts';
import type { ProfileStates } from './situation.ts';
import { indexBindings } from './choose.ts';
import type { BindingIndex } from './choose.ts';
import { trialText } from './twin.ts';
import type { ProfileIdentities } from './twin.ts';

/** The bindings of a namespace as they are now. The same list, while nothing changes, is recognised at once. */
export type BindingsOf = (namespace: string) => readonly ProfileBinding[];

/** The cached state of a cluster that the webhooks for bindings decide on. */
export interface BindingState {
  readonly bindings: BindingsOf;
  readonly profileState: ProfileStates;
  readonly profileIdentity: ProfileIdentities;
  /** Facts that may keep a pod of a namespace from profiles of SELinux and AppArmor. */
  readonly obstacleFacts: (namespace: string) => ObstacleFacts;
  /** The profiles under which containers are recorded from the audit log. */
  readonly logProfiles: LogProfiles;
}

interface Arranged {
  readonly bindings: readonly ProfileBinding[];
  readonly index: BindingIndex;
}

/** Namespaces whose index is kept; the one that was arranged first makes room. */
const MAX_NAMESPACES = 1000;

const EMPTY = indexBindings([]);

/** Whether a binding means the same: a change of its labels, or of its status beyond the trial, changes nothing. */
function isSame(a: ProfileBinding, b: ProfileBinding | undefined): boolean {
  if (a === b) return true;
  const { uid, generation, deletionTimestamp } = a.metadata;
  if (b === undefined) return false;
  const other = b.metadata;
  const isUnchanged = generation !== undefined && uid === other.uid && generation === other.generation;
  return isUnchanged && deletionTimestamp === other.deletionTimestamp && trialText(a) === trialText(b);
}

/** Whether the index is of these bindings, in whatever order they are listed: a changed one comes last. */
function isOf({ byName }: BindingIndex, bindings: readonly ProfileBinding[]): boolean {
  return byName.size === bindings.length && bindings.every((one) => isSame(one, byName.get(one.metadata.name)));
}

/** Indexes by namespace. */
export class IndexCache {
  private readonly bindings: BindingsOf;
  private readonly arranged = new Map<string, Arranged>();

  constructor(bindings: BindingsOf) {
    this.bindings = bindings;
  }

  /** The index of a namespace's bindings as they are now. */
  of(namespace: string): BindingIndex {
    const bindings = this.bindings(namespace);
    const known = this.arranged.get(namespace);
    if (known?.bindings === bindings) return known.index;
    this.arranged.delete(namespace);
    if (bindings.length === 0) return EMPTY;
    const isKnown = known !== undefined && isOf(known.index, bindings);
    return this.keep(namespace, { bindings, index: isKnown ? known.index : indexBindings(bindings) });
  }

  private keep(namespace: string, arranged: Arranged): BindingIndex {
    const [oldest] = this.arranged.keys();
    if (this.arranged.size >= MAX_NAMESPACES && oldest !== undefined) this.arranged.delete(oldest);
    this.arranged.set(namespace, arranged);
    return arranged.index;
  }
}
