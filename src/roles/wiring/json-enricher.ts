// SPDX-License-Identifier: Apache-2.0
// The JSON enricher on the runtime: it watches the pods of its node, and writes nothing.
import type { DaemonSettings } from '../../core/config.ts';
import { AuditedPods } from '../../handlers/node/audited-pods.ts';
import type { ContainerListener } from '../../handlers/node/audited-pods.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';

/** Wires the JSON enricher of a node. */
export function wireJsonEnricher(
  { nodeName: node }: Pick<DaemonSettings, 'nodeName'>,
  parts: ControllerManagerParts,
  listener: ContainerListener,
): SpoOperator {
  const operator = SpoOperator.create(parts);
  operator.register(new AuditedPods({ fieldSelector: `spec.nodeName=${node}` }, listener));
  return operator;
}
