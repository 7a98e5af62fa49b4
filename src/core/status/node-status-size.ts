// SPDX-License-Identifier: Apache-2.0
// Cuts a node status to a size that etcd accepts. One that is too large is refused for ever, and then no profile of the
// node has a status; so the least needed parts are left out first, and a condition says what is missing.
import type { Observation } from './state.ts';
import { fairOrder } from './fair-order.ts';
import type { NodeStatusEntry } from './node-status-entry.ts';

/** Most entries of a node status, schemas/crd/security-profile-node-status.json. */
export const ENTRIES_MAX = 4096;

/**
 * Most bytes of all entries as the API server stores them. An object of etcd has 1.5 MiB, and the rest of it needs
 * little.
 */
export const ENTRIES_MAX_BYTES = 1024 * 1024;

/** Name of the condition that tells whether a node status tells of every profile of its node. */
export const COMPLETE = 'Complete';

/** The entries that are written, and how complete they are. */
export interface FittedEntries {
  readonly profiles: Readonly<Record<string, NodeStatusEntry>>;
  readonly complete: Observation;
}

type Item = readonly [key: string, entry: NodeStatusEntry];

/** How much of each entry is written. */
interface Cut {
  /** Longest message, in characters. */
  readonly message: number;
  readonly hash: boolean;
  /** The sentence about the cut in the node status's condition. */
  readonly said?: string;
}

const WHOLE: Cut = { message: 1024, hash: true };
const BARE: Cut = { message: 0, hash: false, said: 'messages, hashes and denied calls are left out' };

const CUTS: readonly Cut[] = [
  WHOLE,
  { message: 256, hash: true, said: 'messages end after 256 characters' },
  { message: 64, hash: true, said: 'messages end after 64 characters' },
  { message: 0, hash: true, said: 'messages are left out' },
  BARE,
];

/**
 * The entries, or as much of them as fits; namespaces share the room.
 * @param compare - which of two entries of a namespace is needed more, and comes first; the last ones are left out
 */
export function fitEntries(all: readonly Item[], compare: (a: Item, b: Item) => number): FittedEntries {
  const inOrder = (items: readonly Item[]): readonly Item[] => fairOrder(items, namespaceOf, compare);
  const wanted = all.length <= ENTRIES_MAX ? all : inOrder(all).slice(0, ENTRIES_MAX);
  for (const cut of CUTS) {
    const items = wanted.map((item) => cutItem(item, cut));
    if (fitting(items) === items.length) return content(items, all.length, cut);
  }
  const items = inOrder(wanted).map((item) => cutItem(item, BARE));
  return content(items.slice(0, fitting(items)), all.length, BARE);
}

/** The key of an entry is `KIND/NAMESPACE/NAME`. */
function namespaceOf([key]: Item): string {
  return key.split('/', 2)[1] ?? '';
}

/** Bytes of entries that were measured before: of thousands, each write of a node status changes a few. */
const measured = new WeakMap<NodeStatusEntry, number>();

/** Bytes of an entry with its key, which stays the same as long as the entry exists. */
function itemBytes(key: string, entry: NodeStatusEntry): number {
  const known = measured.get(entry);
  if (known !== undefined) return known;
  const bytes = storedBytes(JSON.stringify(key)) + storedBytes(JSON.stringify(entry)) + 2;
  measured.set(entry, bytes);
  return bytes;
}

/** How many of the items fit. */
function fitting(items: readonly Item[]): number {
  let bytes = 2;
  for (const [index, [key, entry]] of items.entries()) {
    bytes += itemBytes(key, entry);
    if (bytes > ENTRIES_MAX_BYTES) return index;
  }
  return items.length;
}

function content(items: readonly Item[], all: number, { said }: Cut): FittedEntries {
  const left = all - items.length;
  const cut = said === undefined ? '' : `; to save room, ${said}`;
  const [status, reason, message] =
    left > 0
      ? ([
          'False',
          'TooManyProfiles',
          `the report has no room for ${left} of ${all} profiles of this node${cut}`,
        ] as const)
      : ([
          'True',
          said === undefined ? 'EveryProfileListed' : 'Shortened',
          `the report tells of every profile${cut}`,
        ] as const);
  return { profiles: Object.fromEntries(items), complete: { type: COMPLETE, status, reason, message } };
}

function cutItem([key, entry]: Item, cut: Cut): Item {
  if (cut === WHOLE) return [key, entry];
  const { message, hash, denials, ...rest } = entry;
  return [
    key,
    {
      ...rest,
      ...(denials === undefined || !cut.hash ? {} : { denials }),
      ...(message === undefined || cut.message === 0 ? {} : { message: shortText(message, cut.message) }),
      ...(hash === undefined || !cut.hash ? {} : { hash }),
    },
  ];
}

/** The text, or its beginning with a mark that something was cut off; `limit` in characters. */
export function shortText(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** Printable ASCII that the API server stores as it is; Go writes `<`, `>` and `&` as six characters each. */
const PLAIN = /^[ -%'-;=?-~]*$/;

/** Bytes of a JSON text in UTF-8, as the API server writes it. */
function storedBytes(json: string): number {
  if (PLAIN.test(json)) return json.length;
  let bytes = 0;
  for (const sign of json) {
    const point = sign.codePointAt(0) ?? 0;
    if (sign === '<' || sign === '>' || sign === '&' || point === 0x2028 || point === 0x2029) bytes += 6;
    else bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
