// SPDX-License-Identifier: Apache-2.0
// Containers that are to be recorded and ran while no recorder was there. The status of their pod tells of them, and
// nothing else does: a container of fifty milliseconds is over before a recorder that has crashed is back.
import type { Captures } from '../../core/recording/captures.ts';
import { runKey } from '../../core/recording/evidence.ts';
import type { LearntProfile } from '../../core/recording/kinds/learner.ts';
import { evidenceOf } from '../../core/recording/merge-partials.ts';
import { gatheredProfileName, mergedProfileName } from '../../core/recording/profile-name.ts';
import { isOf } from '../../core/recording/recorded-profile.ts';
import type { RecordedKind, Recorder } from '../../core/recording/request.ts';
import type { ObjectEvent } from '../../runtime/outcome.ts';
import type { ContainerRun } from '../sources/recordable-pods.ts';
import type { FollowedPod, RecordedGroup } from './followed-pod.ts';
import type { KnownProfiles } from './recorded-profile-writes.ts';
import { missedEvent } from './recorded-pod-events.ts';

/** The reason of a loss: counted once for each run of which nothing was seen. */
const UNSEEN_RUN = 'unseen-run';

/**
 * So long a recorder may take to tell of a container whose end the pod's status tells already, in milliseconds. The
 * program tells it at once, but on a node whose processors others have the status may overtake it by many seconds; and
 * records of a log that was not read for a while come one after the other. Later than that nothing of it is taken.
 */
const WAIT_MS = 30_000;

/** The surroundings of a look at a pod. */
export interface MissedRunsParts {
  readonly recorder: Recorder;
  readonly captures: Captures;
  readonly profilesOf: (kind: RecordedKind) => KnownProfiles;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The result of a look at a pod. */
export interface MissedRuns {
  /** Milliseconds until the next look at each run that the recorder may still tell of, by id. */
  readonly waits: ReadonlyMap<string, number>;
  readonly events: readonly ObjectEvent[];
}

/**
 * Has the profile of such a run say that it lacks it. Where there is none, an event on the pod says so: a profile that
 * shows nothing would be of no use, and one that was deleted is not made again.
 */
export function missedRuns(followed: FollowedPod, parts: MissedRunsParts): MissedRuns {
  const unseen = followed.endedRuns().filter(([id, run]) => isUnseen(followed, id, run, parts));
  const untold = unseen.filter(([id, run]) => !isTold(followed, id, run, parts));
  const looks = untold.map(([id, run]) => {
    return { id, run, leftMs: WAIT_MS - followed.overdueMs(id, parts.now) };
  });
  return {
    waits: new Map(looks.flatMap(({ id, leftMs }) => (leftMs > 0 ? [[id, leftMs] as const] : []))),
    events: looks.filter(({ leftMs }) => leftMs <= 0).flatMap(({ id, run }) => tell(followed, id, run, parts)),
  };
}

/**
 * Every container that has begun makes calls, and where these are wanted the log tells them; it may have nothing to
 * tell of what SELinux or AppArmor permit. The program also tells of a container that has not begun.
 */
function isUnseen(followed: FollowedPod, id: string, run: ContainerRun, parts: MissedRunsParts): boolean {
  const capture = parts.captures.get(id);
  if (parts.recorder === 'bpf') return capture === undefined;
  const isLogged = followed.profilesOf(run.name).some(({ origin }) => origin.kind === 'SeccompProfile');
  if (!isLogged || run.started === undefined) return false;
  return capture === undefined || (capture.calls.size === 0 && capture.lost.size === 0);
}

function isTold(followed: FollowedPod, id: string, run: ContainerRun, parts: MissedRunsParts): boolean {
  return profilesOf(followed, run, parts).some((profile) => tellsOf(profile, id));
}

function tell(followed: FollowedPod, id: string, run: ContainerRun, parts: MissedRunsParts): readonly ObjectEvent[] {
  const { captures } = parts;
  if (profilesOf(followed, run, parts).length > 0) {
    captures.placed(id, { pod: followed.uid, container: run.name });
    if (run.started !== undefined) captures.began(id, Date.parse(run.started));
    captures.lost(id, UNSEEN_RUN, 1);
    captures.ended(id, Date.parse(run.ended ?? ''));
    return [];
  }
  captures.forget(id);
  followed.finish(id);
  return [missedEvent(followed, run)];
}

function profilesOf(followed: FollowedPod, run: ContainerRun, parts: MissedRunsParts): readonly LearntProfile[] {
  return followed.profilesOf(run.name).flatMap((group) => existing(group, parts.profilesOf));
}

/** The profiles that may tell of a run: a part may have been put into others by now. */
function existing({ key, origin }: RecordedGroup, find: MissedRunsParts['profilesOf']): readonly LearntProfile[] {
  const { recording, container, isPart, kind } = origin;
  const merged = isPart ? [gatheredProfileName(recording, container), mergedProfileName(recording, container)] : [];
  return [key.name, ...merged.map(({ name }) => name)]
    .flatMap((name) => find(kind).get({ ...key, name }) ?? [])
    .filter((profile) => isOf(profile, origin));
}

function tellsOf(profile: LearntProfile, id: string): boolean {
  const { instances = {}, earlier } = evidenceOf(profile) ?? {};
  return Object.hasOwn(instances, runKey(id)) || Object.hasOwn(earlier?.ids ?? {}, runKey(id));
}
