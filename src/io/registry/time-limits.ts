// SPDX-License-Identifier: Apache-2.0
// How long registries are waited for.

/** How long a registry may take, in milliseconds. */
export interface TimeLimits {
  /** Without a byte. */
  readonly idleMs: number;
  /** For one answer. */
  readonly totalMs: number;
}

/** The original's limit for a pull is five minutes; a registry that says nothing for half a minute never will. */
export const TIME_LIMITS: TimeLimits = { idleMs: 30_000, totalMs: 300_000 };
