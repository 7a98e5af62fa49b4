// SPDX-License-Identifier: Apache-2.0
// What a node's daemon knows of the profiles on its node: an entry for each, changed by whoever works on a profile, and
// written to the cluster by one other, as often as that one sees fit. This is what makes a hundred installs one write.
import { objectKey } from '../names.ts';
import type { NodeStatusEntry } from './node-status-entry.ts';
import { fitEntries, shortText } from './node-status-size.ts';
import type { FittedEntries } from './node-status-size.ts';
import { summarize } from './node-summary.ts';
import type { NodeSummary } from './node-summary.ts';
import type { ProfileState } from './state.ts';

/** The map and the head of a SecurityProfileNodeStatus. The head counts all profiles, the map may lack some. */
export interface NodeStatusContent extends FittedEntries {
  readonly summary: NodeSummary;
}

/** Longest message of an entry, schemas/crd/security-profile-node-status.json. */
const MESSAGE_MAX = 1024;

/** The key of a profile in the map: `SeccompProfile/my-namespace/profile1`. */
export function nodeStatusKey(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${objectKey(namespace, name)}`;
}

/** Namespace and name from a key of the map; undefined for a key of another kind. */
export function fromNodeStatusKey(kind: string, key: string): { namespace: string; name: string } | undefined {
  const [ofKind, namespace, name, ...rest] = key.split('/');
  if (ofKind !== kind || namespace === undefined || name === undefined || rest.length > 0) return undefined;
  return { namespace, name };
}

/** The entries of a node. */
export class NodeStatusCache {
  private readonly entries = new Map<string, NodeStatusEntry>();
  private readonly onChange: () => void;

  /** `onChange` is called after every change, not with it. */
  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  /** Notes where a profile stands; false when that is what stood there. `now` is RFC 3339. */
  record(key: string, entry: Omit<NodeStatusEntry, 'since'>, now: string): boolean {
    const before = this.entries.get(key);
    const after = shortened(entry);
    if (before !== undefined && same(before, after)) return false;
    this.entries.set(key, { ...after, ...sinceWhen(before, after.state, now) });
    this.onChange();
    return true;
  }

  /** The node has nothing to do with a profile any more. */
  forget(key: string): void {
    if (this.entries.delete(key)) this.onChange();
  }

  /** Takes an entry over that an earlier life of this process wrote; what is known already is newer. */
  remember(key: string, entry: NodeStatusEntry): void {
    if (!this.entries.has(key)) this.entries.set(key, entry);
  }

  /** Where a profile stands. */
  get(key: string): NodeStatusEntry | undefined {
    return this.entries.get(key);
  }

  /** What is to be written; where there is no room for all, those that need attention come first. */
  content(): NodeStatusContent {
    return { summary: summarize(this.entries.values()), ...fitEntries([...this.entries], byAttention) };
  }
}

/** Since when, for what is not as it should be; of the many that are, it would be a quarter of what is written. */
function sinceWhen(
  before: NodeStatusEntry | undefined,
  state: ProfileState,
  now: string,
): Pick<NodeStatusEntry, 'since'> {
  if (state === 'Installed') return {};
  return { since: before?.state === state ? (before.since ?? now) : now };
}

function shortened(entry: Omit<NodeStatusEntry, 'since'>): Omit<NodeStatusEntry, 'since'> {
  const { message } = entry;
  return message === undefined ? entry : { ...entry, message: shortText(message, MESSAGE_MAX) };
}

const COMPARED = ['state', 'uid', 'generation', 'reason', 'message', 'hash'] as const;

function same(a: NodeStatusEntry, b: NodeStatusEntry): boolean {
  return COMPARED.every((field) => a[field] === b[field]);
}

const RANK: Readonly<Partial<Record<ProfileState, number>>> = { Error: 0, Terminating: 1, Installed: 3 };

type Item = readonly [key: string, entry: NodeStatusEntry];

function byAttention([a, one]: Item, [b, two]: Item): number {
  const rank = (RANK[one.state] ?? 2) - (RANK[two.state] ?? 2);
  return rank !== 0 ? rank : a < b ? -1 : 1;
}
