// SPDX-License-Identifier: Apache-2.0
// When the daemons must be started anew because a node's kubelet directory has become another one: an init container
// reads the node's label, and it runs again only in a new pod. A node that comes with its label or goes needs no such
// thing, and in a cluster that scales by itself it must not cost the others a restart.
import { ANNOTATION, LABEL } from '../../../core/names.ts';
import { sha256Hex } from '../../../core/sha256.ts';
import type { ClusterNode, DaemonSetObject } from '../../sources/nodes.ts';

/** The mark that a DaemonSet's template carries; undefined where it has none. */
export function kubeletDirsMarkOf(daemonSet: DaemonSetObject | undefined): string | undefined {
  return daemonSet?.spec?.template?.metadata?.annotations?.[ANNOTATION.kubeletDirs];
}

/** Remembers the labels of nodes, and changes the mark when a known node gets another one. */
export class KubeletDirectories {
  private readonly known = new Map<string, string | undefined>();
  private current: string | undefined;

  /**
   * The mark for the template: empty while no node has a directory of its own, else a text that differs from the last
   * one when a node was labelled otherwise. `live` is that of the cluster: a manager that has just begun goes on from
   * there, so a label that changed while no manager ran is not noticed.
   */
  mark(nodes: readonly ClusterNode[], live: string | undefined): string {
    const changed = this.changed(nodes);
    const labelled = nodes.filter((node) => labelOf(node) !== undefined);
    if (labelled.length === 0) this.current = undefined;
    else if (changed || this.current === undefined)
      this.current = changed ? markOf(labelled) : (live ?? markOf(labelled));
    return this.current ?? '';
  }

  private changed(nodes: readonly ClusterNode[]): boolean {
    let changed = false;
    for (const node of nodes) {
      const { name } = node.metadata;
      changed ||= this.known.has(name) && this.known.get(name) !== labelOf(node);
    }
    this.known.clear();
    for (const node of nodes) this.known.set(node.metadata.name, labelOf(node));
    return changed;
  }
}

function labelOf({ metadata }: ClusterNode): string | undefined {
  return metadata.labels?.[LABEL.kubeletDir];
}

function markOf(labelled: readonly ClusterNode[]): string {
  const pairs = labelled.map((node) => `${node.metadata.name}=${labelOf(node) ?? ''}`);
  return sha256Hex(pairs.sort().join()).slice(0, 16);
}
