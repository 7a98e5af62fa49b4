// SPDX-License-Identifier: Apache-2.0
// The manager's handlers of pods that wait for profiles, and of nodes that wait for their first ones.
import { ProfileGateHandler } from '../../handlers/manager/profile-gate.ts';
import type { GateCounters } from '../../handlers/manager/profile-gate.ts';
import { ProfileReadiness } from '../../handlers/manager/profile-readiness.ts';
import type { KnownKind } from '../../handlers/manager/profile-readiness.ts';
import { StartupTaintHandler } from '../../handlers/manager/startup-taint.ts';
import type { ManagedPod } from '../../handlers/sources/managed-pods.ts';
import { daemonNodes } from '../../handlers/sources/nodes.ts';
import type { DaemonNodeReaders } from '../../handlers/sources/nodes.ts';
import { leavingWatches } from '../../handlers/sources/departure.ts';
import { waitingPods, waitWatches } from '../../handlers/sources/waiting-pods.ts';
import type { Source } from '../../runtime/handler.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { SpoOperator } from '../../runtime/spo-operator.ts';
import type { DepartureSide } from './manager-departure.ts';

/** The part of the manager that all these handlers share. */
export interface PodSide {
  readonly operator: SpoOperator;
  readonly clock: Clock;
  readonly kinds: readonly KnownKind[];
  readonly source: Source<ManagedPod>;
  readonly readers: DaemonNodeReaders;
  readonly gates: GateCounters;
  readonly leave: DepartureSide;
}

/** Registers the handlers. */
export function registerPodHandlers(side: PodSide): void {
  const { operator, clock, kinds, source, readers, gates, leave } = side;
  const { namespace, nodes, nodeStatuses } = readers;
  const pods = operator.reader(source);
  const waiting = waitingPods(pods);
  const watches = waitWatches(
    namespace,
    kinds.map(({ kind }) => kind),
    waiting,
  );
  const readiness = new ProfileReadiness(kinds, () => daemonNodes(readers), namespace);
  const { departure } = leave;
  const gate = { source, pods, readiness, departure, counters: gates, now: steady(clock) };
  const leaving = leavingWatches(namespace, undefined, () => waiting.all());
  operator.register(new ProfileGateHandler({ ...gate, watches: [...watches, ...leaving] }));
  operator.register(new StartupTaintHandler({ namespace, nodes, nodeStatuses, kinds }));
}

/**
 * The time of day as it was when it was first asked for, and since then by the clock that does not jump. That is not
 * before the caches are filled, when it is known how far the clock is from that of the API server.
 */
export function steady(clock: Clock): () => number {
  let offset: number | undefined;
  return () => (offset ??= clock.now() - clock.monotonic()) + clock.monotonic();
}
