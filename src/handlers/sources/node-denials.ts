// SPDX-License-Identifier: Apache-2.0
// The denials of a profile, as the nodes report them.
import type { NodeDenials } from '../../core/status/denials.ts';
import { nodeStatusKey } from '../../core/status/node-status-cache.ts';
import type { NodeProfile, SecurityProfileNodeStatus } from '../../gen/crd/security-profile-node-status.ts';
import type { Watch } from '../../runtime/handler.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import { isAudited, isIncomplete, nodeStatusSource } from './nodes.ts';
import type { DaemonNode } from './nodes.ts';

/** Whether an entry is about the profile as it is now, not about one that had its name. */
export function isAbout(entry: NodeProfile | undefined, { metadata }: KubeObject): boolean {
  return entry?.generation === metadata.generation && (entry?.uid === undefined || entry.uid === metadata.uid);
}

/** The knowledge of each node. */
export function nodeDenials(nodes: readonly DaemonNode[], kind: string, profile: KubeObject): readonly NodeDenials[] {
  const { namespace, name } = profile.metadata;
  const key = nodeStatusKey(kind, namespace, name);
  return nodes.map(({ name: nodeName, nodeStatus }) => {
    const entry = nodeStatus?.status?.profiles?.[key];
    const denials = isAbout(entry, profile) ? (entry?.denials ?? []) : [];
    // A report without room for the profile has none for its denials.
    const isTold = entry !== undefined || nodeStatus === undefined || !isIncomplete(nodeStatus);
    return { nodeName, denials, isAudited: isTold && isAudited(nodeStatus) };
  });
}

/** The profiles of which a node tells new denials, or of known ones that they were made again. */
export function denialWatch(
  namespace: string,
  mapToKeys: (kind: string, profile: ObjectKey) => readonly ObjectKey[],
): Watch<SecurityProfileNodeStatus> {
  const keysOf = (keys: readonly string[]): readonly ObjectKey[] =>
    keys.flatMap((key) => {
      const [kind = '', of, name = ''] = key.split('/');
      return mapToKeys(kind, { namespace: of, name });
    });
  return {
    ...nodeStatusSource(namespace),
    mapToKeys: (nodeStatus) => keysOf([...deniedIn(nodeStatus).keys()]),
    mapChange: (before, after) => {
      const known = deniedIn(before);
      return keysOf([...deniedIn(after)].flatMap(([key, last]) => (known.get(key) === last ? [] : [key])));
    },
  };
}

/** The time of the last denial of each profile that has any. */
function deniedIn({ status }: SecurityProfileNodeStatus): ReadonlyMap<string, string> {
  const denied = new Map<string, string>();
  for (const [key, { denials }] of Object.entries(status?.profiles ?? {})) {
    if (denials !== undefined && denials.length > 0)
      denied.set(
        key,
        denials
          .map(({ last }) => last)
          .sort()
          .join(' '),
      );
  }
  return denied;
}
