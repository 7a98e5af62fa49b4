// SPDX-License-Identifier: Apache-2.0
// The manager's merging of what recordings leave: the parts of each container become one profile when the recording is
// deleted, and while it goes on those of pods that have ended become one part, so that a long recording stays small.
// Steps come from core/recording/merge-step.ts; here is when they are taken, and how they are told. One is written in
// this order: finalizers of parts that are in the merged profile, that profile, the deletion of those parts. Each
// takes for known only what the cluster has shown.
import type { Reason } from '../../core/errors.ts';
import { pointer } from '../../core/json-patch.ts';
import { ANNOTATION, FINALIZER, LABEL } from '../../core/names.ts';
import type { LearntProfile } from '../../core/recording/kinds/learner.ts';
import { partCoverage } from '../../core/recording/merge-partials.ts';
import { finalStep, gatheringStep } from '../../core/recording/merge-step.ts';
import type { MergeStep } from '../../core/recording/merge-step.ts';
import type { PartGroup } from '../../core/recording/merged-profile.ts';
import { isPart } from '../../core/recording/part.ts';
import type { RecordedKind } from '../../core/recording/request.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { PolicyRule, Reader } from '../../runtime/handler.ts';
import { keyText, refOf } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { ObjectEvent, ObjectPatch, Outcome } from '../../runtime/outcome.ts';
import { asSeen } from '../../runtime/precondition.ts';
import { learntRules } from '../sources/recorded-profiles.ts';

/** The profiles of a kind. */
export interface ProfilesOfKind {
  readonly kind: RecordedKind;
  /** Those of recordings (sources/recorded-profiles.ts). */
  readonly recorded: Reader<LearntProfile>;
  /** All. */
  readonly profiles: Pick<Reader<KubeObject>, 'get'>;
}

/** The surroundings of merging. */
export interface PartialProfilesParts {
  readonly kinds: readonly ProfilesOfKind[];
  /** Whether a namespace is being deleted: nothing can be made in it any more. */
  isTerminating(namespace: string): boolean;
  /** Milliseconds by a clock that does not jump. */
  now(): number;
}

/** Nodes write the last of a part within a second of its container's end; so long it is waited for. In milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Recordings and parts have a watch each, so a part may be seen before the recording that it is of. One that is missed
 * for so long is gone: a watch that was cut is back by then. In milliseconds.
 */
const UNSEEN_MS = 10_000;

/** The mark of a part. */
const MARK = pointer('metadata', 'annotations', ANNOTATION.unmergedPart);

/** Merges the parts of recordings. */
export class PartialProfiles {
  readonly rules: readonly PolicyRule[] = learntRules(['create', 'patch', 'delete']);
  private readonly parts: PartialProfilesParts;
  private readonly madeBy: readonly ((recording: string) => readonly LearntProfile[])[];
  /** Since when parts are waited for that say to be in progress, by the text of the recording's key. */
  private readonly waiting = new Map<string, number>();
  /** Since when recordings are missed of which parts are there, likewise. */
  private readonly missed = new Map<string, number>();

  constructor(parts: PartialProfilesParts) {
    this.parts = parts;
    this.madeBy = parts.kinds.map(({ recorded }) =>
      recorded.index(({ metadata: { namespace, labels } }) => [
        keyText({ namespace, name: labels?.[LABEL.recordingId] ?? '' }),
      ]),
    );
  }

  /** For a recording that goes on. */
  apply(recording: ProfileRecording): Outcome<ProfileRecording> {
    this.waiting.delete(keyText(recording.metadata));
    this.missed.delete(keyText(recording.metadata));
    const groups = this.groupsOf(recording.metadata);
    const steps = groups.map((group) => this.free(group, gatheringStep(group)));
    return {
      ...held(groups.some(({ profiles }) => profiles.some(isPart))),
      ...writes(steps),
      events: faultEvents(steps),
    };
  }

  /** For one that is being deleted; `isRecording` while it may still get parts, which are not merged yet. */
  cleanup(recording: ProfileRecording, isRecording: boolean): Outcome<ProfileRecording> {
    const isHeld = recording.metadata.finalizers?.includes(FINALIZER.unmergedProfiles) === true;
    if (isRecording) return isHeld ? this.apply(recording) : { ...this.apply(recording), metadata: {} };
    const outcome = this.end(recording.metadata, recording.metadata.finalizers);
    const isMerged = this.groupsOf(recording.metadata).length > 0;
    const silent = isMerged || recording.spec.mergeStrategy !== 'containers';
    return silent ? outcome : { ...outcome, events: [withoutParts(recording)] };
  }

  /** For one that is not there any more: its node was late. Or that is not seen yet: its watch is. */
  gone(key: ObjectKey): Outcome<ProfileRecording> {
    const outcome = this.end(key, []);
    const { desired = [], toDelete = [], requeueAfterMs } = outcome;
    if (desired.length + toDelete.length === 0 && requeueAfterMs === undefined) {
      this.missed.delete(keyText(key));
      return outcome;
    }
    const leftMs = this.leftMs(this.missed, key, UNSEEN_MS);
    return leftMs > 0 ? { requeueAfterMs: leftMs } : outcome;
  }

  /** For one that is being deleted, where the API server refused what `cleanup` wanted. */
  refused(why: Error): Outcome<ProfileRecording> {
    return { events: [warning('CannotCreateUpdateMergedProfile', why.message)] };
  }

