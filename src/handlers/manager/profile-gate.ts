// SPDX-License-Identifier: Apache-2.0
// Pods that wait for a profile. One with our scheduling gate is let go as soon as its profiles are on all nodes that it
// may run on, or when its time is up; one that waits at a kubelet for a file is touched when the file has come, because
// the kubelet tries again at once when an annotation changes, and every 15 s otherwise.
//
// Guarantees: no gate goes before the profiles are there or the wait is over; none stays longer than the wait, whatever
// becomes of profile, binding, webhook or clock, and none outlives the operator where it is uninstalled. Only the pod
// and the nodes' reports decide, so a restart forgets nothing; the clock counts only for pods that were there at the
// start, because nothing else tells their age. Where the report of a node has no room for all profiles, one that is not
// in it counts as being there.
import { awaitedText, gateLeftMs, waitSecondsOf } from '../../core/binding/gate.ts';
import type { Awaited, ProfileOnNodes } from '../../core/binding/gate.ts';
import type { Reason } from '../../core/errors.ts';
import { ANNOTATION, PROFILE_GATE } from '../../core/names.ts';
import type { Handler, PolicyRule, Reader, Source, Watch } from '../../runtime/handler.ts';
import { POD } from '../../runtime/kinds.ts';
import { isDeleting, keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { ObjectEvent, Outcome, PatchStep } from '../../runtime/outcome.ts';
import type { ManagedPod } from '../sources/managed-pods.ts';
import type { Departure } from './departure.ts';
import type { ProfileReadiness } from './profile-readiness.ts';

/** How a gate went. */
export type GateEnd = 'installed' | 'timeout' | 'uninstalled';

/** Counters of gates. */
export interface GateCounters {
  /** A gate went, so many seconds after the pod was created, or after this process saw it come. */
  opened(end: GateEnd, seconds: number): void;
  /** So many pods have a gate. */
  gated(pods: number): void;
}

/** The dependencies of the handler. */
export interface ProfileGateParts {
  readonly source: Source<ManagedPod>;
  /** Those of the source. */
  readonly pods: Reader<ManagedPod>;
  /** Changes that concern waiting pods: of profiles, nodes and their reports. */
  readonly watches: readonly Watch[];
  readonly readiness: ProfileReadiness;
  readonly departure: Pick<Departure, 'isNear'>;
  readonly counters: GateCounters;
  /** Milliseconds since 1970, by a clock that does not jump while the process runs. */
  now(): number;
}

/** A pod with a gate, as this process saw it first. */
interface Gated {
  readonly uid: string | undefined;
  readonly since: number;
  /** Milliseconds since 1970 at which it was created; undefined where it came while this process worked. */
  readonly createdAt: number | undefined;
  /** The states that the last event told. */
  readonly told?: string;
}

/** Usual waits are over by then, and need no event. */
const QUIET_MS = 2000;

/** Takes gates away, and wakes kubelets. */
export class ProfileGateHandler implements Handler<ManagedPod> {
  readonly kind = POD;
  readonly name = 'profile-gate';
  readonly concurrency = 8;
  readonly rules: readonly PolicyRule[] = [{ apiGroups: [''], resources: [POD.plural], verbs: ['patch'] }];
  readonly source: Source<ManagedPod>;
  readonly watches: readonly Watch[];
  private readonly parts: ProfileGateParts;
  private readonly gated = new Map<string, Gated>();
  /** The pods with a gate that were there when this process began to work. */
  private earlier: ReadonlySet<string | undefined> = new Set();

  constructor(parts: ProfileGateParts) {
    this.source = parts.source;
    this.watches = parts.watches;
    this.parts = parts;
  }

  begin(): void {
    this.parts.departure.isNear();
    const gated = this.parts.pods.list().filter(({ gateAt }) => gateAt !== undefined);
    this.earlier = new Set(gated.map(({ metadata: { uid } }) => uid));
  }

  predicate(before: ManagedPod, after: ManagedPod): boolean {
    return (
      before.metadata.uid !== after.metadata.uid ||
      isDeleting(before) !== isDeleting(after) ||
      before.gateAt !== after.gateAt ||
      before.lacksFile !== after.lacksFile ||
      before.shape !== after.shape
    );
  }

  async apply(pod: ManagedPod): Promise<Outcome<ManagedPod>> {
    if (pod.gateAt !== undefined) return this.gate(pod, pod.gateAt);
    this.forget(keyOf(pod));
    return pod.lacksFile === true && pod.nodeName !== undefined ? this.wake(pod, pod.nodeName) : {};
  }

  /** A gate must not be taken from a pod that is being deleted: it would never be scheduled and stay as a failure. */
  async cleanup(pod: ManagedPod): Promise<Outcome<ManagedPod>> {
    this.forget(keyOf(pod));
    return {};
  }

  async gone(key: ObjectKey): Promise<Outcome<ManagedPod>> {
    this.forget(key);
    return {};
  }

  private gate(pod: ManagedPod, gateAt: number): Outcome<ManagedPod> {
    const gated = this.remembered(pod);
    const awaited = this.awaitedBy(pod);
    if (awaited.length === 0) return this.open(pod, gateAt, 'installed', []);
    if (this.parts.departure.isNear()) return this.open(pod, gateAt, 'uninstalled', [leftAlone(awaited)]);
    const waitSeconds = waitSecondsOf(pod.marks.waitSeconds);
    const { ageMs, seenMs } = this.timesOf(gated);
    const leftMs = gateLeftMs({ waitMs: waitSeconds * 1000, ageMs, seenMs });
    if (leftMs === 0) return this.open(pod, gateAt, 'timeout', [timedOut(waitSeconds, awaited)]);
    if (seenMs < QUIET_MS) return { requeueAfterMs: Math.min(leftMs, QUIET_MS - seenMs + 1) };
    return { requeueAfterMs: leftMs, events: this.waitingEvents(pod, gated, waitSeconds, awaited) };
  }

  /** The profile of a binding may be one that is not there yet; of an author's name nothing says that it is ours. */
  private awaitedBy({ uses = [], shape, marks }: ManagedPod): readonly Awaited[] {
    const ours = uses.filter((use) => !this.parts.readiness.mayBeOthers(use));
    const known = new Set(ours.map(({ name }) => name));
    const unknown = uses.filter((use) => !ours.includes(use) && !known.has(use.name) && marks.bound !== undefined);
    return [...ours, ...unknown].flatMap((use) => {
      const on: ProfileOnNodes = this.parts.readiness.on(use, shape.placement);
      if (on.state === 'installed') return [];
      const profile = this.parts.readiness.profileOf(use);
      const name = profile === undefined ? use.name : keyText(keyOf(profile));
      return [{ profile: `the ${use.kind} ${name}`, on }];
    });
  }

  private open(pod: ManagedPod, gateAt: number, end: GateEnd, events: readonly ObjectEvent[]): Outcome<ManagedPod> {
    const { ageMs, seenMs } = this.timesOf(this.remembered(pod));
    this.parts.counters.opened(end, Math.max(0, ageMs ?? seenMs) / 1000);
    this.forget(keyOf(pod));
    const place = `/spec/schedulingGates/${String(gateAt)}`;
    const steps: readonly PatchStep[] = [
      { op: 'test', path: `${place}/name`, value: PROFILE_GATE },
      { op: 'remove', path: place },
    ];
    return { patches: [{ of: pod, steps }], events };
  }

  /** Each time that a profile's state is another one than was told. */
  private waitingEvents(
    pod: ManagedPod,
    gated: Gated,
    waitSeconds: number,
    awaited: readonly Awaited[],
  ): readonly ObjectEvent[] {
    const told = awaited.map(({ profile, on }) => `${profile} ${on.state}`).join();
    if (gated.told === told) return [];
    this.gated.set(keyText(keyOf(pod)), { ...gated, told });
    const limit = `at the latest ${String(waitSeconds)} s after its creation`;
    const message = `The pod waits for ${awaitedText(awaited)}. It is scheduled as soon as that has changed, ${limit}`;
    return [{ type: 'Normal', reason: 'WaitingForProfile' satisfies Reason, message, once: true }];
  }

  /** Once for each version of the profiles: a kubelet that still misses the file then has another reason. */
  private wake(pod: ManagedPod, nodeName: string): Outcome<ManagedPod> {
    const { readiness } = this.parts;
    const ours = (pod.uses ?? []).filter((use) => !readiness.mayBeOthers(use));
    const profiles = ours.map((use) => readiness.installedOn(use, nodeName));
    const versions = profiles.flatMap((profile) =>
      profile === undefined ? [] : `${profile.metadata.uid ?? ''}.${String(profile.metadata.generation ?? 0)}`,
    );
    const mark = versions.join();
    if (mark === '' || versions.length < profiles.length || pod.marks.installed === mark) return {};
    return { patches: [{ of: pod, steps: annotationSteps(pod, mark) }] };
  }

  private remembered(pod: ManagedPod): Gated {
    const key = keyText(keyOf(pod));
    const { uid } = pod.metadata;
    const known = this.gated.get(key);
    if (known?.uid === uid && known !== undefined) return known;
    const createdAt = this.earlier.has(uid) ? Date.parse(pod.metadata.creationTimestamp ?? '') : Number.NaN;
    const gated = { uid, since: this.parts.now(), createdAt: Number.isNaN(createdAt) ? undefined : createdAt };
    this.gated.set(key, gated);
    this.parts.counters.gated(this.gated.size);
    return gated;
  }

  private forget(key: ObjectKey): void {
    if (this.gated.delete(keyText(key))) this.parts.counters.gated(this.gated.size);
  }

  private timesOf({ since, createdAt }: Gated): { readonly ageMs: number | undefined; readonly seenMs: number } {
    const now = this.parts.now();
    return { ageMs: createdAt === undefined ? undefined : now - createdAt, seenMs: now - since };
  }
}

function leftAlone(awaited: readonly Awaited[]): ObjectEvent {
  const still = awaitedText(awaited);
  const message = `The pod is scheduled without ${still}, because the operator is being uninstalled`;
  return { type: 'Warning', reason: 'ProfileWaitTimedOut' satisfies Reason, message, once: true };
}

function timedOut(waitSeconds: number, awaited: readonly Awaited[]): ObjectEvent {
  const still = awaitedText(awaited);
  const message = `The pod is scheduled after ${String(waitSeconds)} s without ${still}. Its containers wait for the file`;
  return { type: 'Warning', reason: 'ProfileWaitTimedOut' satisfies Reason, message, once: true };
}

function annotationSteps(pod: ManagedPod, mark: string): readonly PatchStep[] {
  const name = ANNOTATION.profileInstalled;
  if (pod.annotated === true)
    return [{ op: 'add', path: `/metadata/annotations/${name.replaceAll('/', '~1')}`, value: mark }];
  const { resourceVersion } = pod.metadata;
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'add', path: '/metadata/annotations', value: { [name]: mark } },
  ];
}
