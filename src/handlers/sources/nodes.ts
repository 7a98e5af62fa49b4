// SPDX-License-Identifier: Apache-2.0
// Which nodes count: those that exist, on which the daemon runs, and which can be reached. Nodes and the daemon's pods
// are kept as the few facts that this takes.
import { SPOD, STARTUP_TAINT } from '../../core/names.ts';
import { plainText } from '../../core/plain-text.ts';
import { AUDIT_LOG_READ } from '../../core/status/denials.ts';
import type { ProfileDenial } from '../../core/status/denials.ts';
import { COMPLETE } from '../../core/status/node-status-size.ts';
import { lackOf } from '../../core/status/support.ts';
import type { Lack } from '../../core/status/support.ts';
import type { Affinity } from '../../gen/crd/defs/affinity.ts';
import type { NodeProfile, SecurityProfileNodeStatus } from '../../gen/crd/security-profile-node-status.ts';
import { SECURITY_PROFILE_NODE_STATUS } from '../../gen/kinds.ts';
import type { Reader, Source } from '../../runtime/handler.ts';
import { DAEMON_SET, NODE, POD } from '../../runtime/kinds.ts';
import type { KubeObject } from '../../runtime/object.ts';
import { Interner } from './interned.ts';
import type { ProfileKind } from './profiles.ts';

/** A node as it is kept. */
export interface ClusterNode extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  readonly spec?: { readonly taints?: readonly { readonly key: string }[] };
  /** The kubelet has been silent for a while: the files on the node are unknown, and nothing can remove them. */
  readonly unreachable?: boolean;
  /** The place of our startup taint among the node's taints; undefined where it has none. */
  readonly startupTaintAt?: number;
}

/**
 * One of the daemon's pods. It is kept with the name of its node, whether it has come to it yet or waits for room
 * there, and with the names of its containers that are ready.
 */
export interface DaemonPod extends KubeObject {
  readonly spec?: { readonly nodeName?: string; readonly affinity?: Affinity };
  readonly serving?: readonly string[];
  readonly status?: { readonly containerStatuses?: readonly { readonly name: string; readonly ready?: boolean }[] };
}

/** The DaemonSet, as far as it is read. */
export interface DaemonSetObject extends KubeObject {
  readonly spec?: {
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady?: number;
  };
}

/** All nodes. */
export const NODES: Source<ClusterNode> = { resource: NODE, transform: transformNode };

/** A node as its own processes keep it. */
export interface OwnNode extends KubeObject {
  readonly status?: {
    readonly nodeInfo?: { readonly kernelVersion?: string; readonly containerRuntimeVersion?: string };
  };
}

/** The node of that name: its kernel and container runtime. */
export function ownNodeSource(name: string): Source<OwnNode> {
  return { resource: NODE, selector: { fieldSelector: `metadata.name=${name}` }, transform: transformOwnNode };
}

/** The DaemonSet `spod` of a namespace. */
export function daemonSetSource(namespace: string): Source<DaemonSetObject> {
  return { resource: DAEMON_SET, selector: { namespace, fieldSelector: `metadata.name=${SPOD}` } };
}

/** The pods of the DaemonSet. */
export function daemonPodSource(namespace: string): Source<DaemonPod> {
  return { resource: POD, selector: { namespace, labelSelector: `name=${SPOD}` }, transform: transformDaemonPod };
}

/** The node statuses of all nodes. */
export function nodeStatusSource(namespace: string): Source<SecurityProfileNodeStatus> {
  return { resource: SECURITY_PROFILE_NODE_STATUS, selector: { namespace }, transform: transformNodeStatus };
}

/** The readers from which the state of the roll-out is computed. */
export interface DaemonNodeReaders {
  readonly nodes: Reader<ClusterNode>;
  readonly nodeStatuses: Reader<SecurityProfileNodeStatus>;
  readonly daemonPods: Reader<DaemonPod>;
  readonly daemonSets: Reader<DaemonSetObject>;
  readonly namespace: string;
}

