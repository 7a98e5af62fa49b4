// SPDX-License-Identifier: Apache-2.0
// When a recorded profile is written: at once for the first time and when a container has ended, now and then while it
// runs, and never where the cluster says so already. A profile of somebody else is left alone, and one that was deleted
// after it had been written stays deleted until there is something new to say.
import { errorText } from '../../core/errors.ts';
import type { Reason } from '../../core/errors.ts';
import { ANNOTATION, LABEL } from '../../core/names.ts';
import type { Evidence } from '../../core/recording/evidence.ts';
import type { LearntProfile } from '../../core/recording/kinds/learner.ts';
import type { RecordedKind } from '../../core/recording/request.ts';
import { isOf, recordedPart, recordedProfile } from '../../core/recording/recorded-profile.ts';
import type { RecordedObject, RecordedPart, RecordingNode } from '../../core/recording/recorded-profile.ts';
import { fingerprint, project } from '../../runtime/canonical.ts';
import type { Reader } from '../../runtime/handler.ts';
import { keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import { asSeen } from '../../runtime/precondition.ts';
import type { RecordedGroup } from './followed-pod.ts';

/** The next thing to do for a profile. */
export type ProfileStep =
  /** Nothing has run yet. */
  | { readonly type: 'nothing' }
  /** The cluster has it. */
  | { readonly type: 'stands'; readonly evidence: Evidence }
  | { readonly type: 'later'; readonly afterMs: number }
  | { readonly type: 'write'; readonly object: RecordedObject; readonly tries: number }
  /** It cannot be written until somebody else does something. */
  | { readonly type: 'stuck'; readonly reason: Reason; readonly message: string };

/** So often at most is the profile of a container written that runs, in milliseconds. */
export const PROGRESS_MS = 10_000;

/** And that of one that has ended, of which records still come. */
const LATE_MS = 1_000;

interface Memory {
  /** Fingerprint of the runs that the cluster has. */
  confirmed?: string;
  /** Of how many runs it tells, and how many of them had ended. */
  told?: string;
  /** When it was last written, in milliseconds since 1970. */
  wroteAt?: number;
  /** Writes since it was last confirmed. */
  tries: number;
}

/** All profiles of a kind. */
export type KnownProfiles = Pick<Reader<LearntProfile>, 'get' | 'isWithheld'>;

/** Decides on the writes of profiles. */
export class ProfileWrites {
  private readonly profilesOf: (kind: RecordedKind) => KnownProfiles;
  private readonly memories = new Map<string, Memory>();
  private isHurried = false;

  /** @param profilesOf - all profiles of a kind */
  constructor(profilesOf: (kind: RecordedKind) => KnownProfiles) {
    this.profilesOf = profilesOf;
  }

  /** @param now - milliseconds since 1970 */
  step(group: RecordedGroup, node: RecordingNode, now: number): ProfileStep {
    const { key, origin, runs } = group;
    const part = recordedPart(origin, runs, node);
    if (part === undefined) return { type: 'nothing' };
    const existing = this.profilesOf(origin.kind).get(key);
    const isDeleted = existing === undefined && this.memoryOf(group).confirmed === fingerprint(part);
    if (isDeleted) return { type: 'stands', evidence: part.evidence };
    const obstacle = existing === undefined ? undefined : this.obstacle(group, existing);
    if (obstacle !== undefined) return obstacle;
    try {
      return this.compare(group, part, existing, now);
    } catch (error) {
      const message = `${origin.kind} ${key.name} cannot take what was recorded: ${errorText(error)}`;
      return { type: 'stuck', reason: 'CannotCreateProfile', message };
    }
  }

  /** From now on nothing is put off: there will be no later. */
  hurry(): void {
    this.isHurried = true;
  }

  /** Nobody writes the profile any more; given its text, as of `profileText`. */
  forget(profile: string): void {
    this.memories.delete(profile);
  }

  private obstacle({ key, origin }: RecordedGroup, existing: LearntProfile): ProfileStep | undefined {
    if (!isOf(existing, origin)) {
      const { recording, container } = origin;
      const whose = `not of container ${container} of recording ${recording}`;
      const message = `${origin.kind} ${key.name} is there already and ${whose}; delete or rename it`;
      return { type: 'stuck', reason: 'ProfileNotOurs', message };
    }
    if (!this.profilesOf(origin.kind).isWithheld(key)) return undefined;
    const message = `${origin.kind} ${key.name} is beyond what a namespace may have of profiles`;
    return { type: 'stuck', reason: 'NamespaceBudgetExceeded', message };
  }

  private compare(
    group: RecordedGroup,
    part: RecordedPart,
    existing: LearntProfile | undefined,
    now: number,
  ): ProfileStep {
    const wanted = recordedProfile(group.key.name, group.origin, part, existing);
    const memory = this.memoryOf(group);
    const ended = group.runs.filter(({ capture }) => capture.ended !== undefined).length;
    const told = `${String(group.runs.length)} ${String(ended)}`;
    if (existing !== undefined && isSame(existing, wanted)) {
      this.memories.set(profileText(group.origin.kind, group.key), {
        ...memory,
        confirmed: fingerprint(part),
        told,
        tries: 0,
      });
      return { type: 'stands', evidence: part.evidence };
    }
    const isUrgent = existing === undefined || memory.told !== told || isPartial(existing) !== isPartial(wanted);
    const pauseMs = ended === group.runs.length ? LATE_MS : PROGRESS_MS;
    const afterMs = memory.wroteAt === undefined ? 0 : memory.wroteAt + pauseMs - now;
    if (!isUrgent && !this.isHurried && afterMs > 0) return { type: 'later', afterMs };
    return { type: 'write', object: asSeen(wanted, existing), tries: memory.tries };
  }

  /** The profile is being written. */
  wrote(object: RecordedObject, now: number): void {
    const key = profileText(object.kind, object.metadata);
    const memory = this.memories.get(key) ?? { tries: 0 };
    this.memories.set(key, { ...memory, wroteAt: now, tries: memory.tries + 1 });
  }

  private memoryOf({ origin, key }: RecordedGroup): Memory {
    return this.memories.get(profileText(origin.kind, key)) ?? { tries: 0 };
  }
}

/** A profile as a text. */
export function profileText(kind: RecordedKind, key: ObjectKey): string {
  return `${kind} ${keyText(key)}`;
}

/** Names that an object of ours has or has not. */
const OPTIONAL = [ANNOTATION.addedSyscalls, ANNOTATION.foldedPaths, ANNOTATION.recordingIncomplete] as const;

/** Without the mark of a part: the manager takes it away before it deletes what it has merged. */
function isSame(existing: LearntProfile, { spec, metadata }: RecordedObject): boolean {
  const { labels } = metadata;
  const annotations = unmarked(metadata.annotations ?? {});
  const shape = { spec, metadata: { labels, annotations } };
  const lacks = OPTIONAL.every(
    (name) => (annotations[name] === undefined) === (existing.metadata.annotations?.[name] === undefined),
  );
  return (
    lacks &&
    isPartial(existing) === isPartial({ metadata }) &&
    fingerprint(project(existing, shape)) === fingerprint(project(shape, shape))
  );
}

function unmarked(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== ANNOTATION.unmergedPart));
}

function isPartial({ metadata }: Pick<RecordedObject, 'metadata'>): boolean {
  return metadata.labels?.[LABEL.partial] === 'true';
}
