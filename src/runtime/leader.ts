// SPDX-License-Identifier: Apache-2.0
// Of several processes of one kind only one works: the one that holds a Lease. It must renew it in time, or stop before
// another may take it; on a clean stop it releases the lease, so that no process waits.
//
// Our lease counts from when we sent a write, not from when its answer came: the server may have carried it out at any
// time in between, and from then on others count. So however slow the answers are, there are never two.
import type { Log } from '../core/log.ts';
import { isStatus } from './api.ts';
import type { KubeClient } from './client.ts';
import { sleep } from './clock.ts';
import type { Clock } from './clock.ts';
import { LEASE } from './kinds.ts';
import { leaseSpec, leaseStep, observe, parseLease } from './lease.ts';
import type { Observed } from './lease.ts';
import type { RuntimeMetrics } from './metrics.ts';
import type { KubeObject } from './object.ts';
import { TimeLimit } from './time-limit.ts';

/** Which lease, and who we are. */
export interface LeaderOptions {
  readonly name: string;
  readonly namespace: string;
  /** Unique among living processes. A pod's name is best: a restarted container leads on at once. */
  readonly identity: string;
  readonly timing?: LeaderTiming;
}

/** Times of an election, in milliseconds. */
export interface LeaderTiming {
  /** Others wait so long after the last renewal that they saw. */
  readonly leaseMs: number;
  /** After this time without a renewal a leader steps down; less than `leaseMs`, so that there are never two. */
  readonly renewMs: number;
  readonly retryMs: number;
}

/** client-go's usual times. */
export const LEADER_TIMING: LeaderTiming = { leaseMs: 15_000, renewMs: 10_000, retryMs: 2000 };

/** The dependencies of an elector. */
export interface LeaderParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: RuntimeMetrics;
}

/** Takes part in an election. */
export class LeaderElector {
  private readonly parts: LeaderParts;
  private readonly options: LeaderOptions;
  private readonly timing: LeaderTiming;
  private observed: Observed | undefined;
  private lease: KubeObject | undefined;
  private hasWritten = false;

  constructor(options: LeaderOptions, parts: LeaderParts) {
    this.options = options;
    this.parts = parts;
    this.timing = options.timing ?? LEADER_TIMING;
    parts.metrics.leading(options.name, false);
  }

  /**
   * Calls `lead` whenever we lead, with a signal that aborts when we no longer do, and waits for its end before taking
   * part again. Ends when the signal aborts; the lease is given back by `release`. Never rejects if `lead` does not.
   */
  async run(lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { clock, log, metrics } = this.parts;
    while (!signal.aborted) {
      const since = await this.attempt(signal);
      if (since === undefined || this.left(since) === 0) {
        await sleep(clock, this.timing.retryMs * (1 + 0.2 * clock.random()), signal);
        continue;
      }
      log.info('this process leads now', { lease: this.options.name, identity: this.options.identity });
      metrics.leading(this.options.name, true);
      const end = await this.leadWhileHeld(lead, since, signal);
      metrics.leading(this.options.name, false);
      if (end === 'lost') log.warn('this process lost the lead', { lease: this.options.name });
    }
  }

  /** Gives the lease back, if we hold it. Call it when the work is done; errors are logged only: it would run out. */
  async release(signal: AbortSignal): Promise<void> {
    try {
      await this.settling(() => this.giveBack(signal));
    } catch (error) {
      this.parts.log.debug('the lease could not be given back', { error });
    }
  }

  /** A write that was broken off leaves us without knowledge of the lease: it may have been carried out. */
  private async giveBack(signal: AbortSignal): Promise<void> {
    if (this.hasWritten && this.lease === undefined) await this.read(signal);
    if (this.lease === undefined || !this.isOurs()) return;
    await this.write('', this.observed?.record.transitions ?? 0, signal);
  }

  private async leadWhileHeld(
    lead: (signal: AbortSignal) => Promise<void>,
    since: number,
    signal: AbortSignal,
  ): Promise<'lost' | 'stopped'> {
    const lost = new AbortController();
    const stop = () => lost.abort(signal.reason);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const work = lead(lost.signal);
    await this.keep(since, lost.signal);
    const end = lost.signal.aborted ? 'stopped' : 'lost';
    lost.abort(new Error('the lease was lost'));
    await work;
    signal.removeEventListener('abort', stop);
    return end;
  }

