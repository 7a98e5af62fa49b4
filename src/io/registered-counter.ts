// SPDX-License-Identifier: Apache-2.0
// A counter of the table of metrics, in a Prometheus registry.
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import { METRIC_PREFIX } from '../core/metrics.ts';
import type { CounterDefinition } from '../core/metrics.ts';

/** Makes the counter of a definition, under its whole name. */
export function registeredCounter(registry: Registry, { name, help, labels }: CounterDefinition): Counter {
  return new Counter({ name: METRIC_PREFIX + name, help, labelNames: labels, registers: [registry] });
}
