// SPDX-License-Identifier: Apache-2.0
// The cached node status: an entry for each profile on this node. The handlers of profiles change it, and one other
// handler writes it to the cluster at its own pace, so a hundred installs are one write.
import { objectKey } from '../names.ts';
import type { NodeStatusEntry } from './node-status-entry.ts';
import { withDenial } from './denials.ts';
import type { ProfileDenial } from './denials.ts';
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

  /** Records the state of a profile; false when it was recorded already. `now` is RFC 3339. */
  record(key: string, entry: Omit<NodeStatusEntry, 'since'>, now: string): boolean {
    const before = this.entries.get(key);
    const after = { ...shortened(entry), ...keptDenials(before, entry) };
    if (before !== undefined && same(before, after)) return false;
    this.entries.set(key, { ...after, ...sinceWhen(before, after.state, now) });
    this.onChange();
    return true;
  }

  /** A profile that has an entry has denied a call. */
  denied(key: string, denial: ProfileDenial): void {
    const before = this.entries.get(key);
    if (before === undefined) return;
    const denials = withDenial(before.denials ?? [], denial);
    if (denials === before.denials) return;
    this.entries.set(key, { ...before, denials });
    this.onChange();
  }

  /** Drops the entry of a profile that is no longer on this node. */
  forget(key: string): void {
    if (this.entries.delete(key)) this.onChange();
  }

  /** Takes over an entry that this process wrote before a restart, unless a newer one is known already. */
  remember(key: string, entry: NodeStatusEntry): void {
    if (!this.entries.has(key)) this.entries.set(key, entry);
  }

  /** Where a profile stands. */
  get(key: string): NodeStatusEntry | undefined {
    return this.entries.get(key);
  }

  /** The content to write. Where there is no room for all entries, those that need attention come first. */
  content(): NodeStatusContent {
    return { summary: summarize(this.entries.values()), ...fitEntries([...this.entries], byAttention) };
  }
}

/** Denials are those of the profile as it is: another generation may permit the calls. */
function keptDenials(
  before: NodeStatusEntry | undefined,
  { uid, generation }: Omit<NodeStatusEntry, 'since'>,
): Pick<NodeStatusEntry, 'denials'> {
  const isSame = before?.uid === uid && before?.generation === generation;
  return before?.denials === undefined || !isSame ? {} : { denials: before.denials };
}

/** The start of the state. It is omitted for Installed entries: it would be 25 % of the object's size. */
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
