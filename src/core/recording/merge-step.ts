// SPDX-License-Identifier: Apache-2.0
// The next step of merging the parts of a recording: which profile to write, and which parts to delete because the
// profile in the cluster has them already. Steps are computed from what the cluster holds and from nothing else, so a
// merge goes on where it broke off.
import { summaryOf } from './evidence.ts';
import type { LearntProfile } from './kinds/learner.ts';
import { evidenceOf } from './merge-partials.ts';
import { mergedParts, partState } from './merged-parts.ts';
import { marksOf, mergedProfile } from './merged-profile.ts';
import type { Merge, MergedProfile, PartGroup } from './merged-profile.ts';
import { isPart } from './part.ts';
import { gatheredProfileName, mergedProfileName } from './profile-name.ts';

/** A step. */
export interface MergeStep<P extends LearntProfile = LearntProfile> {
  /** The profile to write. */
  readonly target?: MergedProfile<P>;
  /** The name of that profile, also where it need not be written. */
  readonly name: string;
  /** Parts to delete. */
  readonly finished: readonly P[];
  /** How many parts are merged by this step. */
  readonly taken: number;
  /** Parts of containers that still run, or may. */
  readonly running: number;
  /** Why parts cannot be merged, a sentence each. */
  readonly faults: readonly string[];
  /** Something is left to do after this step. */
  readonly isUnfinished: boolean;
}

/** Parts that are merged in one step: more would make a step long, and the list of them large. */
const MOST_TAKEN = 200;

/** Ended parts of a recording that goes on; when there are more, they are put into one. */
const MOST_ENDED = 50;

/**
 * The step towards the one profile of a container. A profile of an earlier recording of that name belongs to it, too.
 *
 * @param takesRunning - whether parts are merged that are marked as in progress
 */
export function finalStep<P extends LearntProfile>(group: PartGroup<P>, takesRunning: boolean): MergeStep<P> {
  const state = stateOf(group, mergedProfileName(group.recording, group.container).name);
  const ready = takesRunning ? state.pending : state.pending.filter((part) => !isRunning(part));
  return stepOf(group, state, ready, (left) => left > 0);
}

/** The step that keeps a long recording small: parts of ended containers are put into one part. */
export function gatheringStep<P extends LearntProfile>(group: PartGroup<P>): MergeStep<P> {
  const state = stateOf(group, gatheredProfileName(group.recording, group.container).name);
  const ended = state.pending.length <= MOST_ENDED ? [] : state.pending.filter((part) => !isRunning(part));
  return stepOf(group, state, ended.length <= MOST_ENDED ? [] : ended, () => true);
}

interface GroupState<P extends LearntProfile> {
  readonly name: string;
  readonly target: P | undefined;
  /** Parts that are in no other profile as they are now, the oldest first. */
  readonly pending: readonly P[];
  /** Those that are. */
  readonly finished: readonly P[];
}

function stateOf<P extends LearntProfile>({ profiles }: PartGroup<P>, name: string): GroupState<P> {
  const target = profiles.find(({ metadata }) => metadata.name === name);
  const listed = mergedParts(profiles);
  const others = profiles.filter((profile) => profile !== target);
  const isMerged = (part: P): boolean => {
    const state = listed.get(part.metadata.uid ?? '');
    return state !== undefined && state === partState(part);
  };
  return {
    name,
    target,
    pending: others.filter((part) => isPart(part) && !isMerged(part)).sort(byAge),
    finished: others.filter(isMerged),
  };
}

function stepOf<P extends LearntProfile>(
  group: PartGroup<P>,
  state: GroupState<P>,
  ready: readonly P[],
  isPartial: (left: number) => boolean,
): MergeStep<P> {
  const { pending, target, name } = state;
  const { parts, lost, faults } = sound(group, state, ready.slice(0, MOST_TAKEN));
  const left = pending.length - parts.length - lost.length;
  const made = attempt(group, { name, target, parts, isPartial: isPartial(left) });
  // The API server takes no new finalizer for an object that is being deleted.
  const isOpen = target === undefined || !isLeaving(target);
  const isWritten = typeof made === 'object' && isOpen && (parts.length > 0 || isMarkedOtherwise(target, made));
  const finished = [...state.finished, ...lost];
  return {
    ...(isWritten ? { target: made } : {}),
    name,
    finished,
    taken: parts.length,
    running: pending.filter(isRunning).length,
    faults,
    isUnfinished: isWritten || pending.length > 0 || finished.length > 0,
  };
}

interface Sound<P extends LearntProfile> {
  readonly parts: readonly P[];
  /** Parts that cannot be merged and that somebody has deleted: nothing can be had of them. */
  readonly lost: readonly P[];
  readonly faults: readonly string[];
}

/** Parts that cannot be merged hold up none of the others. */
function sound<P extends LearntProfile>(
  group: PartGroup<P>,
  { name, target }: GroupState<P>,
  ready: readonly P[],
): Sound<P> {
  const faultOf = (parts: readonly P[]): string | undefined => {
    const made = attempt(group, { name, target, parts, isPartial: true });
    return typeof made === 'string' ? made : undefined;
  };
  const whole = ready.length === 0 ? undefined : faultOf(ready);
  if (whole === undefined) return { parts: ready, lost: [], faults: [] };
  if (faultOf([]) !== undefined) return { parts: [], lost: [], faults: [whole] };
  const single = ready.map((part) => ({ part, fault: faultOf([part]) }));
  const parts = single.filter(({ fault }) => fault === undefined).map(({ part }) => part);
  const kept = single.filter(({ part, fault }) => fault !== undefined && !isLeaving(part));
  const lost = single.filter(({ part, fault }) => fault !== undefined && isLeaving(part)).map(({ part }) => part);
  const faults = kept.flatMap(({ fault }) => fault ?? []);
  const together = faultOf(parts);
  return together === undefined ? { parts, lost, faults } : { parts: [], lost, faults: [...faults, together] };
}

/** The merged profile, or why there can be none. */
function attempt<P extends LearntProfile>(group: PartGroup<P>, merge: Merge<P>): MergedProfile<P> | string | undefined {
  if (merge.parts.length > 0 && merge.target !== undefined && isLeaving(merge.target))
    return `${merge.target.kind} ${merge.name} is being deleted`;
  try {
    return mergedProfile(group, merge);
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

function isMarkedOtherwise(target: LearntProfile | undefined, made: MergedProfile): boolean {
  return target === undefined || marksOf(target) !== marksOf(made);
}

function isRunning(part: LearntProfile): boolean {
  const evidence = evidenceOf(part);
  return evidence !== undefined && summaryOf(evidence).state === 'in-progress';
}

/** Somebody has deleted it, and only finalizers hold it. */
function isLeaving({ metadata }: LearntProfile): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function byAge(a: LearntProfile, b: LearntProfile): number {
  const [one, other] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp ?? ''} ${metadata.name}`);
  return (one ?? '') < (other ?? '') ? -1 : Number(one !== other);
}
