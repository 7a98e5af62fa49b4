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
  /** There were too many to be read, so it counts as one that may run on every node. */
  readonly isUnread?: true;
}

/** The part of a pod's spec with its demands. */
export interface PlacedSpec {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: Affinity;
}

/**
 * Demands of one pod that are read, and the values that they name. The longest of real ones are lists of some hundred
 * host names in a few demands; so many are compared with five thousand nodes in less than a tenth of a second.
 */
const MOST_DEMANDS = 128;
const MOST_VALUES = 4096;

/** The demands of a pod's spec. */
export function placementOf({ nodeSelector, affinity }: PlacedSpec): Placement {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const placement = {
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(terms === undefined ? {} : { terms }),
  };
  return isReadable(placement) ? placement : { isUnread: true };
}

/** Terms count, too, since one without requirements takes its time all the same. */
function isReadable({ nodeSelector = {}, terms = [] }: Placement): boolean {
  if (terms.length > MOST_DEMANDS) return false;
  const requirements = terms.map(({ matchExpressions = [], matchFields = [] }) => [matchExpressions, matchFields]);
  const lists = requirements.flat();
  const demands = lists.reduce((sum, list) => sum + list.length, terms.length + Object.keys(nodeSelector).length);
  if (demands > MOST_DEMANDS) return false;
  const values = lists.flat().reduce((sum, requirement) => sum + (requirement.values ?? []).length, 0);
  return values <= MOST_VALUES;
}

/** A node, as far as pods can demand something of it. */
export interface PlacementNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether a pod may run on a node. */
export type PlacementTest = (node: PlacementNode) => boolean;

/** The test of the nodes for a pod, made once for all of them. */
export function placementTest({ nodeSelector = {}, terms, isUnread }: Placement): PlacementTest {
  if (isUnread === true) return () => true;
  const integers = new Integers();
  const labels = Object.entries(nodeSelector);
  const tests = terms?.map((term) => termTest(term, integers));
  return (node) =>
    labels.every(([key, value]) => labelOf(node, key) === value) &&
    (tests === undefined || tests.some((holds) => holds(node)));
}

/** A term without requirements matches no node. */
function termTest({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, integers: Integers): PlacementTest {
  const tests = [
    ...matchExpressions.map((requirement) => requirementTest(requirement, labelOf, integers)),
    ...matchFields.map((requirement) => requirementTest(requirement, fieldOf, integers)),
  ];
  return (node) => tests.length > 0 && tests.every((holds) => holds(node));
}

type ValueOf = (node: PlacementNode, key: string) => string | undefined;

function labelOf({ labels }: PlacementNode, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** The one field that the API server lets pods name. */
function fieldOf({ name }: PlacementNode, key: string): string | undefined {
  return key === 'metadata.name' ? name : undefined;
}

function requirementTest(requirement: NodeSelectorRequirement, valueOf: ValueOf, integers: Integers): PlacementTest {
  const { key, operator, values = [] } = requirement;
  const named = new Set<string | undefined>(values);
  switch (operator) {
    case 'In':
      return (node) => named.has(valueOf(node, key));
    case 'NotIn':
      return (node) => !named.has(valueOf(node, key));
    case 'Exists':
      return (node) => valueOf(node, key) !== undefined;
    case 'DoesNotExist':
      return (node) => valueOf(node, key) === undefined;
    case 'Gt':
      return (node) => integers.areOrdered(values[0], valueOf(node, key));
    case 'Lt':
      return (node) => integers.areOrdered(valueOf(node, key), values[0]);
    default:
      operator satisfies never;
      return () => false;
  }
}

/** As many digits as a label has room for: V8 takes seconds for those of a million. */
const INTEGER = /^[+-]?\d{1,63}$/;

/** Texts as the scheduler compares them: as numbers in 64 bits with a sign. Each is read once. */
class Integers {
  private readonly known = new Map<string, bigint | undefined>();

  /** Whether both are whole numbers, the first below the second. */
  areOrdered(low: string | undefined, high: string | undefined): boolean {
    const [from, to] = [this.of(low), this.of(high)];
    return from !== undefined && to !== undefined && from < to;
  }

  private of(text: string | undefined): bigint | undefined {
    if (text === undefined || this.known.has(text)) return this.known.get(text ?? '');
    const value = INTEGER.test(text) ? BigInt(text) : undefined;
    const integer = value !== undefined && BigInt.asIntN(64, value) === value ? value : undefined;
    this.known.set(text, integer);
    return integer;
  }
}
