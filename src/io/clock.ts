// SPDX-License-Identifier: Apache-2.0
// The system's clock and random numbers, for code that takes a Clock.
import { performance } from 'node:perf_hooks';

/** 25 days. Node fires a timer that is set for longer after a millisecond. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The machine's clock. A longer wait than 25 days ends after these. Its timers keep the process alive until they fire
 * or are cancelled.
 */
export const SYSTEM_CLOCK = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
