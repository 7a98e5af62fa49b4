// SPDX-License-Identifier: Apache-2.0
// The recorded pods of this node become profiles. A pod is followed from its first request on until what was recorded
// of it stands in the cluster, though it be gone by then. Calls and ends come from the recorder of the process, by way
// of the captures; names and images of containers come from the pod's status.
import type { Reason } from '../../core/errors.ts';
import type { Capture, Captures } from '../../core/recording/captures.ts';
import type { RecordedKind } from '../../core/recording/request.ts';
import type { LearntProfile } from '../../core/recording/kinds/learner.ts';
import type { RecordingNode } from '../../core/recording/recorded-profile.ts';
import type { Recorder } from '../../core/recording/request.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { Handler, PolicyRule, Reader, Source, Watch } from '../../runtime/handler.ts';
import { POD } from '../../runtime/kinds.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { ObjectEvent, Outcome } from '../../runtime/outcome.ts';
import type { OwnNode } from '../sources/nodes.ts';
import type { RecordablePod } from '../sources/recordable-pods.ts';
import { unitedGroups } from './followed-pod.ts';
import type { FollowedPod, RecordedGroup } from './followed-pod.ts';
import { FollowedPods } from './followed-pods.ts';
import { learntRules } from '../sources/recorded-profiles.ts';
import type { LearntReader } from '../sources/recorded-profiles.ts';
import { missedRuns } from './missed-runs.ts';
import { ProfileWrites, profileText } from './recorded-profile-writes.ts';
import type { KnownProfiles } from './recorded-profile-writes.ts';
import { awaitEnds, place } from './pod-captures.ts';
import { decidedEvents, lostEvent } from './recorded-pod-events.ts';
import type { Decided } from './recorded-pod-events.ts';

/** The surroundings of the recorded pods. */
export interface RecordedPodsParts {
  /** Name of the node. */
  readonly node: string;
  readonly native: KnownArchitecture;
  readonly recorder: Recorder;
  readonly captures: Captures;
  /** Pods of the node (sources/recordable-pods.ts). */
  readonly pods: Source<RecordablePod>;
  readonly recordings: Watched<ProfileRecording>;
  /** All profiles of each kind (sources/recorded-profiles.ts). */
  readonly profiles: ReadonlyMap<RecordedKind, LearntReader>;
  /** The node itself (`ownNodeSource`). */
  readonly nodes: Pick<Reader<OwnNode>, 'get'>;
  /** Hears what is seen of a container, each time for each of its profiles, and when no profile is written any more. */
  readonly meter?: RecordingMeter;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Measures what is recorded. */
export interface RecordingMeter {
  /** @param profile - its name */
  seen(profile: string, capture: Capture): void;
  gone(container: string): void;
}

/** So long the profiles of a pod that is gone are tried to be written. */
const GIVE_UP_MS = 600_000;

/** So long records of a container may come after its end. */
const LOG_GRACE_MS = 30_000;

/** Until the next look at what was just written. */
const NEXT_MS = 1;

/** And at what cannot be written, where no watch shows that it could be now. */
const STUCK_MS = 60_000;

type Watched<T extends KubeObject> = { readonly source: Source<T>; readonly reader: Reader<T> };

/** Of a kind that is not watched. */
const NO_PROFILES: KnownProfiles = { get: () => undefined, isWithheld: () => false };

/** Writes the profiles of recorded pods. */
export class RecordedPods implements Handler<RecordablePod> {
  readonly kind = POD;
  readonly name = 'recorded-pods';
  readonly source: Source<RecordablePod>;
  readonly watches: readonly Watch[];
  readonly rules: readonly PolicyRule[];
  private readonly parts: RecordedPodsParts;
  private readonly writes: ProfileWrites;
  private readonly followed: FollowedPods;
  /** Keys of the pods of a profile, by its text. */
  private readonly writers = new Map<string, Map<string, ObjectKey>>();
  /** Texts of the keys that are still to be looked at before the process ends. */
  private readonly unflushed = new Set<string>();
  private whenFlushed: () => void = () => undefined;

