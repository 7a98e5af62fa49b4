// SPDX-License-Identifier: Apache-2.0
// The demands of a binding that must be met before a profile is enforced, and which of them is not.
import type { ProfileTrial } from '../../gen/crd/profile-binding.ts';
import type { Chance } from '../evidence/chance.ts';
import { chanceText } from '../evidence/text.ts';
import { RETOLD_MS } from '../status/denials.ts';
import type { Heard } from '../status/denials.ts';
import type { Observation } from '../status/state.ts';

/** Status, reason and message of a condition. */
export type Answer = readonly [status: Observation['status'], reason: string, message: string];

/** The demands, schemas/crd/profile-binding.json. */
export interface PromotionBar {
  readonly afterSeconds: number;
  readonly replicas: number;
  /** From 0 to 1; undefined for no demand. */
  readonly maxNewCallChance?: number;
}

/** The bar where nothing is said. */
export const DEFAULT_PROMOTION: PromotionBar = { afterSeconds: 86_400, replicas: 1 };

/** Time is looked at again after so long at the latest, in milliseconds. */
export const LONGEST_WAIT_MS = 3_600_000;

/** An answer that time alone may change. */
export interface Timed {
  readonly answer: Answer;
  /** In so many milliseconds; undefined where it cannot. */
  readonly againMs?: number;
}

/** The facts that a demand is held against. */
export interface BarFacts {
  readonly title: string;
  readonly profile: { readonly refuses: boolean; readonly unlogged: string | undefined; readonly heard: Heard };
  readonly twin: Heard;
  /** With the time of the last denial. */
  readonly trial: ProfileTrial;
  /** When the pods under the twin began to run (RFC 3339); empty for those that have not. */
  readonly audited: readonly string[];
  readonly bar: PromotionBar;
  readonly chance: Chance | undefined;
}

/** The demand that is not met; undefined where all are. `now` is in milliseconds since 1970. */
export function obstacleTo(facts: BarFacts, now: number): Timed | undefined {
  const { title, profile, twin, bar, chance } = facts;
  if (!profile.refuses) {
    const told = `the ${title} refuses nothing itself: write it as it is to be enforced`;
    return { answer: ['False', 'LogsOnly', told] };
  }
  if (profile.unlogged !== undefined) {
    const told = `its denials would go unheard, so it could not be rolled back: ${profile.unlogged}`;
    return { answer: ['False', 'DenialsNotLogged', told] };
  }
  if (twin.deaf !== undefined) return { answer: ['Unknown', 'NoAuditSource', twin.deaf] };
  const doubt = chanceObstacle(bar, chance);
  return doubt === undefined ? (loudness(facts, now) ?? youth(facts, now)) : { answer: doubt };
}

/** Why the evidence of the profile's recordings does not do; undefined where it does, or nothing is demanded. */
export function chanceObstacle({ maxNewCallChance }: PromotionBar, chance: Chance | undefined): Answer | undefined {
  if (maxNewCallChance === undefined) return undefined;
  if (chance === undefined) {
    const told =
      'the chance that the next recording shows something new is unknown: no evidence of two recordings or more is known';
    return ['Unknown', 'ChanceUnknown', told];
  }
  if (chance.high <= maxNewCallChance) return undefined;
  const told = `the chance that the next recording shows something new is ${chanceText(chance)}; the upper end may be ${String(maxNewCallChance)} at most`;
  return ['False', 'ChanceTooHigh', told];
}

/** The end of the time in which the last denial may have gone on; undefined where there was none. */
function lastMsOf({ lastDenial }: ProfileTrial): number | undefined {
  return lastDenial === undefined ? undefined : Date.parse(lastDenial) + RETOLD_MS;
}

/** A denial that is too young. */
function loudness({ profile, twin, trial, bar }: BarFacts, now: number): Timed | undefined {
  const lastMs = lastMsOf(trial);
  if (lastMs === undefined) return undefined;
  const leftMs = lastMs + bar.afterSeconds * 1000 - now;
  if (leftMs <= 0) return undefined;
  const { reason, message } = profile.heard.last === undefined ? twin.verdict : profile.heard.verdict;
  const isKnown = reason === 'CallsLogged' || reason === 'CallsDenied';
  const answer: Answer = isKnown
    ? ['False', reason, message]
    : ['False', 'CallsLogged', `something was logged at ${String(trial.lastDenial)}`];
  return { answer, againMs: Math.min(LONGEST_WAIT_MS, leftMs) };
}

/** Too few pods, or too young ones. */
function youth({ trial, audited, bar }: BarFacts, now: number): Timed | undefined {
  const { afterSeconds, replicas } = bar;
  const sinceMs = Date.parse(trial.since);
  const lastMs = lastMsOf(trial) ?? Number.NEGATIVE_INFINITY;
  const counting = audited
    .map((begun) => Date.parse(begun))
    .filter((begun) => begun > lastMs && (begun >= sinceMs || trial.countsOlder === true));
  const ages = counting.map((begun) => now - Math.max(begun, sinceMs)).sort((a, b) => b - a);
  const age = ages[replicas - 1];
  if (age !== undefined && age >= afterSeconds * 1000) return undefined;
  const from = lastMs > sinceMs ? `the last denial at ${String(trial.lastDenial)}` : trial.since;
  const told = `${String(replicas)} pods must have run for ${String(afterSeconds)} s since ${from}`;
  if (age === undefined) return { answer: ['False', 'TooFewReplicas', told] };
  return { answer: ['False', 'TooEarly', told], againMs: Math.min(LONGEST_WAIT_MS, afterSeconds * 1000 - age) };
}
