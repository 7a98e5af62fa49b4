// SPDX-License-Identifier: Apache-2.0
// The conversation about containers with the program that records them: which are to be recorded, what becomes of its
// answers, and what is missing where one program has followed another. It outlives the programs.
import type { ContainerRecorderEvent } from '../../gen/wire/container-recorder.ts';
import type { Captures } from './captures.ts';
import { placeOfCgroup } from './cgroup-path.ts';
import type { ContainerPlace } from './cgroup-path.ts';

/** The commands to a program, by the keys of containers. */
export interface RecorderCommands {
  record(key: bigint): void;
  ignore(key: bigint): void;
  read(key: bigint): void;
  forget(key: bigint): void;
}

/** The answer about the pod of a container: it is to be recorded under this UID, or not, or it is not known yet. */
export type PodVerdict = { readonly pod: string } | 'ignored' | 'unknown';

/** The surroundings of a session. */
export interface SessionParts {
  readonly captures: Captures;
  /** @param uid - as the control group names the pod */
  readonly verdict: (uid: string) => PodVerdict;
  /** A container is recorded from now on. */
  readonly found: (id: string, pod: string) => void;
  /** A program of a recorded container has begun. */
  readonly entered: (id: string, mountNamespace: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A container that a program has told of and that is not ignored. */
interface Followed extends ContainerPlace {
  readonly key: bigint;
  readonly since: number;
  readonly isLate: boolean;
  isRecorded: boolean;
  /** Answers that are to come: one for each read, and one for its end. */
  pending: number;
  began: number | undefined;
  mountNamespace: number | undefined;
  ended: number | undefined;
  readonly lost: Map<string, number>;
}

/**
 * Reasons beside those of the program: it began after the container did, ended before it did, or was told too late that
 * the container is to be recorded.
 */
const SESSION_LOSSES = { start: 'start', restart: 'recorder-restart', decision: 'late-decision' } as const;

/** How long a container waits for its pod to become known, in milliseconds. */
export const DECISION_MS = 30_000;

/** Containers that were given up and are remembered, in case their pod becomes known after all. */
const MOST_GIVEN_UP = 512;

type AnswerOfOne = Extract<
  ContainerRecorderEvent,
  { readonly type: 'entered' | 'syscalls' | 'refused' | 'ended' | 'complete' }
>;

/** Follows the containers of a node. */
export class RecorderSession {
  private readonly parts: SessionParts;
  private readonly followed = new Map<bigint, Followed>();
  /** Recorded ones that the program before has left, by id. */
  private readonly left = new Set<string>();
  /** UID of the pod, by id of the container. */
  private readonly givenUp = new Map<string, string>();
  private readonly lostSomewhere = new Map<string, number>();
  private isStopping = false;
  private commands: RecorderCommands | undefined;

  constructor(parts: SessionParts) {
    this.parts = parts;
  }

  /** A program takes commands from now on. */
  begin(commands: RecorderCommands): void {
    this.commands = commands;
    this.lostSomewhere.clear();
  }

  /** The program is told to end: what it calls ended from now on may go on without being seen. */
  stop(): void {
    this.isStopping = true;
  }

  /** The program has ended before it was told to: what runs goes on without being seen. */
  broken(): void {
    this.commands = undefined;
    for (const one of this.followed.values()) {
      if (!one.isRecorded) continue;
      this.parts.captures.lost(one.containerId, SESSION_LOSSES.restart, 1);
      if (one.ended === undefined) this.left.add(one.containerId);
      else this.parts.captures.ended(one.containerId, one.ended);
    }
    this.followed.clear();
  }

  /** An event of the program. */
  take(event: ContainerRecorderEvent): void {
    if (event.type === 'container') this.meet(event.key, event.path, event.running);
    else if (event.type === 'lost') this.lose(event.key, event.reason, event.count);
    else if (event.type === 'attached') this.endLeft();
    else if (event.type === 'detached') this.followed.clear();
    else if ('key' in event) this.follow(event);
  }

  /** Pods or recordings have changed, or time has passed: containers that wait may be decided. */
  decide(): void {
    for (const one of this.followed.values()) if (!one.isRecorded) this.judge(one);
    for (const [id, uid] of this.givenUp) {
      const verdict = this.parts.verdict(uid);
      if (verdict === 'unknown') continue;
      this.givenUp.delete(id);
      if (verdict === 'ignored') continue;
      this.parts.captures.placed(id, { pod: verdict.pod });
      this.parts.captures.lost(id, SESSION_LOSSES.decision, 1);
    }
  }

  /** Asks for the calls of all that are recorded and run. */
  read(): void {
    for (const one of this.followed.values()) {
      if (one.isRecorded && one.pending === 0) this.ask(one);
    }
  }

  /** Whether a container is recorded, or waits for a decision. */
  get isBusy(): boolean {
    return this.followed.size > 0;
  }

  private meet(key: bigint, path: string, isLate: boolean): void {
    const place = placeOfCgroup(path);
    if (place === undefined) {
      this.commands?.ignore(key);
      return;
    }
    const one: Followed = {
      ...place,
      key,
      isLate,
      since: this.parts.now(),
      isRecorded: false,
      pending: 0,
      began: undefined,
      mountNamespace: undefined,
      ended: undefined,
      lost: new Map<string, number>(),
    };
    this.followed.set(key, one);
    this.judge(one);
  }

  private judge(one: Followed): void {
    const verdict = this.parts.verdict(one.podUid);
    if (typeof verdict !== 'string') this.record(one, verdict.pod);
    else if (verdict === 'ignored') this.ignore(one);
    else if (this.parts.now() - one.since >= DECISION_MS) this.giveUp(one);
  }

  private record(one: Followed, pod: string): void {
    const { captures, found } = this.parts;
    const { containerId: id } = one;
    one.isRecorded = true;
    this.commands?.record(one.key);
    captures.placed(id, { pod });
    // One that the program before has left lacks more than its start, and says so already.
    if (one.isLate && !this.left.delete(id)) captures.lost(id, SESSION_LOSSES.start, 1);
    found(id, pod);
    this.tellEntered(one);
    // Calls that were told before the decision were not taken.
    this.ask(one);
  }

  private ask(one: Followed): void {
    one.pending += 1;
    this.commands?.read(one.key);
  }

  private giveUp(one: Followed): void {
    const [oldest] = this.givenUp.keys();
    if (oldest !== undefined && this.givenUp.size >= MOST_GIVEN_UP) this.givenUp.delete(oldest);
    this.givenUp.set(one.containerId, one.podUid);
    this.ignore(one);
  }

  private ignore(one: Followed): void {
    this.followed.delete(one.key);
    this.commands?.ignore(one.key);
  }

  private lose(key: bigint, reason: string, count: bigint): void {
    const one = this.followed.get(key);
    if (key !== 0n && one?.isRecorded !== true) return;
    const lost = one?.lost ?? this.lostSomewhere;
    const more = Number(count) - (lost.get(reason) ?? 0);
    lost.set(reason, Number(count));
    if (one === undefined) this.parts.captures.lostSomewhere(reason, more);
    else this.parts.captures.lost(one.containerId, reason, more);
  }

  /** Those that the program before has left and this one has not found have ended meanwhile. */
  private endLeft(): void {
    for (const id of this.left) this.parts.captures.ended(id, this.parts.now());
    this.left.clear();
  }

  private follow(event: AnswerOfOne): void {
    const one = this.followed.get(event.key);
    if (one === undefined) return;
    if (event.type === 'entered') this.enter(one, event.mountNamespace);
    else if (event.type === 'ended') this.end(one);
    else if (event.type === 'complete') this.complete(one);
    else if (one.isRecorded)
      this.parts.captures.note(one.containerId, event.architecture, event.numbers, this.parts.now());
  }

  private enter(one: Followed, mountNamespace: number): void {
    one.began ??= this.parts.now();
    one.mountNamespace ??= mountNamespace;
    if (one.isRecorded) this.tellEntered(one);
  }

  private tellEntered({ containerId: id, began, mountNamespace }: Followed): void {
    if (began === undefined || mountNamespace === undefined) return;
    this.parts.captures.began(id, began);
    this.parts.entered(id, mountNamespace);
  }

  private end(one: Followed): void {
    one.ended ??= this.parts.now();
    one.pending += 1;
  }

  /** Of a container that has ended, the last answer is everything that there is. */
  private complete(one: Followed): void {
    one.pending -= 1;
    if (one.ended === undefined || one.pending > 0 || !one.isRecorded) return;
    this.followed.delete(one.key);
    if (!this.isStopping) this.parts.captures.ended(one.containerId, one.ended);
    this.commands?.forget(one.key);
  }
}