  constructor(parts: RecordedPodsParts) {
    this.parts = parts;
    this.source = parts.pods;
    this.rules = learntRules(['create', 'patch'], [...parts.profiles.values()]);
    this.writes = new ProfileWrites((kind) => this.profilesOf(kind));
    this.followed = new FollowedPods(parts.recorder, parts.recordings.reader);
    this.watches = [...[...parts.profiles].map((one) => this.profileWatch(...one)), this.recordingWatch()];
  }

  /** The key of a recorded pod by its UID: it is to be looked at when its captures have changed. */
  keyOf(uid: string): ObjectKey | undefined {
    return this.followed.keyOf(uid);
  }

  /**
   * The process ends, and nothing more will be seen: writes what was, without a pause. Resolves when all is written
   * that can be.
   *
   * @param look - has a key looked at
   */
  flush(look: (key: ObjectKey) => void): Promise<void> {
    this.writes.hurry();
    const keys = this.followed.all();
    for (const key of keys) this.unflushed.add(keyText(key));
    for (const key of keys) look(key);
    return new Promise((resolve) => {
      this.whenFlushed = resolve;
      if (keys.length === 0) resolve();
    });
  }

  predicate(before: RecordablePod, after: RecordablePod): boolean {
    return textOf(before) !== textOf(after);
  }

  async apply(pod: RecordablePod): Promise<Outcome<RecordablePod>> {
    this.followed.see(pod, this.parts.now());
    return this.outcome(keyOf(pod));
  }

  async cleanup(pod: RecordablePod): Promise<Outcome<RecordablePod>> {
    return this.apply(pod);
  }

  async gone(key: ObjectKey): Promise<Outcome<RecordablePod>> {
    this.followed.leave(key, this.parts.now());
    return this.outcome(key);
  }

  refused(pod: RecordablePod, why: Error): Outcome<RecordablePod> {
    const reason: Reason = 'CannotCreateProfile';
    return { events: [{ type: 'Warning', reason, message: why.message, regarding: pod, once: true }] };
  }

  private outcome(key: ObjectKey): Outcome<RecordablePod> {
    const pods = this.followed.of(key);
    if (pods.length === 0) return this.flushed(key);
    const { captures, recorder } = this.parts;
    const now = this.parts.now();
    for (const followed of pods) place(followed, recorder, captures);
    const look = { recorder, captures, profilesOf: (kind: RecordedKind) => this.profilesOf(kind), now };
    const missed = pods.map((followed) => missedRuns(followed, look));
    const awaited = new Map(missed.flatMap((one) => [...one.waits]));
    const waits = pods.flatMap((followed) => [
      ...awaitEnds(followed, captures, now),
      ...captures.of(followed.uid).flatMap((capture) => this.graceMs(capture, now) || []),
    ]);
    const groups = unitedGroups(pods.flatMap((followed) => followed.groups(captures)));
    const node = this.node();
    const decided = groups.map((group) => ({ group, step: this.writes.step(group, node, now) }));
    for (const { group, step } of decided) {
      this.note(group, key);
      if (step.type === 'write' || step.type === 'stands') for (const followed of pods) followed.writes(group.origin);
      for (const { capture } of group.runs) this.parts.meter?.seen(group.key.name, capture);
    }
    return {
      events: [
        ...missed.flatMap(({ events }) => events),
        ...decidedEvents(decided, pods),
        ...pods.flatMap((followed) => this.finish(followed, decided, awaited, now)),
      ],
      ...this.nextWrite(key, decided, [...waits, ...awaited.values()], now),
    };
  }

  private profilesOf(kind: RecordedKind): KnownProfiles {
    return this.parts.profiles.get(kind)?.reader ?? NO_PROFILES;
  }

  private flushed(key: ObjectKey): Outcome<RecordablePod> {
    if (this.unflushed.delete(keyText(key)) && this.unflushed.size === 0) this.whenFlushed();
    return {};
  }

  /** One write at a time, so that one that is refused holds up no other. */
  private nextWrite(
    key: ObjectKey,
    decided: readonly Decided[],
    waits: readonly number[],
    now: number,
  ): Outcome<RecordablePod> {
    const writes = decided.flatMap(({ step }) => (step.type === 'write' ? [step] : []));
    const [next] = writes.sort((a, b) => a.tries - b.tries);
    const later = decided.flatMap(({ step }) => (step.type === 'later' ? [step.afterMs] : []));
    const stuck = decided.flatMap(({ step }) => (step.type === 'stuck' ? [STUCK_MS] : []));
    if (next !== undefined) {
      this.writes.wrote(next.object, now);
      return { desired: [next.object], requeueAfterMs: NEXT_MS };
    }
    this.flushed(key);
    const all = [...waits, ...later, ...stuck];
    return all.length === 0 ? {} : { requeueAfterMs: Math.min(...all) };
  }

