// SPDX-License-Identifier: Apache-2.0
// The time of day as the API server has it: times of objects are its times, and the age of an object by a clock that is
// an hour ahead of it is an hour too much.
import { SYSTEM_CLOCK } from './clock.ts';

/** A Date header has whole seconds, and an answer takes a while: less is no difference. In milliseconds. */
const TOLERANCE_MS = 2000;

/** Learns how far the machine's clock is from that of the API server. */
export class ServerTime {
  private readonly local: () => number;
  private aheadMs = 0;

  /** @param local - milliseconds since 1970 by the machine's clock */
  constructor(local: () => number = SYSTEM_CLOCK.now) {
    this.local = local;
  }

  /** The Date header of an answer that has just come; what is no date is passed over. */
  heard(date: string | undefined): void {
    const server = Date.parse(date ?? '');
    if (Number.isNaN(server)) return;
    const aheadMs = this.local() - server;
    if (Math.abs(aheadMs - this.aheadMs) > TOLERANCE_MS) this.aheadMs = Math.abs(aheadMs) > TOLERANCE_MS ? aheadMs : 0;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.local() - this.aheadMs;
  }
}
