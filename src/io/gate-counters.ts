// SPDX-License-Identifier: Apache-2.0
// The metrics of pods that wait for their profiles, in a Prometheus registry.
import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { METRIC_PREFIX } from '../core/metrics.ts';

/** From a profile that was nearly there to the longest wait, a day. */
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 86_400];

const ENDS = ['installed', 'timeout', 'uninstalled'] as const;

/** The waits of pods, in the manager. */
export class GateCounters {
  private readonly waits: Histogram;
  private readonly pods: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.waits = new Histogram({
      name: `${METRIC_PREFIX}pod_gate_wait_seconds`,
      help: 'Time for which pods waited at the scheduling gate for their profiles, by how the wait ended.',
      labelNames: ['outcome'],
      buckets: SECONDS,
      registers,
    });
    this.pods = new Gauge({
      name: `${METRIC_PREFIX}gated_pods`,
      help: 'Pods that wait at the scheduling gate for their profiles.',
      registers,
    });
    // A rate is known only of a series that was there before.
    for (const outcome of ENDS) this.waits.zero({ outcome });
  }

  /** A gate went, so many seconds after its pod was created. */
  opened(outcome: (typeof ENDS)[number], seconds: number): void {
    this.waits.observe({ outcome }, seconds);
  }

  /** So many pods have a gate. */
  gated(pods: number): void {
    this.pods.set(pods);
  }
}
