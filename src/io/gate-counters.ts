// SPDX-License-Identifier: Apache-2.0
// The metrics of pods that wait for their profiles, in a Prometheus registry.
import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { GATE_METRICS, GATE_OUTCOMES, METRIC_PREFIX } from '../core/metrics.ts';

/** From a profile that was nearly there to the longest wait, a day. */
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 86_400];

/** The waits of pods, in the manager. */
export class GateCounters {
  private readonly waits: Histogram;
  private readonly pods: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.waits = new Histogram({
      name: METRIC_PREFIX + GATE_METRICS.waits.name,
      help: GATE_METRICS.waits.help,
      labelNames: [...GATE_METRICS.waits.labels],
      buckets: SECONDS,
      registers,
    });
    this.pods = new Gauge({ name: METRIC_PREFIX + GATE_METRICS.pods.name, help: GATE_METRICS.pods.help, registers });
    // A rate is known only of a series that was there before.
    for (const outcome of GATE_OUTCOMES) this.waits.zero({ outcome });
  }

  /** A gate went, so many seconds after its pod was created. */
  opened(outcome: (typeof GATE_OUTCOMES)[number], seconds: number): void {
    this.waits.observe({ outcome }, seconds);
  }

  /** So many pods have a gate. */
  gated(pods: number): void {
    this.pods.set(pods);
  }
}
