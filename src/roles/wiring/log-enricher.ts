// SPDX-License-Identifier: Apache-2.0
// The log enricher on the runtime: it watches the pods of its node, and writes the profiles of those that are recorded
// from the log.
import type { DaemonSettings } from '../../core/config.ts';
import type { Captures } from '../../core/recording/captures.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';
import { AuditedPods } from '../../handlers/node/audited-pods.ts';
import type { ContainerListener } from '../../handlers/node/audited-pods.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import type { PolicyRule } from '../../runtime/handler.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';
import { nodePods, wireRecordedPods } from './recorded-pods.ts';
import type { RecordedProfiles } from './recorded-pods.ts';

/** The enricher's view of the cluster, ready to start. */
export interface EnricherWiring {
  readonly operator: SpoOperator;
  /** To be told when the captures of a pod have changed, with its UID. */
  readonly recorded: RecordedProfiles;
  /** All that it may do. */
  readonly rules: () => readonly PolicyRule[];
}

/** The parts of the enricher that are no part of the cluster. */
export interface EnricherSide {
  readonly native: KnownArchitecture;
  readonly captures: Captures;
  readonly listener: ContainerListener;
}

/** Wires the log enricher of a node. */
export function wireLogEnricher(
  { nodeName: node }: Pick<DaemonSettings, 'nodeName'>,
  parts: ControllerManagerParts,
  { native, captures, listener }: EnricherSide,
): EnricherWiring {
  const operator = SpoOperator.create(parts);
  operator.register(new AuditedPods({ fieldSelector: `spec.nodeName=${node}` }, listener));
  const pods = nodePods(node, false);
  const recorded = wireRecordedPods(operator, parts.clock, { node, recorder: 'logs', native, captures, pods });
  return { operator, recorded, rules: () => operator.rules() };
}