/** A node that counts, with its node status where it has one. */
export interface DaemonNode {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly unreachable: boolean;
  readonly nodeStatus: SecurityProfileNodeStatus | undefined;
}

/**
 * The nodes that count. Once the roll-out of the DaemonSet is through, they are exactly those with a pod of it; before,
 * and while a deleted pod is missing, also those with a node status. There are none without a DaemonSet, because then
 * no daemon is left to act.
 */
export function daemonNodes(readers: DaemonNodeReaders): readonly DaemonNode[] {
  const { namespace } = readers;
  const daemonSet = readers.daemonSets.get({ namespace, name: SPOD });
  if (daemonSet === undefined) return [];
  const pods = readers.daemonPods.list();
  const names = nodesOf(pods);
  const staying = nodesOf(pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined));
  // The DaemonSet's own numbers are older than the pods: of one that was just deleted they say nothing.
  const isComplete = isSettled(daemonSet) && staying.size >= (daemonSet.status?.desiredNumberScheduled ?? 0);
  if (!isComplete) for (const nodeStatus of readers.nodeStatuses.list()) names.add(nodeStatus.nodeName);
  return [...names].flatMap((name) => {
    const node = readers.nodes.get({ name });
    if (node === undefined) return [];
    const report = readers.nodeStatuses.get({ namespace, name });
    const nodeStatus = report !== undefined && isReportOf(report, node) ? report : undefined;
    const { labels = {} } = node.metadata;
    return [{ name, labels, unreachable: node.unreachable === true, nodeStatus }];
  });
}

function nodesOf(pods: readonly DaemonPod[]): Set<string> {
  return new Set(pods.flatMap((pod) => pod.spec?.nodeName ?? []));
}

/** The nodes with a pod of the daemon that are without a container of it: that is not there, or not ready; sorted. */
export function nodesWithout(container: string, pods: readonly DaemonPod[]): readonly string[] {
  const serving = nodesOf(pods.filter((pod) => pod.serving?.includes(container) === true));
  return [...nodesOf(pods)].filter((node) => !serving.has(node)).sort();
}

/** Whether the controller of DaemonSets says that it has made a pod for every node that should have one. */
export function isSettled({ metadata, status }: DaemonSetObject): boolean {
  const desired = status?.desiredNumberScheduled;
  return (
    desired !== undefined &&
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 1) &&
    (status?.updatedNumberScheduled ?? 0) >= desired &&
    (status?.currentNumberScheduled ?? 0) >= desired
  );
}

/**
 * Whether a node status is of this very node. One of an earlier node of its name stays until the garbage collector has
 * seen that its owner is gone, and tells of another disk.
 */
export function isReportOf({ metadata: { ownerReferences = [] } }: KubeObject, { metadata }: KubeObject): boolean {
  return ownerReferences.every(({ kind, uid }) => kind !== NODE.kind || uid === metadata.uid);
}

/** Whether a node status had no room for all profiles of its node: that it does not tell of one says nothing then. */
export function isIncomplete(nodeStatus: SecurityProfileNodeStatus | undefined): boolean {
  return nodeStatus?.status?.conditions?.some(saysIncomplete) === true;
}

/** Why a node has no profiles of a kind, as its node status says; undefined where it can have them, or is silent. */
export function lackIn(
  nodeStatus: SecurityProfileNodeStatus | undefined,
  { support }: Pick<ProfileKind, 'support'>,
): Lack | undefined {
  return lackOf(nodeStatus?.nodeName ?? '', support, nodeStatus?.status?.conditions);
}

