// SPDX-License-Identifier: Apache-2.0
// The machine's own clock and dice, for whoever takes time and chance from outside.
import { performance } from 'node:perf_hooks';

/** The machine's clock. Its timers keep the process alive until they fire or are cancelled. */
export const systemClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
