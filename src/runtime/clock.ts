// SPDX-License-Identifier: Apache-2.0
// Time and chance, as the runtime needs them: injected, so that a test can advance the time.

/** Time and chance. */
export interface Clock {
  /** Milliseconds since 1970, for times that others read. May jump. */
  now(): number;
  /** Milliseconds since some fixed point, for measuring. Never jumps. */
  monotonic(): number;
  /** Calls back once, after so many milliseconds, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

/** Waits. Resolves with true when the time has passed, with false as soon as the signal aborts. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const wake = () => {
      signal.removeEventListener('abort', abort);
      resolve(true);
    };
    const cancel = clock.after(ms, wake);
    const abort = () => {
      cancel();
      resolve(false);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** How long to wait before a repetition, growing with the number of failures. */
export interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
  /** Part of the wait that is left to chance: 0.5 makes 1 s a time between 0.5 and 1 s. */
  readonly jitter: number;
}

/** The wait after the n-th failure in a row (from 1): doubled each time, capped, then shortened by chance. */
export function backoffMs(backoff: Backoff, failures: number, random: number): number {
  const exponent = Math.min(Math.max(failures, 1) - 1, 30);
  const full = Math.min(backoff.firstMs * 2 ** exponent, backoff.capMs);
  return full * (1 - backoff.jitter * random);
}