function saysIncomplete({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === COMPLETE && status === 'False';
}

const INTERNER = new Interner();

function transformNode(node: ClusterNode): ClusterNode {
  const { name, uid, resourceVersion, labels } = node.metadata;
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  const taintAt = node.spec?.taints?.findIndex(({ key }) => key === STARTUP_TAINT) ?? -1;
  const metadata = {
    name,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(labels === undefined ? {} : { labels: shared(labels) }),
  };
  return {
    apiVersion: node.apiVersion,
    kind: node.kind,
    metadata,
    unreachable: ready?.status === 'Unknown',
    ...(taintAt < 0 ? {} : { startupTaintAt: taintAt }),
  };
}

/** Nodes have dozens of labels, most of them in common. */
function shared(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(labels).map(([key, value]) => [INTERNER.text(key), INTERNER.text(value)] as const);
  return Object.fromEntries(entries);
}

function transformDaemonPod(pod: DaemonPod): DaemonPod {
  const { name, namespace, resourceVersion, deletionTimestamp } = pod.metadata;
  const metadata = {
    name,
    namespace,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  };
  const nodeName = pod.spec?.nodeName ?? nodeMeant(pod);
  const ready = (pod.status?.containerStatuses ?? []).filter((container) => container.ready === true);
  const serving = ready.map(({ name: container }) => INTERNER.text(container)).sort();
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata,
    ...(nodeName === undefined ? {} : { spec: { nodeName } }),
    ...(serving.length === 0 ? {} : { serving }),
  };
}

/**
 * The node for which the controller of DaemonSets made a pod: it asks the scheduler for it by this very requirement.
 */
function nodeMeant(pod: DaemonPod): string | undefined {
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const [term] = required?.nodeSelectorTerms ?? [];
  return term?.matchFields?.find(({ key, operator }) => key === 'metadata.name' && operator === 'In')?.values?.[0];
}

/**
 * Drops `since` of the entries, which only people read, and all conditions but those that are False (entries are
 * missing, or the node cannot have some kinds of profiles) and the one on the audit log. Texts become plain.
 */
function transformNodeStatus(nodeStatus: SecurityProfileNodeStatus): SecurityProfileNodeStatus {
  const limits = (nodeStatus.status?.conditions ?? []).filter(isRead);
  const told: Readonly<Record<string, NodeProfile>> = nodeStatus.status?.profiles ?? {};
  const profiles = Object.entries(told).map(([key, entry]) => [key, plainEntry(withoutSince(entry))] as const);
  const conditions = limits.length === 0 ? {} : { conditions: limits };
  return { ...nodeStatus, status: { profiles: Object.fromEntries(profiles), ...conditions } };
}

/** Installed entries have none: to copy each of thousands would cost more than all the rest. */
function withoutSince(entry: NodeProfile): NodeProfile {
  if (!Object.hasOwn(entry, 'since')) return entry;
  const { since, ...rest } = entry;
  return since === undefined ? entry : rest;
}

function isRead({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return status === 'False' || type === AUDIT_LOG_READ;
}

/** Whether an audit log of the node is read, by its own word. */
export function isAudited(nodeStatus: SecurityProfileNodeStatus | undefined): boolean {
  const { conditions = [] } = nodeStatus?.status ?? {};
  return conditions.some(({ type, status }) => type === AUDIT_LOG_READ && status === 'True');
}

/** A node that was taken over may write any text, which comes into statuses and events. */
function plainEntry(entry: NodeProfile): NodeProfile {
  if (entry.reason === undefined && entry.message === undefined && entry.denials === undefined) return entry;
  const { reason = '', message = '', denials } = entry;
  const [plainReason, plainMessage] = [plainText(reason), plainText(message)];
  const isPlain = plainReason === reason && plainMessage === message;
  if (isPlain && denials === undefined) return entry;
  return {
    ...entry,
    ...(isPlain ? {} : { reason: plainReason, message: plainMessage }),
    ...(denials === undefined ? {} : { denials: denials.map(plainDenial) }),
  };
}

function plainDenial(denial: ProfileDenial): ProfileDenial {
  return { ...denial, call: plainText(denial.call), by: plainText(denial.by) };
}

function transformOwnNode({ apiVersion, kind, metadata: { name, resourceVersion }, status }: OwnNode): OwnNode {
  const { kernelVersion, containerRuntimeVersion } = status?.nodeInfo ?? {};
  return {
    apiVersion,
    kind,
    metadata: { name, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    status: {
      nodeInfo: {
        ...(kernelVersion === undefined ? {} : { kernelVersion }),
        ...(containerRuntimeVersion === undefined ? {} : { containerRuntimeVersion }),
      },
    },
  };
}
