// SPDX-License-Identifier: Apache-2.0
// Pods as far as profiles are concerned: a name, the node, and the localhost profiles that it runs under. The rest is dropped
// before it is stored, so that a node with a hundred pods, or a manager with ten thousand, holds next to nothing of them.
import { localhostProfile } from '../../core/seccomp/files.ts';
import { profilesOf } from '../../core/status/workload.ts';
import type { PodUse } from '../../core/status/workload.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import type { Reader, Selector, Source, Watch } from '../../runtime/handler.ts';
import { POD } from '../../runtime/kinds.ts';
import { keyOf } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';

/** A pod as it is kept. */
export interface WorkloadPod extends KubeObject {
  /** Values of localhostProfile that are ours, each once; empty for a pod that has ended. */
  readonly uses?: readonly string[];
  readonly spec?: NonNullable<PodUse['spec']>;
  readonly status?: NonNullable<PodUse['status']>;
}

/** The pods of a selector, cut down. */
export function podSource(selector: Selector): Source<WorkloadPod> {
  return { resource: POD, selector, transform: transformPod };
}

/**
 * Which profiles a localhostProfile concerns: those whose file it is, and one that is gone while its file is kept for pods.
 *
 * @param orphans - by localhostProfile
 */
export function profilesByFile(
  profiles: Reader<SeccompProfile>,
  orphans: ReadonlyMap<string, ObjectKey> = new Map(),
): (localhost: string) => readonly ObjectKey[] {
  const owners = profiles.index(({ metadata }) => [localhostProfile(metadata.namespace ?? '', metadata.name)]);
  return (localhost) => {
    const found = owners(localhost).map(keyOf);
    const orphan = found.length === 0 ? orphans.get(localhost) : undefined;
    return orphan === undefined ? found : [orphan];
  };
}

/** The profiles that a change of a pod concerns. */
export function podWatch(
  source: Source<WorkloadPod>,
  profilesAt: (localhost: string) => readonly ObjectKey[],
): Watch<WorkloadPod> {
  return {
    ...source,
    predicate: (before, after) => before.uses?.join() !== after.uses?.join(),
    mapToKeys: (pod) => (pod.uses ?? []).flatMap(profilesAt),
  };
}

/** Who runs under a localhostProfile, as `namespace/name`, sorted. */
export function usersOf(pods: Reader<WorkloadPod>): (localhost: string) => readonly string[] {
  const using = pods.index((pod) => pod.uses ?? []);
  return (localhost) =>
    using(localhost)
      .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)
      .sort();
}

const NONE: readonly string[] = [];

function transformPod(pod: WorkloadPod): WorkloadPod {
  const { name, namespace, uid, resourceVersion } = pod.metadata;
  const metadata = {
    name,
    namespace,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  const { annotations } = pod.metadata;
  const uses = profilesOf({ ...pod, metadata: annotations === undefined ? {} : { annotations } });
  return { apiVersion: pod.apiVersion, kind: pod.kind, metadata, uses: uses.length === 0 ? NONE : uses };
}