  /** The API server takes no new finalizers for an object that is being deleted: it can only be held further. */
  private end(key: ObjectKey, finalizers: readonly string[] = []): Outcome<ProfileRecording> {
    const isHeld = finalizers.includes(FINALIZER.unmergedProfiles);
    const groups = this.groupsOf(key);
    if (this.parts.isTerminating(key.namespace ?? '')) return { ...held(false), patches: groups.flatMap(released) };
    const leftMs = this.leftMs(this.waiting, key, PATIENCE_MS);
    const steps = groups.map((group) => this.free(group, finalStep(group, leftMs === 0)));
    const isWaiting = leftMs > 0 && steps.some(({ running }) => running > 0);
    if (!isWaiting) this.waiting.delete(keyText(key));
    return {
      ...held(isHeld && steps.some(({ isUnfinished }) => isUnfinished)),
      ...writes(steps),
      events: [...faultEvents(steps), ...steps.flatMap(mergedEvents)],
      ...(isWaiting ? { requeueAfterMs: leftMs } : {}),
    };
  }

  /** Milliseconds that are left of a wait, which begins with the first question. */
  private leftMs(begun: Map<string, number>, key: ObjectKey, waitMs: number): number {
    const now = this.parts.now();
    const since = begun.get(keyText(key)) ?? now;
    begun.set(keyText(key), since);
    return Math.max(0, since + waitMs - now);
  }

  /** Those of a container are of one kind each. */
  private groupsOf(recording: ObjectKey): readonly PartGroup[] {
    return this.parts.kinds.flatMap(({ recorded }, at) => {
      const made = this.madeBy[at]?.(keyText(recording)) ?? [];
      return this.groupsAmong(
        made.filter(({ metadata }) => !recorded.isWithheld(metadata)),
        recording,
      );
    });
  }

  private groupsAmong(whole: readonly LearntProfile[], { namespace = '', name }: ObjectKey): readonly PartGroup[] {
    const byContainer = Map.groupBy(whole, ({ metadata }) => metadata.labels?.[LABEL.containerId] ?? '');
    byContainer.delete('');
    return Array.from(byContainer, ([container, profiles]) => ({ namespace, recording: name, container, profiles }));
  }

  /** A profile of that name which is another's is never written, nor one that is no longer what was merged into. */
  private free(group: PartGroup, step: MergeStep): MergeStep {
    const { target, name } = step;
    if (target === undefined) return step;
    const existing = group.profiles.find(({ metadata }) => metadata.name === name);
    const { profiles } = this.parts.kinds.find(({ kind }) => kind === target.kind) ?? {};
    const isFree = existing !== undefined || profiles?.get({ namespace: group.namespace, name }) === undefined;
    if (isFree) return { ...step, target: asSeen(target, existing) };
    const { finished, running } = step;
    const fault = `${target.kind} ${name} is there already and not of recording ${group.recording}; delete or rename it`;
    return { name, finished, running, taken: 0, isUnfinished: true, faults: [...step.faults, fault] };
  }
}

function held(isUnfinished: boolean): Pick<Outcome<ProfileRecording>, 'metadata'> {
  return { metadata: { finalizers: { [FINALIZER.unmergedProfiles]: isUnfinished } } };
}

function writes(steps: readonly MergeStep[]): Pick<Outcome<ProfileRecording>, 'patches' | 'desired' | 'toDelete'> {
  const finished = steps.flatMap((step) => step.finished);
  return {
    patches: finished.flatMap(withoutFinalizer),
    desired: steps.flatMap(({ target }) => target ?? []),
    toDelete: finished.map(refOf),
  };
}

function released({ profiles }: PartGroup): readonly ObjectPatch[] {
  return profiles.flatMap(withoutFinalizer);
}

/** Of the part as it was merged: one that has changed since is merged again. With the mark, it would be held again. */
function withoutFinalizer(part: LearntProfile): readonly ObjectPatch[] {
  const { annotations, finalizers = [], resourceVersion } = part.metadata;
  const at = finalizers.indexOf(FINALIZER.partialProfile);
  if (at < 0) return [];
  const place = `/metadata/finalizers/${String(at)}`;
  return [
    {
      of: part,
      steps: [
        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
        { op: 'test', path: place, value: FINALIZER.partialProfile },
        { op: 'remove', path: place },
        ...(annotations?.[ANNOTATION.unmergedPart] === undefined ? [] : [{ op: 'remove', path: MARK } as const]),
      ],
    },
  ];
}

function faultEvents(steps: readonly MergeStep[]): readonly ObjectEvent[] {
  return steps.flatMap(({ faults }) => faults).map((fault) => warning('CannotCreateUpdateMergedProfile', fault));
}

/** A profile that has all its parts is told of. */
function mergedEvents({ target, name, taken }: MergeStep): readonly ObjectEvent[] {
  if (target === undefined || taken === 0 || target.metadata.finalizers !== undefined) return [];
  const { total, names } = partCoverage(target as LearntProfile);
  const message = `${String(total)} recordings are merged into ${target.kind} ${name}`;
  const isEmpty = names.size === 0 && target.kind === 'SeccompProfile';
  const empty = warning('MergedEmptyProfile', `None of the parts of ${target.kind} ${name} has seen a system call`);
  return [{ type: 'Normal', reason: 'ProfilesMerged' satisfies Reason, message }, ...(isEmpty ? [empty] : [])];
}

function withoutParts({ metadata }: ProfileRecording): ObjectEvent {
  return warning('NoPartialProfiles', `Recording ${metadata.name} has left no profiles to merge`);
}

function warning(reason: Reason, message: string): ObjectEvent {
  return { type: 'Warning', reason, message, once: true };
}
