// SPDX-License-Identifier: Apache-2.0
// Tells when selinuxd has installed or removed policies, while somebody waits for that: by a question that it answers
// then, or from time to time for one that has no such answer. Of changes by others only the operator's own tells.
import { setTimeout as sleep } from 'node:timers/promises';
import type { MarkedProfile } from '../core/selinux/store/mark.ts';

/** Questions to selinuxd, as SelinuxdClient asks them. */
export interface ChangeQuestions {
  changes(
    after: number,
  ): Promise<{ readonly serial: number; readonly touched: ReadonlyMap<string, string> } | undefined>;
  installed(): Promise<ReadonlyMap<string, MarkedProfile>>;
}

/** How long to wait for a selinuxd that does not tell of changes, or does not answer, in milliseconds. */
const PAUSE_MS = 1000;

/** Gets when others have touched policies last, by their names. */
type Listener = (touched: ReadonlyMap<string, string>) => void;

const UNTOUCHED: ReadonlyMap<string, string> = new Map();

/** The changes of a selinuxd. */
export class SelinuxdChanges {
  private readonly questions: ChangeQuestions;
  private readonly signal: AbortSignal;
  private readonly listeners = new Set<Listener>();
  private serial = -1;
  private running = false;
  private attended = false;

  /** Nothing is asked any more once the signal has aborted. */
  constructor(questions: ChangeQuestions, signal: AbortSignal) {
    this.questions = questions;
    this.signal = signal;
  }

  /** Calls back whenever selinuxd may have gone on, while that is expected. */
  subscribe(listener: Listener): void {
    this.listeners.add(listener);
  }

  /** The next change is waited for, and told. */
  expect(): void {
    if (this.running || this.signal.aborted) return;
    this.running = true;
    void this.wait();
  }

  /** There are policies that others may touch: from now on all changes are told, where selinuxd tells of them. */
  attend(): void {
    this.attended = true;
    this.expect();
  }

  /** The profiles that selinuxd has installed, once it knows them; none when the signal aborts before. */
  async installed(): Promise<ReadonlyMap<string, MarkedProfile>> {
    while (!this.signal.aborted) {
      try {
        return await this.questions.installed();
      } catch {
        await this.pause();
      }
    }
    return new Map();
  }

  private async wait(): Promise<void> {
    const answer = await this.questions.changes(this.serial).catch(() => 'none' as const);
    const told = answer === undefined || answer === 'none' ? undefined : answer;
    if (told === undefined) await this.pause();
    this.serial = told?.serial ?? -1;
    this.running = false;
    if (this.signal.aborted) return;
    for (const listener of this.listeners) listener(told?.touched ?? UNTOUCHED);
    // One that answers without an answer to this never will have one.
    if (this.attended && answer !== undefined) this.expect();
  }

  private async pause(): Promise<void> {
    await sleep(PAUSE_MS, undefined, { signal: this.signal }).catch(() => undefined);
  }
}
