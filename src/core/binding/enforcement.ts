// SPDX-License-Identifier: Apache-2.0
// The way of a profile from logging to enforcing and back, where a binding goes it by itself: new pods run under the
// log-only twin until nothing was logged for long enough, then under the profile itself, and under the twin again when
// that denies something. A pure function of facts and of the trial as it was noted.
//
// Guarantees: none is promoted while a denial is younger than the bar demands, be it of the twin or of the profile, nor
// where nobody would hear one; pods count that came after the last denial only, so a call at the start of a program is
// not taken for one that is over. A denial takes enforcement back once: its time is noted.
import type { ProfileTrial } from '../../gen/crd/profile-binding.ts';
import type { Chance } from '../evidence/chance.ts';
import type { Heard } from '../status/denials.ts';
import { rfc3339 } from '../status/time.ts';
import { obstacleTo } from './promotion-bar.ts';
import type { Answer, PromotionBar } from './promotion-bar.ts';
import type { TrialMode } from './twin.ts';

/** How far the twin is. */
export type TwinState =
  /** There can be none. */
  | { readonly type: 'impossible'; readonly reason: string; readonly message: string }
  | { readonly type: 'pending'; readonly message: string }
  /** It is on all nodes in the form that the profile has now. */
  | { readonly type: 'installed'; readonly uid: string; readonly generation: number; readonly heard: Heard };

/** The profile of the author. */
export interface AuthorsProfile {
  readonly uid: string;
  readonly generation: number;
  /** Whether it is on all nodes in this form. */
  readonly isInstalled: boolean;
  /** Whether it refuses anything; else it only logs. */
  readonly refuses: boolean;
  /** Why a denial of it leaves no record, as a sentence. */
  readonly unlogged: string | undefined;
  readonly heard: Heard;
}

/** The facts. */
export interface EnforcementFacts {
  readonly mode: TrialMode;
  /** Kind and name, as a message has them. */
  readonly title: string;
  /** Undefined where there is none. */
  readonly profile: AuthorsProfile | undefined;
  readonly twinName: string;
  /** Identifies what the profile says, with its bases; undefined while that is not known. */
  readonly twinHash: string | undefined;
  readonly twin: TwinState;
  /**
   * When the pods under the twin began to run (RFC 3339), without those at the gate; empty for those that have not.
   */
  readonly audited: readonly string[];
  /** How many run under the profile itself. */
  readonly enforced: number;
  readonly bar: PromotionBar;
  /** Undefined where it is not known. */
  readonly chance: Chance | undefined;
}

/** A step that is worth an event. */
export type Step = 'TrialBegun' | 'Promoted' | 'RolledBack';

/** The answer. */
export interface Enforcement {
  /** Of the condition Promotable. */
  readonly promotable: Answer;
  /** Of the condition Enforced. */
  readonly enforced: Answer;
  readonly trial: ProfileTrial | undefined;
  readonly step?: Step;
  /** Milliseconds until time alone may change it; undefined where it cannot. */
  readonly againMs?: number;
}

/**
 * The next state of a trial.
 *
 * @param before - the trial as it was noted
 * @param now - milliseconds since 1970
 */
export function enforcementOf(facts: EnforcementFacts, before: ProfileTrial | undefined, now: number): Enforcement {
  const { profile, twin } = facts;
  // One that is enforced may deny calls on some nodes while it cannot be had on another.
  if (profile === undefined || (!profile.isInstalled && !isEnforced(facts, profile, before))) {
    const unready: Answer = ['Unknown', 'ProfileNotReady', `the ${facts.title} is not on all nodes`];
    return { promotable: unready, enforced: unready, trial: before && counted(before, facts) };
  }
  const trial = trialOf(facts, profile, before, now);
  if (trial.phase === 'Enforcing') return enforcing(facts, profile, trial, now);
  if (twin.type === 'impossible') {
    const answer: Answer = ['False', twin.reason, `no pod can be bound to try the profile: ${twin.message}`];
    return { promotable: answer, enforced: answer, trial: counted(trial, facts) };
  }
  const auditing = whileAuditing(facts, trial);
  if (twin.type === 'pending') {
    const answer: Answer = ['Unknown', 'TwinNotReady', twin.message];
    return { promotable: answer, enforced: auditing, trial: counted(trial, facts) };
  }
  const isNew = trial.since !== before?.since || before.twinUID === undefined;
  const step = isNew && trial.rolledBack !== true ? { step: 'TrialBegun' as const } : {};
  return { ...step, ...judged(facts, profile, twin.heard, trial, now) };
}

/** Whether new pods run under this form of the profile, whatever else has changed. */
function isEnforced({ mode, twinHash }: EnforcementFacts, profile: AuthorsProfile, before?: ProfileTrial): boolean {
  const isIts = before?.profileUID === profile.uid && before.profileGeneration === profile.generation;
  const isForm = isIts && (twinHash === undefined || (before.twinHash ?? '') === twinHash);
  return isForm && before.phase === 'Enforcing' && mode === 'Enforce';
}

