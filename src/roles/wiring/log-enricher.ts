// SPDX-License-Identifier: Apache-2.0
// The log enricher on the runtime: it watches the pods of its node, and writes nothing.
import type { DaemonSettings } from '../../core/config.ts';
import { AuditedPods } from '../../handlers/node/audited-pods.ts';
import type { ContainerListener } from '../../handlers/node/audited-pods.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import type { PolicyRule } from '../../runtime/handler.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';

/** The enricher's view of the cluster, ready to start. */
export interface EnricherWiring {
  readonly operator: SpoOperator;
  /** All that it may do. */
  readonly rules: () => readonly PolicyRule[];
}

/** Wires the log enricher of a node. */
export function wireLogEnricher(
  { nodeName }: Pick<DaemonSettings, 'nodeName'>,
  parts: ControllerManagerParts,
  listener: ContainerListener,
): EnricherWiring {
  const operator = SpoOperator.create(parts);
  operator.register(new AuditedPods({ fieldSelector: `spec.nodeName=${nodeName}` }, listener));
  return { operator, rules: () => operator.rules() };
}
