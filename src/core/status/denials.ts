// SPDX-License-Identifier: Apache-2.0
// The denied calls of a profile: what a node tells of them in its report, and what becomes of it in the profile's
// condition. Where nobody can have heard of one, that is unknown, never clean.
import type { Observation } from './state.ts';

/** A call that a profile has denied, or only logged. */
export interface ProfileDenial {
  /** The system call; for other modules the access: `read file etc_t`, `open /etc/shadow`. */
  readonly call: string;
  /** It was refused; else it was logged only, as one that would be refused. */
  readonly enforced: boolean;
  /** The maker of the first one, as far as is known: `/usr/bin/app in shop/web-1`. */
  readonly by: string;
  /** When it was told last (RFC 3339), to a minute. */
  readonly last: string;
}

/** Calls of a profile in the report of a node, schemas/crd/security-profile-node-status.json. */
export const DENIALS_MAX = 16;

/** Longest text of a call there. */
export const CALL_MAX = 96;

/** Longest text of its maker. */
export const MAKER_MAX = 160;

/** A call that goes on is told again after so many milliseconds: within them, it may have been made unheard. */
export const RETOLD_MS = 60_000;

/** Type of the condition of a profile. */
export const DENIALS_OBSERVED = 'DenialsObserved';

/** Type of the condition by which a node says whether it reads an audit log. */
export const AUDIT_LOG_READ = 'AuditLogRead';

/** A call that was told last so many milliseconds before another one is over, and makes room for it. */
const OVER_MS = 2 * RETOLD_MS;

/**
 * The denials with one more, sorted by call; the same list where it tells nothing new or has no room. One that was
 * refused takes the room of one that was logged, and one of today that of one that is over: a profile would look quiet
 * for ever once its list is full.
 */
export function withDenial(denials: readonly ProfileDenial[], news: ProfileDenial): readonly ProfileDenial[] {
  const before = denials.find(({ call }) => call === news.call);
  if (before === undefined) {
    const room = roomIn(denials, news);
    return room === undefined ? denials : [...room, news].sort((a, b) => (a.call < b.call ? -1 : 1));
  }
  const enforced = before.enforced || news.enforced;
  const last = before.last < news.last ? news.last : before.last;
  if (enforced === before.enforced && last === before.last) return denials;
  return denials.map((one) => (one === before ? { ...one, enforced, last } : one));
}

function roomIn(denials: readonly ProfileDenial[], news: ProfileDenial): readonly ProfileDenial[] | undefined {
  if (denials.length < DENIALS_MAX) return denials;
  const displaced = displacedBy(news, denials);
  return displaced === undefined ? undefined : denials.filter((one) => one !== displaced);
}

/** The one of a full list that makes room for another; undefined where none does. */
export function displacedBy<D extends ProfileDenial>(news: ProfileDenial, denials: readonly D[]): D | undefined {
  const [least] = denials.toSorted(byWeight);
  if (least === undefined) return undefined;
  const isLess = news.enforced && !least.enforced;
  const isOver = news.enforced === least.enforced && Date.parse(news.last) - Date.parse(least.last) >= OVER_MS;
  return isLess || isOver ? least : undefined;
}

/** Those that were logged first, then the oldest. */
function byWeight(a: ProfileDenial, b: ProfileDenial): number {
  if (a.enforced !== b.enforced) return a.enforced ? 1 : -1;
  return Date.parse(a.last) - Date.parse(b.last);
}

/** The knowledge of one node of the denials of a profile. */
export interface NodeDenials {
  readonly nodeName: string;
  readonly denials: readonly ProfileDenial[];
  /** Whether it reads an audit log, in which denials would stand, and has room to tell of them. */
  readonly isAudited: boolean;
}

/** The facts about a profile that is in use. */
export interface DenialFacts {
  /** Those on which it is. */
  readonly nodes: readonly NodeDenials[];
  /** Why denials of the profile leave no record, as a sentence; undefined where they do. */
  readonly unlogged: string | undefined;
  readonly generation: number;
}

/** Calls that a message names. */
const MOST_NAMED = 8;

/** The condition of a profile, and when its denials were. */
export interface Heard {
  readonly verdict: Pick<Observation, 'status' | 'reason' | 'message'>;
  /** Why a denial might go unheard now, whatever was heard before; undefined where all would be heard. */
  readonly deaf: string | undefined;
  /** When the youngest was told (RFC 3339): of all, and of those that were refused. */
  readonly last: string | undefined;
  readonly lastEnforced: string | undefined;
}

/** All that the nodes have heard of a profile. */
export function heardFrom(nodes: readonly NodeDenials[]): Heard {
  const all = nodes.flatMap(({ denials }) => denials);
  const now = verdictOn(
    nodes.map((node) => ({ ...node, denials: [] })),
    undefined,
  );
  return {
    verdict: verdictOn(nodes, undefined),
    deaf: now.status === 'Unknown' ? now.message : undefined,
    last: youngest(all),
    lastEnforced: youngest(all.filter(({ enforced }) => enforced)),
  };
}

/** Times in RFC 3339 sort as texts. */
function youngest(denials: readonly ProfileDenial[]): string | undefined {
  return denials
    .map(({ last }) => last)
    .sort()
    .at(-1);
}

/** The condition of the profile. */
export function denialsObservation({ nodes, unlogged, generation }: DenialFacts): Observation {
  return { type: DENIALS_OBSERVED, ...verdictOn(nodes, unlogged), observedGeneration: generation };
}

function verdictOn(
  nodes: readonly NodeDenials[],
  unlogged: string | undefined,
): Pick<Observation, 'status' | 'reason' | 'message'> {
  const all = nodes.flatMap(({ denials }) => denials).reduce<readonly ProfileDenial[]>(addedTo, []);
  const denied = all.filter(({ enforced }) => enforced);
  if (denied.length > 0) return { status: 'True', reason: 'CallsDenied', message: `denied: ${namesOf(denied)}` };
  if (all.length > 0) return { status: 'False', reason: 'CallsLogged', message: `logged, not denied: ${namesOf(all)}` };
  if (unlogged !== undefined) return { status: 'Unknown', reason: 'DenialsNotLogged', message: unlogged };
  const deaf = nodes.filter(({ isAudited }) => !isAudited).map(({ nodeName }) => nodeName);
  const [first] = deaf.sort();
  if (first !== undefined || nodes.length === 0) {
    const more = deaf.length > 1 ? ` and ${String(deaf.length - 1)} more` : '';
    const message = first === undefined ? 'no node tells' : `no audit log is read on ${first}${more}`;
    return { status: 'Unknown', reason: 'NoAuditSource', message };
  }
  return { status: 'False', reason: 'NoDenials', message: 'no audit log has a denial of it' };
}

/** Without a bound: each node has at most so many, and the message names the first. */
function addedTo(all: readonly ProfileDenial[], one: ProfileDenial): readonly ProfileDenial[] {
  const known = all.find(({ call }) => call === one.call);
  if (known === undefined) return [...all, one];
  return known.enforced || !one.enforced ? all : all.map((other) => (other === known ? one : other));
}

function namesOf(denials: readonly ProfileDenial[]): string {
  const sorted = denials.toSorted((a, b) => (a.call < b.call ? -1 : 1));
  const named = sorted.slice(0, MOST_NAMED).map(({ call, by }) => `${call} (${by})`);
  const more = sorted.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
