// SPDX-License-Identifier: Apache-2.0
// From the path of a control group to the pod and the container: the kubelet names the group of a pod by the pod's uid,
// and container runtimes name that of a container in it by the container's id.

/** A container as its control group names it. */
export interface ContainerPlace {
  /** Uid of the pod, as in its metadata; of a static pod the hash of its manifest, which the node's kubelet gave it. */
  readonly podUid: string;
  /** The 64 hexadecimal digits of the container's id. */
  readonly containerId: string;
}

/** A uid is written with `_` for `-` where systemd makes the groups: it takes `-` for a border of slices. */
const UID = '[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32}';

/**
 * The last two names of the path, of the drivers cgroupfs (`…/pod<uid>/<id>`) and systemd
 * (`…-pod<uid>.slice/cri-containerd-<id>.scope`), and as containerd names groups where the kubelet uses systemd and
 * itself does not (`…-pod<uid>.slice:cri-containerd:<id>`).
 */
const CONTAINER = new RegExp(
  `(?:^|[/-])pod(?<uid>${UID})(?:\\.slice)?[/:](?:(?<runtime>[a-z-]+)[-:])?(?<id>[0-9a-f]{64})(?:\\.scope)?$`,
);

/** CRI-O's monitor of a container has a group beside it, with its id. */
const MONITORS: ReadonlySet<string> = new Set(['crio-conmon']);

/** The container of a control group; undefined for one that is no container of a pod, or is inside of one. */
export function placeOfCgroup(path: string): ContainerPlace | undefined {
  const { uid, runtime, id } = CONTAINER.exec(path)?.groups ?? {};
  if (uid === undefined || id === undefined || (runtime !== undefined && MONITORS.has(runtime))) return undefined;
  return { podUid: uid.replaceAll('_', '-'), containerId: id };
}
