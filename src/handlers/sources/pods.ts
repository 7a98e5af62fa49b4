// SPDX-License-Identifier: Apache-2.0
// Pods as far as profiles are concerned: a name, the node, and which profiles it uses. The rest is dropped before it is
// stored, so that a node with a hundred pods, or a manager with ten thousand, holds next to nothing of them.
import { usesOf } from '../../core/status/workload.ts';
import type { PodUse, Use } from '../../core/status/workload.ts';
import type { Reader, Selector, Source, Watch } from '../../runtime/handler.ts';
import { POD } from '../../runtime/kinds.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { ProfileKind } from './profiles.ts';

export type { Use } from '../../core/status/workload.ts';

/** A pod as it is kept. */
export interface WorkloadPod extends KubeObject {
  /** The profiles of ours that it uses, each once; empty for a pod that has ended. */
  readonly uses?: readonly Use[];
  readonly spec?: NonNullable<PodUse['spec']>;
  readonly status?: NonNullable<PodUse['status']>;
}

/** The pods of a selector, cut down to their uses of profiles of some kinds. Readers must share one such source. */
export function podSource(selector: Selector, kinds: readonly ProfileKind[]): Source<WorkloadPod> {
  return { resource: POD, selector, transform: (pod) => transformPod(pod, kinds) };
}

/** The profiles of a kind that a change of a pod concerns; `profilesUsedAs` finds them by the name that pods use. */
export function podWatch<P extends WorkloadPod>(
  source: Source<P>,
  { resource }: ProfileKind,
  profilesUsedAs: (name: string) => readonly ObjectKey[],
): Watch<P> {
  return {
    ...source,
    predicate: (before, after) => textOfAll(before.uses) !== textOfAll(after.uses),
    mapToKeys: ({ uses = [] }) =>
      uses.flatMap(({ kind, name }) => (kind === resource.kind ? profilesUsedAs(name) : [])),
  };
}

/** Finds the pods that use a profile, as `namespace/name`, sorted. */
export function usersOf(pods: Pick<Reader<WorkloadPod>, 'index'>): (use: Use) => readonly string[] {
  const using = pods.index(({ uses = [] }) => uses.map(textOf));
  return (use) =>
    using(textOf(use))
      .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)
      .sort();
}

const NONE: readonly Use[] = [];

function textOf({ kind, name }: Use): string {
  return `${kind} ${name}`;
}

function textOfAll(uses: readonly Use[] = NONE): string {
  return uses.map(textOf).join();
}

function transformPod(pod: WorkloadPod, kinds: readonly ProfileKind[]): WorkloadPod {
  const { name, namespace, uid, resourceVersion, annotations } = pod.metadata;
  const metadata = {
    name,
    namespace,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  const uses = usesOf({ ...pod, metadata: annotations === undefined ? {} : { annotations } }, kinds);
  return { apiVersion: pod.apiVersion, kind: pod.kind, metadata, uses: uses.length === 0 ? NONE : uses };
}