  /** Renews until it fails for too long, another process holds the lease, or we are stopped. */
  private async keep(since: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    let renewed = since;
    while (await sleep(clock, Math.min(this.timing.retryMs, this.left(renewed)), signal)) {
      if (this.left(renewed) > 0) renewed = (await this.attempt(signal, this.left(renewed))) ?? renewed;
      if (this.left(renewed) === 0 || this.isTaken()) return;
    }
  }

  /** For how long a renewal that was sent then still lets us lead. */
  private left(since: number): number {
    return Math.max(0, since + this.timing.renewMs - this.parts.clock.monotonic());
  }

  private isTaken(): boolean {
    const holder = this.observed?.record.holder;
    return holder !== undefined && holder !== this.options.identity;
  }

  private isOurs(): boolean {
    return this.observed?.record.holder === this.options.identity;
  }

  /**
   * One attempt to take or renew the lease, in half the time that a renewal lasts at most, so that there is time for
   * another. Since when we hold it, or undefined. Errors count as a failed attempt.
   */
  private async attempt(signal: AbortSignal, leftMs = Number.POSITIVE_INFINITY): Promise<number | undefined> {
    const limit = new TimeLimit(this.parts.clock, Math.min(leftMs, this.timing.renewMs / 2), signal);
    try {
      return await this.settling(() => this.takeOrRenew(limit.signal));
    } catch (error) {
      const expected = signal.aborted || isStatus(error, 409);
      if (!expected) this.parts.log.warn('the lease could not be written', { lease: this.options.name, error });
      return undefined;
    } finally {
      limit.stop();
    }
  }

  /**
   * Takes one step, and another at once after a conflict, which may be a write of our own.
   */
  private async settling<R>(act: () => Promise<R>): Promise<R> {
    const known = async (): Promise<R> => {
      try {
        return await act();
      } catch (error) {
        this.lease = undefined;
        throw error;
      }
    };
    try {
      return await known();
    } catch (error) {
      if (!isStatus(error, 409)) throw error;
      return known();
    }
  }

  private async takeOrRenew(signal: AbortSignal): Promise<number | undefined> {
    if (this.lease === undefined || !this.isOurs()) await this.read(signal);
    // A lease that was deleted binds us like the one that we last saw: its holder may lead until it has missed it.
    if (this.observed === undefined) return this.write(this.options.identity, 0, signal);
    const step = leaseStep(this.observed, this.options.identity, this.parts.clock.monotonic());
    switch (step.type) {
      case 'take':
        return this.write(this.options.identity, step.transitions, signal);
      case 'renew':
        return this.write(this.options.identity, this.observed.record.transitions, signal);
      case 'wait':
        return undefined;
      default:
        return step satisfies never;
    }
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { client, clock } = this.parts;
    this.lease = await client.get(LEASE, this.options, signal);
    if (this.lease !== undefined) this.observed = observe(this.observed, parseLease(this.lease), clock.monotonic());
  }

  /** When the write was sent. */
  private async write(holder: string, transitions: number, signal: AbortSignal): Promise<number> {
    const { client, clock } = this.parts;
    const sentAt = clock.monotonic();
    this.hasWritten = true;
    const now = new Date(clock.now()).toISOString().replace('Z', '000Z');
    const acquireTime = this.isOurs() ? (this.observed?.record.acquireTime ?? now) : now;
    const { name, namespace } = this.options;
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace, ...versionOf(this.lease) },
      spec: leaseSpec({ holder, leaseMs: this.timing.leaseMs, acquireTime, renewTime: now, transitions }),
    };
    this.lease =
      this.lease === undefined
        ? await client.create(LEASE, namespace, lease, signal)
        : await client.replace(LEASE, lease, signal);
    this.observed = observe(this.observed, parseLease(this.lease), clock.monotonic());
    return sentAt;
  }
}

function versionOf(lease: KubeObject | undefined): { resourceVersion?: string } {
  const version = lease?.metadata.resourceVersion;
  return version === undefined ? {} : { resourceVersion: version };
}
