// SPDX-License-Identifier: Apache-2.0
// Where a pod must not get a profile of SELinux or AppArmor, whatever a binding or a recording wants: the API server
// would refuse a custom SELinux type, and kubelets without AppArmor fail the pod at once, over and over. Where only
// some nodes lack AppArmor, the pod is kept from these.
import type { Affinity } from '../../gen/crd/defs/affinity.ts';
import type { NodeSelectorRequirement } from '../../gen/crd/defs/node-selector-requirement.ts';
import type { NodeSelectorTerm } from '../../gen/crd/defs/node-selector-term.ts';
import { pointer } from '../json-patch.ts';
import type { PatchOperation } from '../json-patch.ts';
import type { BoundKind } from './choose.ts';
import { placementOf, placementTest } from './placement.ts';
import type { PlacementNode } from './placement.ts';
import type { AdmittedPod } from './pod.ts';

/** Why a pod gets no profile of a kind. */
export type Obstacle = 'PodSecurity' | 'NodesWithoutAppArmor';

/** The facts about the cluster that decide it. */
export interface ObstacleFacts {
  /** Labels of the pod's namespace. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly nodes: () => readonly PlacementNode[];
  /** Names of those of which it is known that they lack AppArmor. */
  readonly withoutAppArmor: ReadonlySet<string>;
}

/** The label by which a namespace asks for a Pod Security level. */
const LEVEL_LABEL = 'pod-security.kubernetes.io/enforce';

/** The levels that take no SELinux types but those of containers (the standards' control "SELinux"). */
const STRICT_LEVELS: readonly string[] = ['baseline', 'restricted'];

const HOSTNAME = 'kubernetes.io/hostname';

/** The most nodes that an affinity names. */
const MOST_EXCLUDED = 200;

/** Whether pods of a namespace with those labels may not have a SELinux type of ours. */
export function refusesTypes(labels: Readonly<Record<string, string>> | undefined): boolean {
  return STRICT_LEVELS.includes(labels?.[LEVEL_LABEL] ?? '');
}

/** The obstacle to a profile of the kind; undefined for none. */
export function obstacleTo(kind: BoundKind, pod: AdmittedPod, facts: ObstacleFacts): Obstacle | undefined {
  switch (kind) {
    case 'SeccompProfile':
      return undefined;
    case 'SelinuxProfile':
      return refusesTypes(facts.labels) ? 'PodSecurity' : undefined;
    case 'AppArmorProfile':
      return excluded(pod, facts) === undefined ? 'NodesWithoutAppArmor' : undefined;
    default:
      return kind satisfies never;
  }
}

/** The same for one pod, looked for once for each kind: not for each of its containers through all nodes. */
export function obstaclesTo(pod: AdmittedPod, facts: ObstacleFacts): (kind: BoundKind) => Obstacle | undefined {
  const known = new Map<BoundKind, Obstacle | undefined>();
  return (kind) => {
    if (!known.has(kind)) known.set(kind, obstacleTo(kind, pod, facts));
    return known.get(kind);
  };
}

/** The host names that the pod is to be kept from; undefined where nothing is left for it, or it cannot be kept. */
function excluded(pod: AdmittedPod, { nodes, withoutAppArmor }: ObstacleFacts): readonly string[] | undefined {
  if (withoutAppArmor.size === 0) return [];
  const { nodeName = '' } = pod.spec ?? {};
  if (nodeName !== '') return withoutAppArmor.has(nodeName) ? undefined : [];
  const placement = placementOf(pod.spec ?? {});
  // Each of its terms would be made longer by all the names.
  if (placement.isUnread === true) return undefined;
  const all = nodes().filter(placementTest(placement));
  const lacking = all.filter(({ name }) => withoutAppArmor.has(name));
  if (lacking.length === 0) return [];
  const hosts = lacking.flatMap(({ labels }) => labels[HOSTNAME] ?? []);
  const isPossible = lacking.length < all.length && hosts.length === lacking.length && hosts.length <= MOST_EXCLUDED;
  return isPossible ? [...hosts].sort() : undefined;
}

/** The operations that keep a pod from nodes without AppArmor; none for a pod that does not come to one anyway. */
export function affinityPatch(pod: AdmittedPod, facts: ObstacleFacts): readonly PatchOperation[] {
  const hosts = excluded(pod, facts) ?? [];
  if (hosts.length === 0) return [];
  const requirement: NodeSelectorRequirement = { key: HOSTNAME, operator: 'NotIn', values: hosts };
  const value = affinityWith(pod.spec?.affinity ?? {}, requirement);
  return [{ op: 'add', path: pointer('spec', 'affinity'), value }];
}

/** One of the terms must hold, so each gets the requirement; a term without any matches no node, and is to stay so. */
function affinityWith(affinity: Affinity, requirement: NodeSelectorRequirement): Affinity {
  const required = affinity.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms ?? [];
  const withIt = (term: NodeSelectorTerm): NodeSelectorTerm =>
    (term.matchExpressions ?? []).length + (term.matchFields ?? []).length === 0
      ? term
      : { ...term, matchExpressions: [...(term.matchExpressions ?? []), requirement] };
  const nodeSelectorTerms = required === undefined ? [{ matchExpressions: [requirement] }] : terms.map(withIt);
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { ...required, nodeSelectorTerms },
    },
  };
}
