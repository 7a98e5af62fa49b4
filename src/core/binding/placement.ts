// SPDX-License-Identifier: Apache-2.0
// On which nodes a pod may run, as far as the pod itself says so: nodeSelector and required node affinity, which name
// nodes by label, or by name as the controller of DaemonSets does. Taints and room are the scheduler's: a node that
// only these exclude is waited for, too.
import type { Affinity } from '../../gen/crd/defs/affinity.ts';
import type { NodeSelectorRequirement } from '../../gen/crd/defs/node-selector-requirement.ts';
import type { NodeSelectorTerm } from '../../gen/crd/defs/node-selector-term.ts';

/** The demands of a pod on its node. */
export interface Placement {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Of the required node affinity: one of them must hold. */
  readonly terms?: readonly NodeSelectorTerm[];
}

/** The demands of a pod's spec. */
export function placementOf({
  nodeSelector,
  affinity,
}: {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: Affinity;
}): Placement {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return { ...(nodeSelector === undefined ? {} : { nodeSelector }), ...(terms === undefined ? {} : { terms }) };
}

/** A node, as far as pods can demand something of it. */
export interface PlacementNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether the pod may run on the node. */
export function mayRunOn({ nodeSelector = {}, terms }: Placement, node: PlacementNode): boolean {
  const isSelected = Object.entries(nodeSelector).every(([key, value]) => labelOf(node, key) === value);
  return isSelected && (terms === undefined || terms.some((term) => holdsOn(term, node)));
}

/** A term without requirements matches no node. */
function holdsOn({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: PlacementNode): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => meets(labelOf(node, requirement.key), requirement)) &&
    matchFields.every((requirement) => meets(fieldOf(node, requirement.key), requirement))
  );
}

function labelOf({ labels }: PlacementNode, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** The one field that the API server lets pods name. */
function fieldOf({ name }: PlacementNode, key: string): string | undefined {
  return key === 'metadata.name' ? name : undefined;
}

function meets(value: string | undefined, { operator, values = [] }: NodeSelectorRequirement): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return isOrdered(values[0], value);
    case 'Lt':
      return isOrdered(value, values[0]);
    default:
      return operator satisfies never;
  }
}

const INTEGER = /^[+-]?\d+$/;

/** Whether both are whole numbers, the first below the second. */
function isOrdered(low: string | undefined, high: string | undefined): boolean {
  if (low === undefined || high === undefined || !INTEGER.test(low) || !INTEGER.test(high)) return false;
  return BigInt(low) < BigInt(high);
}
