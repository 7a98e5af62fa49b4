// SPDX-License-Identifier: Apache-2.0
// The counters of core/metrics in a Prometheus registry. Every operation and every reason is shown from the start: a
// rate is known only of a series that was there before, so the first error of a reason would not show otherwise.
import type { Counter, Registry } from 'prom-client';
import type { Reason } from '../core/errors.ts';
import { KIND_COUNTERS } from '../core/metrics.ts';
import type { KindCounterDefinition, Operation } from '../core/metrics.ts';
import { registeredCounter } from './registered-counter.ts';

const OPERATIONS: readonly Operation[] = ['update', 'delete'];

/** The counters of profiles of one kind, in manager and daemon. */
export class KindCounters {
  private readonly reasons: readonly Reason[];
  private readonly operations: Counter;
  private readonly errors: Counter;

  constructor(registry: Registry, { operations, errors, reasons }: KindCounterDefinition) {
    this.reasons = reasons;
    this.operations = registeredCounter(registry, operations);
    this.errors = registeredCounter(registry, errors);
    for (const operation of OPERATIONS) this.operations.inc({ operation }, 0);
    for (const reason of reasons) this.errors.inc({ reason }, 0);
  }

  /** A profile was written to this node, or removed from it. */
  done(operation: Operation): void {
    this.operations.inc({ operation });
  }

  /** Whether errors of that reason are of this kind. */
  counts(reason: Reason): boolean {
    return this.reasons.includes(reason);
  }

  /** Something went wrong with a profile. */
  failed(reason: Reason): void {
    this.errors.inc({ reason });
  }
}

/** Counters of all kinds, in the manager: an error is counted for the kinds that know its reason. */
export function countersOfAllKinds(registry: Registry): { failed(reason: Reason): void } {
  const all = Object.values(KIND_COUNTERS).map((definition) => new KindCounters(registry, definition));
  return {
    failed: (reason) => {
      for (const kind of all) if (kind.counts(reason)) kind.failed(reason);
    },
  };
}
