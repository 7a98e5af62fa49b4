// SPDX-License-Identifier: Apache-2.0
// The inputs of the DaemonSet besides the spod object: facts that the manager knows of itself and of the cluster's
// nodes.
import type { OwnerReference } from './manifest.ts';

/** The inputs of the DaemonSet besides the spod object. */
export interface DaemonContext {
  readonly namespace: string;
  readonly image: string;
  readonly imagePullPolicy: string;
  /** KUBELET_DIR of the manager. */
  readonly kubeletDir: string;
  /**
   * A text that changes when a node's label names another kubelet directory than before; empty while no node has the
   * label. Where there are some, the init container must see the whole host.
   */
  readonly kubeletDirs: string;
  /** Namespaces that the operator is restricted to; none for all. */
  readonly restrictTo: readonly string[];
  /** Changes when our own profiles do, so that the init container copies them again. */
  readonly profilesHash: string;
  readonly owner: OwnerReference;
}

/** Whether nodes have kubelet directories of their own. */
export function hasOwnKubeletDirs({ kubeletDirs }: DaemonContext): boolean {
  return kubeletDirs !== '';
}
