// SPDX-License-Identifier: Apache-2.0
// The counters of the eBPF recorder. Their series bear names of profiles and numbers of mount namespaces, so those of
// containers that are gone are taken away.
import type { Counter, Registry } from 'prom-client';
import { COUNTERS, RECORDER_COUNTERS, RECORDER_DROPS } from '../core/metrics.ts';
import type { Capture, CaptureLoss } from '../core/recording/captures.ts';
import { registeredCounter } from './registered-counter.ts';

interface Container {
  readonly mountNamespace: number;
  /** How many of its system calls are counted, by profile. */
  readonly counted: Map<string, number>;
}

/** Counts the different system calls that eBPF has seen of containers, and containers that were not recorded. */
export class RecorderCounters {
  private readonly node: string;
  private readonly operations: Counter;
  private readonly drops: Counter;
  private readonly containers = new Map<string, Container>();

  constructor(registry: Registry, node: string) {
    this.node = node;
    this.operations = registeredCounter(registry, COUNTERS.seccompBpf);
    this.drops = registeredCounter(registry, RECORDER_COUNTERS.dropped);
    // A rate is known only of a series that was there before.
    for (const reason of RECORDER_DROPS) this.drops.inc({ reason }, 0);
  }

  /** A container, by its id, has begun in a mount namespace of that number. */
  entered(id: string, mountNamespace: number): void {
    if (!this.containers.has(id)) this.containers.set(id, { mountNamespace, counted: new Map() });
  }

  /**
   * That much is seen of a container that is recorded into a profile; the same may be told again. Returns whether it is
   * the first time.
   */
  seen(profile: string, { id, calls }: Pick<Capture, 'id' | 'calls'>): boolean {
    const container = this.containers.get(id);
    if (container === undefined) return false;
    const all = [...calls.values()].reduce((sum, { size }) => sum + size, 0);
    const before = container.counted.get(profile);
    const more = all - (before ?? 0);
    if (more <= 0) return false;
    container.counted.set(profile, all);
    this.operations.inc(this.labelsOf(container, profile), more);
    return before === undefined;
  }

  /** Takes the series of a container away. */
  gone(id: string): void {
    const container = this.containers.get(id);
    if (container === undefined) return;
    for (const profile of container.counted.keys()) this.operations.remove(this.labelsOf(container, profile));
    this.containers.delete(id);
  }

  /** A container is not recorded. */
  dropped(reason: CaptureLoss): void {
    this.drops.inc({ reason });
  }

  private labelsOf({ mountNamespace }: Container, profile: string) {
    return { node: this.node, mount_namespace: String(mountNamespace), profile };
  }
}
