// SPDX-License-Identifier: Apache-2.0
// The counters of core/metrics in a Prometheus registry. Every operation and every reason is shown from the start: a
// rate is known only of a series that was there before, so the first error of a reason would not show otherwise.
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Reason } from '../core/errors.ts';
import { COUNTERS, METRIC_PREFIX, SECCOMP_ERRORS } from '../core/metrics.ts';
import type { CounterDefinition, Operation } from '../core/metrics.ts';

const OPERATIONS: readonly Operation[] = ['update', 'delete'];

/** The counters of profiles, in manager and daemon. */
export class SeccompCounters {
  private readonly operations: Counter;
  private readonly errors: Counter;

  constructor(registry: Registry) {
    this.operations = register(registry, COUNTERS.seccompProfile);
    this.errors = register(registry, COUNTERS.seccompError);
    for (const operation of OPERATIONS) this.operations.inc({ operation }, 0);
    for (const reason of SECCOMP_ERRORS) this.errors.inc({ reason }, 0);
  }

  /** A profile was written to this node, or removed from it. */
  done(operation: Operation): void {
    this.operations.inc({ operation });
  }

  /** Something went wrong with a profile. */
  failed(reason: Reason): void {
    this.errors.inc({ reason });
  }
}

function register(registry: Registry, definition: CounterDefinition): Counter {
  return new Counter({
    name: METRIC_PREFIX + definition.name,
    help: definition.help,
    labelNames: definition.labels,
    registers: [registry],
  });
}