  /** Forgets the containers whose profiles are written for good, and a pod that is gone when all are. */
  private finish(
    followed: FollowedPod,
    decided: readonly Decided[],
    awaited: ReadonlyMap<string, number>,
    now: number,
  ): readonly ObjectEvent[] {
    const { captures } = this.parts;
    const isSure = followed.goneAt !== undefined || followed.believed().length > 0;
    for (const capture of captures.of(followed.uid)) {
      if (awaited.has(capture.id)) continue;
      const isLate = followed.isDone(capture.id);
      if (!isLate && (!isSure || this.graceMs(capture, now) > 0 || !isFinished(capture, decided))) continue;
      captures.forget(capture.id);
      followed.finish(capture.id);
      this.parts.meter?.gone(capture.id);
    }
    if (followed.goneAt === undefined) return [];
    const rest = captures.of(followed.uid);
    // Its name will not become known any more.
    const isLost = rest.every(({ container, ended }) => container === undefined && ended !== undefined);
    if (!isLost && now - followed.goneAt < GIVE_UP_MS) return [];
    for (const { id } of rest) this.parts.meter?.gone(id);
    captures.forgetPod(followed.uid);
    if (!this.followed.forget(followed)) this.unnote(keyOf(followed.pod));
    const lost = followed.lostAmong(rest);
    return lost === 0 ? [] : [lostEvent(followed, lost)];
  }

  /** Milliseconds for which calls of a container that has ended are still expected. */
  private graceMs({ ended }: Capture, now: number): number {
    return this.parts.recorder === 'logs' && ended !== undefined ? Math.max(0, ended + LOG_GRACE_MS - now) : 0;
  }

  private note({ key, origin }: RecordedGroup, pod: ObjectKey): void {
    const text = profileText(origin.kind, key);
    const writers = this.writers.get(text) ?? new Map<string, ObjectKey>();
    this.writers.set(text, writers.set(keyText(pod), pod));
  }

  private unnote(pod: ObjectKey): void {
    for (const [profile, writers] of this.writers) {
      if (!writers.delete(keyText(pod)) || writers.size > 0) continue;
      this.writers.delete(profile);
      this.writes.forget(profile);
    }
  }

  private profileWatch(kind: RecordedKind, { source }: LearntReader): Watch<LearntProfile> {
    return {
      ...source,
      mapToKeys: ({ metadata }) => [...(this.writers.get(profileText(kind, metadata))?.values() ?? [])],
    };
  }

  private recordingWatch(): Watch<ProfileRecording> {
    return {
      ...this.parts.recordings.source,
      predicate: (before, after) => before.metadata.generation !== after.metadata.generation,
      mapToKeys: (recording) => this.followed.naming(recording),
    };
  }

  private node(): RecordingNode {
    const { node: name, native, nodes } = this.parts;
    const { kernelVersion, containerRuntimeVersion } = nodes.get({ name })?.status?.nodeInfo ?? {};
    return {
      name,
      native,
      ...(kernelVersion === undefined ? {} : { kernel: kernelVersion }),
      ...(containerRuntimeVersion === undefined ? {} : { runtime: containerRuntimeVersion }),
    };
  }
}

/** Whether all profiles of a container have it for good. One that nobody has asked for has none. */
function isFinished({ id, container, ended }: Capture, decided: readonly Decided[]): boolean {
  if (container === undefined || ended === undefined) return false;
  return decided.every(({ group, step }) => {
    const run = group.runs.find(({ capture }) => capture.id === id);
    return run === undefined || (run.isSettled && (step.type === 'stands' || step.type === 'nothing'));
  });
}

/** The part of a pod that decides what becomes of its profiles. */
function textOf({ metadata, containers, later, hasEnded }: RecordablePod): string {
  const { uid, labels, annotations, deletionTimestamp } = metadata;
  return JSON.stringify([uid, labels, annotations, deletionTimestamp !== undefined, containers, later, hasEnded]);
}
