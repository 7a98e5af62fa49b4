// SPDX-License-Identifier: Apache-2.0
// Nodes that an administrator lets register with our startup taint: it is taken away when the daemon of the node has
// answered for every profile that the node can have, so that no pod lands there before its profile. That a profile
// cannot be installed, or waits for another one, is an answer, too, and so is one about an older version of it:
// otherwise who may write one profile could keep every new node out of use.
import { STARTUP_TAINT } from '../../core/names.ts';
import { inactiveStateOf } from '../../core/status/inactive.ts';
import { nodeStatusKey } from '../../core/status/node-status-cache.ts';
import type { SecurityProfileNodeStatus } from '../../gen/crd/security-profile-node-status.ts';
import type { Handler, PolicyRule, Reader, Source, Watch } from '../../runtime/handler.ts';
import { NODE } from '../../runtime/kinds.ts';
import { isDeleting, keyOf } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Outcome, PatchStep } from '../../runtime/outcome.ts';
import { isIncomplete, isReportOf, lackIn, NODES, nodeStatusSource } from '../sources/nodes.ts';
import type { ClusterNode } from '../sources/nodes.ts';
import type { Profile, ProfileKind } from '../sources/profiles.ts';

/** The dependencies of the handler. */
export interface StartupTaintParts {
  /** The operator's namespace, where the reports of nodes are. */
  readonly namespace: string;
  readonly nodes: Reader<ClusterNode>;
  readonly nodeStatuses: Reader<SecurityProfileNodeStatus>;
  readonly kinds: readonly { readonly kind: ProfileKind; readonly profiles: Reader<Profile> }[];
}

/** Takes startup taints away. */
export class StartupTaintHandler implements Handler<ClusterNode> {
  readonly kind = NODE;
  readonly name = 'startup-taint';
  readonly source: Source<ClusterNode> = NODES;
  readonly rules: readonly PolicyRule[] = [{ apiGroups: [''], resources: [NODE.plural], verbs: ['patch'] }];
  readonly watches: readonly Watch[];
  private readonly parts: StartupTaintParts;

  constructor(parts: StartupTaintParts) {
    this.parts = parts;
    this.watches = [reportWatch(parts), ...parts.kinds.map(({ kind }) => profileWatch(kind, parts))];
  }

  predicate(before: ClusterNode, after: ClusterNode): boolean {
    return before.metadata.uid !== after.metadata.uid || before.startupTaintAt !== after.startupTaintAt;
  }

  async apply(node: ClusterNode): Promise<Outcome<ClusterNode>> {
    if (node.startupTaintAt === undefined || !this.hasAnswered(node)) return {};
    const place = `/spec/taints/${String(node.startupTaintAt)}`;
    const steps: readonly PatchStep[] = [
      { op: 'test', path: `${place}/key`, value: STARTUP_TAINT },
      { op: 'remove', path: place },
    ];
    const message = `The taint ${STARTUP_TAINT} was taken away: the node's daemon has answered for every profile`;
    return { patches: [{ of: node, steps }], events: [{ type: 'Normal', reason: 'ProfilesInstalled', message }] };
  }

  private hasAnswered(node: ClusterNode): boolean {
    const { namespace, kinds } = this.parts;
    const report = this.parts.nodeStatuses.get({ namespace, name: node.metadata.name });
    if (report === undefined || !isReportOf(report, node)) return false;
    return kinds
      .filter(({ kind }) => lackIn(report, kind) === undefined)
      .every(({ profiles }) => profiles.list().every((profile) => isAnswered(profile, profiles, report)));
  }
}

/** Of a report that has no room for all profiles the last ones are missing, and those are installed. */
function isAnswered(profile: Profile, profiles: Reader<Profile>, report: SecurityProfileNodeStatus): boolean {
  const { namespace, name, uid } = profile.metadata;
  const isOfNoNode =
    isDeleting(profile) || inactiveStateOf(profile) !== undefined || profiles.isWithheld(profile.metadata);
  if (isOfNoNode) return true;
  const entry = report.status?.profiles?.[nodeStatusKey(profile.kind, namespace, name)];
  if (entry === undefined) return isIncomplete(report);
  return (entry.uid === undefined || entry.uid === uid) && entry.state !== 'InProgress';
}

/** A report of a node that has the taint. */
function reportWatch({ namespace, nodes }: StartupTaintParts): Watch<SecurityProfileNodeStatus> {
  return {
    ...nodeStatusSource(namespace),
    mapToKeys: ({ nodeName }) =>
      nodes.get({ name: nodeName })?.startupTaintAt === undefined ? [] : [{ name: nodeName }],
  };
}

/** A profile that goes, or is asked for no more: it may have been the last one to wait for. */
function profileWatch(kind: ProfileKind, { nodes }: StartupTaintParts): Watch<Profile> {
  const tainted = nodes.index(({ startupTaintAt }) => (startupTaintAt === undefined ? [] : ['']));
  return {
    ...kind.source,
    predicate: (before, after) =>
      before.metadata.generation !== after.metadata.generation || isDeleting(before) !== isDeleting(after),
    mapToKeys: (): readonly ObjectKey[] => tainted('').map(keyOf),
  };
}