/** The noted trial where it is of this profile in this form; else one that begins. */
function trialOf(
  facts: EnforcementFacts,
  profile: AuthorsProfile,
  before: ProfileTrial | undefined,
  now: number,
): ProfileTrial {
  if (before !== undefined && isEnforced(facts, profile, before)) return before;
  const { twin, twinHash, twinName } = facts;
  const { uid, generation } = profile;
  const isIts = before?.profileUID === uid && before.profileGeneration === generation;
  const hash = twinHash ?? (isIts ? before.twinHash : undefined) ?? '';
  const kept = isIts && (before.twinHash ?? '') === hash ? before : undefined;
  const fresh = { profileUID: uid, profileGeneration: generation, twinName, twinHash: hash };
  const since = rfc3339(now);
  const noted = kept === undefined ? {} : denialOf(kept);
  switch (twin.type) {
    case 'impossible':
      return { ...fresh, phase: 'Impossible', since: kept?.phase === 'Impossible' ? kept.since : since, ...noted };
    case 'pending': {
      if (kept?.phase === 'Auditing') return kept;
      return { ...fresh, phase: 'Auditing', since, ...noted };
    }
    case 'installed': {
      const isSameTwin = kept?.twinUID === twin.uid && kept.twinGeneration === twin.generation;
      if (kept?.phase === 'Auditing' && isSameTwin) return kept;
      const isFirst = twin.generation === 1 && (before?.twinUID === undefined || before.twinName !== twinName);
      const own = { twinUID: twin.uid, twinGeneration: twin.generation, ...(isFirst ? { countsOlder: true } : {}) };
      return { ...fresh, ...own, phase: 'Auditing', since, ...noted };
    }
    default:
      return twin satisfies never;
  }
}

/** The knowledge of denials outlasts a twin that is made anew. */
function denialOf({ lastDenial, rolledBack }: ProfileTrial): Pick<ProfileTrial, 'lastDenial' | 'rolledBack'> {
  return {
    ...(lastDenial === undefined ? {} : { lastDenial }),
    ...(rolledBack === undefined ? {} : { rolledBack }),
  };
}

/** The trial with the numbers of its pods. */
function counted(trial: ProfileTrial, { audited, enforced }: EnforcementFacts): ProfileTrial {
  return { ...trial, auditedPods: audited.length, enforcedPods: enforced };
}

/** New pods get the profile itself. */
function enforcing(
  facts: EnforcementFacts,
  { heard, unlogged }: AuthorsProfile,
  trial: ProfileTrial,
  now: number,
): Enforcement {
  const { twin, title } = facts;
  const { lastEnforced } = heard;
  const isDenied = lastEnforced !== undefined && lastEnforced > (trial.lastDenial ?? '');
  if (isDenied && twin.type !== 'impossible') {
    const back = counted(rolledBack(facts, trial, lastEnforced, now), facts);
    const why: Answer = ['False', heard.verdict.reason, heard.verdict.message];
    return { promotable: why, enforced: whileAuditing(facts, back, heard), trial: back, step: 'RolledBack' };
  }
  const older = facts.audited.length;
  const left = older === 0 ? '' : `; ${podsThat(older)} under the log-only twin ${facts.twinName} until made anew`;
  const stuck =
    isDenied && twin.type === 'impossible' ? `; it denies calls and cannot be rolled back: ${twin.message}` : '';
  const unheard = unlogged ?? heard.deaf;
  const promotable: Answer =
    unheard === undefined
      ? ['False', 'Enforced', `the ${title} is enforced`]
      : ['Unknown', unlogged === undefined ? 'NoAuditSource' : 'DenialsNotLogged', unheard];
  const told = `new pods run under the ${title} since ${trial.since}${left}${stuck}`;
  return { promotable, enforced: ['True', 'Promoted', told], trial: counted(trial, facts) };
}

/** The trial that begins with a denial. */
function rolledBack(
  { twin, twinName }: EnforcementFacts,
  { profileUID, profileGeneration, twinHash = '' }: ProfileTrial,
  lastDenial: string,
  now: number,
): ProfileTrial {
  const own = twin.type === 'installed' ? { twinUID: twin.uid, twinGeneration: twin.generation } : {};
  const identity = { profileUID, profileGeneration, twinName, twinHash, ...own };
  return { ...identity, phase: 'Auditing', since: rfc3339(now), rolledBack: true, lastDenial };
}

/** New pods get the twin. */
function judged(
  facts: EnforcementFacts,
  profile: AuthorsProfile,
  twin: Heard,
  trial: ProfileTrial,
  now: number,
): Enforcement {
  const lastDenial = [trial.lastDenial, twin.last, profile.heard.last]
    .flatMap((time) => time ?? [])
    .sort()
    .at(-1);
  const noted = counted({ ...trial, ...(lastDenial === undefined ? {} : { lastDenial }) }, facts);
  const { answer, againMs } = obstacleTo({ ...facts, profile, twin, trial: noted }, now) ?? {};
  if (answer !== undefined) {
    const again = againMs === undefined ? {} : { againMs };
    return { promotable: answer, enforced: whileAuditing(facts, noted), trial: noted, ...again };
  }
  const quiet = `nothing was logged in ${String(facts.bar.replicas)} or more pods for ${String(facts.bar.afterSeconds)} s`;
  if (facts.mode === 'Audit') {
    const change = `${quiet}: set spec.enforcement.mode: Enforce of the binding`;
    return { promotable: ['True', 'PromotionProposed', change], enforced: whileAuditing(facts, noted), trial: noted };
  }
  const promoted: ProfileTrial = { ...noted, phase: 'Enforcing', since: rfc3339(now), rolledBack: false };
  return { ...enforcing(facts, profile, promoted, now), step: 'Promoted' };
}

function whileAuditing({ title, twinName, enforced }: EnforcementFacts, trial: ProfileTrial, why?: Heard): Answer {
  const left = enforced === 0 ? '' : `; ${podsThat(enforced)} under the profile itself until made anew`;
  const told = `new pods run under ${twinName}, which only logs what the ${title} would refuse, since ${trial.since}${left}`;
  if (trial.rolledBack !== true) return ['False', 'Auditing', told];
  // The time of the last denial may be that of one that the twin has logged since.
  const denied = why === undefined ? 'the enforced profile denied something' : why.verdict.message;
  return ['False', 'RolledBack', `${denied}; ${told}`];
}

function podsThat(count: number): string {
  return count === 1 ? '1 older pod runs' : `${String(count)} older pods run`;
}
