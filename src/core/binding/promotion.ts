// SPDX-License-Identifier: Apache-2.0
// Whether a profile that only logs may be enforced, by what was logged while pods have run under it, and whether one
// that is enforced should log again. The change is proposed to the author of the profile, never made.
import type { ProfileTrial } from '../../gen/crd/profile-binding.ts';
import type { Chance } from '../evidence/chance.ts';
import type { Condition } from '../status/conditions.ts';
import type { Observation } from '../status/state.ts';
import { rfc3339 } from '../status/time.ts';
import { chanceObstacle, LONGEST_WAIT_MS } from './promotion-bar.ts';
import type { Answer, PromotionBar, Timed } from './promotion-bar.ts';

/** Types of conditions of a binding: whether its profile may be enforced, and whether new pods run under it. */
export const PROMOTABLE = 'Promotable';
export const ENFORCED = 'Enforced';

/** The profile of a binding that is on all nodes. */
export interface TriedProfile {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  /** It only logs; else it enforces. */
  readonly isLogging: boolean;
  /** Its condition on denied calls, of this generation. */
  readonly denials: Pick<Condition, 'status' | 'reason' | 'message'> | undefined;
}

/** The facts about a trial. */
export interface TrialFacts {
  /** Undefined where there is none, or not on all nodes. */
  readonly profile: TriedProfile | undefined;
  /**
   * When the pods under the profile began to run (RFC 3339), without those at the gate; empty for those that have not.
   */
  readonly pods: readonly string[];
  readonly bar: PromotionBar;
  /** That the next recording of the profile shows something new; undefined where it is not known. */
  readonly chance?: Chance | undefined;
  /** Of the binding. */
  readonly generation: number;
}

/** The answer. */
export interface Promotion {
  readonly observation: Observation;
  readonly trial: ProfileTrial | undefined;
  /** Milliseconds until time alone may change it; undefined where it cannot. */
  readonly againMs?: number;
}

/** The fields by which profiles of a kind log or enforce, as a user writes them. */
const FIELDS: Readonly<Record<string, { readonly logs: string; readonly enforces: string }>> = {
  SeccompProfile: { logs: 'defaultAction: SCMP_ACT_LOG', enforces: 'defaultAction: SCMP_ACT_ERRNO' },
  SelinuxProfile: { logs: 'permissive: true', enforces: 'permissive: false' },
  AppArmorProfile: { logs: 'complainMode: true', enforces: 'complainMode: false' },
};

/** Whether the spec of a profile only logs. */
export function isLogging(spec: Readonly<Record<string, unknown>>): boolean {
  return spec['defaultAction'] === 'SCMP_ACT_LOG' || spec['complainMode'] === true || spec['permissive'] === true;
}

/**
 * The state of a trial.
 *
 * @param before - the trial as it was noted; one of another profile, or of another generation, begins anew
 * @param now - milliseconds since 1970
 */
export function promotionOf(facts: TrialFacts, before: ProfileTrial | undefined, now: number): Promotion {
  const { profile, generation } = facts;
  if (profile === undefined) return { observation: seen(UNREADY, generation), trial: before };
  const trial = trialOf(profile, before, now);
  const { answer, againMs } = profile.isLogging ? logging(profile, facts, trial, now) : { answer: enforcing(profile) };
  return { observation: seen(answer, generation), trial, ...(againMs === undefined ? {} : { againMs }) };
}

const UNREADY: Answer = ['Unknown', 'ProfileNotReady', 'the profile is not on all nodes'];

function seen([status, reason, message]: Answer, observedGeneration: number): Observation {
  return { type: PROMOTABLE, status, reason, message, observedGeneration };
}

function trialOf({ uid, generation }: TriedProfile, before: ProfileTrial | undefined, now: number): ProfileTrial {
  const isSame = before?.profileUID === uid && before.profileGeneration === generation;
  return isSame ? before : { profileUID: uid, profileGeneration: generation, since: rfc3339(now) };
}

function enforcing({ kind, name, denials }: TriedProfile): Answer {
  if (denials?.status !== 'True') return ['False', 'Enforced', `the ${kind} ${name} is enforced`];
  const change = `set spec.${FIELDS[kind]?.logs ?? ''} of the ${kind} ${name}`;
  return ['False', 'RollbackProposed', `${denials.message ?? ''}; to log instead, ${change}`];
}

const UNHEARD: Answer = ['Unknown', 'NothingKnown', 'nothing is known of calls that the profile has logged'];

function logging({ kind, name, denials }: TriedProfile, facts: TrialFacts, trial: ProfileTrial, now: number): Timed {
  const { since } = trial;
  if (denials === undefined) return { answer: UNHEARD };
  const { status, reason, message = '' } = denials;
  if (reason !== 'NoDenials') return { answer: [status === 'Unknown' ? status : 'False', reason, message] };
  const doubt = chanceObstacle(facts.bar, facts.chance);
  if (doubt !== undefined) return { answer: doubt };
  const { afterSeconds, replicas } = facts.bar;
  const counted = facts.pods.filter((begun) => begun >= since);
  const ages = counted.map((begun) => now - Date.parse(begun)).sort((a, b) => b - a);
  const reached = ages.filter((age) => age >= afterSeconds * 1000).length;
  if (reached >= replicas) {
    const change = `set spec.${FIELDS[kind]?.enforces ?? ''} of the ${kind} ${name}`;
    const told = `nothing was logged in ${String(replicas)} or more pods since ${since}: ${change}`;
    return { answer: ['True', 'PromotionProposed', told] };
  }
  const told = `${String(replicas)} pods must have run for ${String(afterSeconds)} s since ${since}`;
  const age = ages[replicas - 1];
  if (age === undefined) return { answer: ['False', 'TooFewReplicas', told] };
  return { answer: ['False', 'TooEarly', told], againMs: Math.min(LONGEST_WAIT_MS, afterSeconds * 1000 - age) };
}
