// SPDX-License-Identifier: Apache-2.0
// Whether the API server lets this process watch what it must. A process that has lost its roles goes on with what it
// saw last, and would look well for ever; one that never had them never begins.
import type { Clock } from './clock.ts';
import { isStatus } from './api.ts';

/** Statuses by which a server says that it knows us, or does not, and that we may not. */
const REFUSALS = [401, 403];

/** The questions that a process may not ask: a resource, with what is asked for of it. */
export class Permission {
  private readonly clock: Pick<Clock, 'monotonic'>;
  private readonly patienceMs: number;
  private readonly since = new Map<string, number>();
  private readonly listeners: (() => void)[] = [];
  private told: string | undefined;

  /** `patienceMs`: a refusal that lasts so long is no roll-out of roles. */
  constructor(clock: Pick<Clock, 'monotonic'>, patienceMs: number) {
    this.clock = clock;
    this.patienceMs = patienceMs;
  }

  /** Those that have been refused for too long, in order and separated by commas; undefined for none. */
  get lack(): string | undefined {
    const late = [...this.since].filter(([, since]) => this.clock.monotonic() - since >= this.patienceMs);
    return late.length === 0
      ? undefined
      : late
          .map(([what]) => what)
          .sort()
          .join(', ');
  }

  /** Calls back when `lack` has changed. */
  follow(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** A list or a watch has failed, for any reason. `what`: the question in words, another one for each selector. */
  failed(what: string, error: unknown): void {
    if (REFUSALS.some((status) => isStatus(error, status)) && !this.since.has(what))
      this.since.set(what, this.clock.monotonic());
    this.tell();
  }

  /** A list or a watch was answered. */
  answered(what: string): void {
    if (this.since.delete(what)) this.tell();
  }

  private tell(): void {
    const { lack } = this;
    if (lack === this.told) return;
    this.told = lack;
    for (const listener of this.listeners) listener();
  }
}
