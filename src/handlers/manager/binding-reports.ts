// SPDX-License-Identifier: Apache-2.0
// The words of a binding on the trial of its profile, in conditions and events: of a trial that it goes through by
// itself, and of one that is left to the author.
import { DEFAULT_PROMOTION } from '../../core/binding/promotion-bar.ts';
import type { Answer } from '../../core/binding/promotion-bar.ts';
import { ENFORCED, isLogging, PROMOTABLE, promotionOf } from '../../core/binding/promotion.ts';
import type { TriedProfile } from '../../core/binding/promotion.ts';
import type { TrialReport } from '../../core/binding/binding-status.ts';
import type { Chance } from '../../core/evidence/chance.ts';
import { DENIALS_OBSERVED } from '../../core/status/denials.ts';
import { isInstalled } from '../../core/status/profile-status.ts';
import type { Observation } from '../../core/status/state.ts';
import type { ProfileBinding, ProfileBindingStatus } from '../../gen/crd/profile-binding.ts';
import { isDeleting } from '../../runtime/object.ts';
import type { ObjectEvent } from '../../runtime/outcome.ts';
import type { Profile } from '../sources/profiles.ts';
import type { Trial } from './binding-trials.ts';

/** The report of a trial with a twin. */
export function trialReport(binding: ProfileBinding, { enforcement, twinName, impossible }: Trial): TrialReport {
  const { generation = 0 } = binding.metadata;
  const { promotable, enforced, trial, againMs } = enforcement;
  return {
    observations: [observation(PROMOTABLE, promotable, generation), observation(ENFORCED, enforced, generation)],
    trial,
    twin: {
      name: twinName,
      audited: trial?.auditedPods ?? 0,
      enforced: trial?.enforcedPods ?? 0,
      ...(trial?.phase === 'Impossible' ? { impossible } : {}),
    },
    ...(againMs === undefined ? {} : { againMs }),
  };
}

/** Longest message of a condition, schemas/defs/conditions.json. */
const LONGEST_MESSAGE = 32_768;

function observation(type: string, [status, reason, message]: Answer, observedGeneration: number): Observation {
  return { type, status, reason, message: message.slice(0, LONGEST_MESSAGE), observedGeneration };
}

/** The report where the change is proposed to the author; undefined for a binding that asks for none. */
export function promotionReport(
  binding: ProfileBinding,
  profile: Profile | undefined,
  pods: readonly string[],
  chance: Chance | undefined,
  now: number,
): TrialReport | undefined {
  const { enforcement, profileRef } = binding.spec;
  if (enforcement === undefined) return undefined;
  const facts = {
    profile: profile === undefined ? undefined : triedProfile(profileRef.kind, profile),
    pods,
    bar: { ...DEFAULT_PROMOTION, ...enforcement.promote },
    chance,
    generation: binding.metadata.generation ?? 0,
  };
  const before = binding.status?.trial;
  const {
    observation: seen,
    trial,
    againMs,
  } = promotionOf(facts, before?.phase === undefined ? before : undefined, now);
  return { observations: [seen], trial, ...(againMs === undefined ? {} : { againMs }) };
}

/** Undefined for one that is not on all nodes as it is. */
function triedProfile(kind: string, profile: Profile): TriedProfile | undefined {
  const { uid = '', generation = 0, name } = profile.metadata;
  if (isDeleting(profile) || !isInstalled(profile.status, generation)) return undefined;
  const found = profile.status?.conditions?.find(({ type }) => type === DENIALS_OBSERVED);
  const denials = found?.observedGeneration === generation ? found : undefined;
  return { kind, name, uid, generation, isLogging: isLogging({ ...profile.spec }), denials };
}

/**
 * The events of a status that tells something for the first time: a step of a trial, or a proposal. A step is taken by
 * writing it: a status that is refused leaves the trial where it was.
 */
export function stepEvents(
  binding: ProfileBinding,
  status: ProfileBindingStatus,
  trial: Trial | undefined,
): readonly ObjectEvent[] {
  const events = [...trialEvents(status, trial), ...proposalEvents(binding, status)];
  return events.map((event) => ({ ...event, withStatus: true }));
}

function trialEvents({ conditions }: ProfileBindingStatus, trial: Trial | undefined): readonly ObjectEvent[] {
  const { step } = trial?.enforcement ?? {};
  if (step === undefined) return [];
  const { message = '' } = conditions?.find(({ type }) => type === ENFORCED) ?? {};
  return [{ type: step === 'RolledBack' ? 'Warning' : 'Normal', reason: step, message }];
}

function proposalEvents(binding: ProfileBinding, status: ProfileBindingStatus): readonly ObjectEvent[] {
  const [before, after] = [binding.status, status].map((one) =>
    one?.conditions?.find(({ type }) => type === PROMOTABLE),
  );
  if (after === undefined || after.reason === before?.reason) return [];
  const { reason, message = '' } = after;
  if (reason === 'PromotionProposed') return [{ type: 'Normal', reason, message }];
  return reason === 'RollbackProposed' ? [{ type: 'Warning', reason, message }] : [];
}
