// SPDX-License-Identifier: Apache-2.0
// Figures of a process itself: its processor time, memory, open files, garbage collection.
import { collectDefaultMetrics } from 'prom-client';
import type { Registry } from 'prom-client';

/**
 * Between two samples of the delay of the event loop, in milliseconds: a day. prom-client samples it by a timer of
 * 10 ms (15.1.3, `lib/metrics/eventLoopLag.js`; the default of Node.js), which wakes an idle process a hundred times a
 * second and takes about 0.6 % of a core, in every process on every node. It cannot be told to leave it out.
 */
const SAMPLING_MS = 86_400_000;

/** Of those samples. `nodejs_eventloop_lag_seconds` is none of them: it is measured when it is asked for. */
const SAMPLED = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'];

/** Has a registry serve them, without work while nobody asks. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: SAMPLING_MS });
  for (const part of SAMPLED) registry.removeSingleMetric(`nodejs_eventloop_lag_${part}_seconds`);
}
