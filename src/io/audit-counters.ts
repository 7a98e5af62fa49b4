// SPDX-License-Identifier: Apache-2.0
// The counters of the log enricher. Their series bear names of pods, so those of pods that are gone are taken away.
import type { Counter, Registry } from 'prom-client';
import type { DenyingProfile } from '../core/audit/denials.ts';
import { countedLabels } from '../core/audit/line.ts';
import type { Place } from '../core/audit/line.ts';
import type { AuditRecord } from '../core/audit/record.ts';
import { COUNTERS, ENRICHER_COUNTERS, ENRICHER_DROPS } from '../core/metrics.ts';
import { registeredCounter } from './registered-counter.ts';

interface Series {
  readonly counter: Counter;
  readonly labels: Readonly<Record<string, string>>;
}

/** Counts records by pod, and what was dropped. */
export class AuditCounters {
  private readonly counters: Readonly<Record<AuditRecord['type'], Counter>>;
  private readonly drops: Counter;
  private readonly denials: Counter;
  private readonly series = new Map<string, Map<string, Series>>();

  constructor(registry: Registry) {
    this.counters = {
      seccomp: registeredCounter(registry, COUNTERS.seccompAudit),
      selinux: registeredCounter(registry, COUNTERS.selinuxAudit),
      apparmor: registeredCounter(registry, ENRICHER_COUNTERS.appArmorAudit),
    };
    this.denials = registeredCounter(registry, ENRICHER_COUNTERS.denials);
    this.drops = registeredCounter(registry, ENRICHER_COUNTERS.dropped);
    // A rate is known only of a series that was there before.
    for (const reason of ENRICHER_DROPS) this.drops.inc({ reason }, 0);
  }

  /** Records of a container. */
  count(record: AuditRecord, place: Place, times: number): void {
    const labels = countedLabels(record, place);
    const counter = this.counters[record.type];
    counter.inc(labels, times);
    const key = keyOf(place);
    const known = this.series.get(key) ?? new Map<string, Series>();
    known.set([record.type, ...Object.values(labels)].join('\n'), { counter, labels });
    this.series.set(key, known);
  }

  /** Calls that a profile has denied. */
  denied({ node, namespace }: Place, { module, use }: DenyingProfile, times: number): void {
    this.denials.inc({ node, namespace, module, profile: use }, times);
  }

  /** Takes the series of a container away. */
  forget(place: Place): void {
    for (const { counter, labels } of this.series.get(keyOf(place))?.values() ?? []) counter.remove(labels);
    this.series.delete(keyOf(place));
  }

  /** Records that were dropped. */
  dropped(reason: string, records: number): void {
    this.drops.inc({ reason }, records);
  }
}

function keyOf({ namespace, pod, container }: Place): string {
  return `${namespace}/${pod}/${container}`;
}
