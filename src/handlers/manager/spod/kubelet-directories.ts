// SPDX-License-Identifier: Apache-2.0
// When the daemons must be started anew because a node's kubelet directory has become another one: an init container
// reads the node's label, and it runs again only in a new pod. A node that comes with its label or goes needs no such
// thing, and in a cluster that scales by itself it must not cost the others a restart. Neither must one that changes
// its label all the time: a kubelet may set it on its own node, and each change would stop the daemons of all.
import { ANNOTATION, LABEL } from '../../../core/names.ts';
import type { LabelledNode } from '../../../core/deploy/kubelet-directories.ts';
import { sha256Hex } from '../../../core/sha256.ts';
import type { ClusterNode, DaemonSetObject } from '../../sources/nodes.ts';

/** The mark that a DaemonSet's template carries; undefined where it has none. */
export function kubeletDirsMarkOf(daemonSet: DaemonSetObject | undefined): string | undefined {
  return daemonSet?.spec?.template?.metadata?.annotations?.[ANNOTATION.kubeletDirs];
}

/** The mark for the template, and when to ask again where it is going to change. */
export interface DirectoriesMark {
  readonly mark: string;
  readonly waitMs?: number;
}

/** Labels that have stayed as they are for so long are taken for settled. */
const QUIET_MS = 15_000;

/** The longest time between a change of a label and the start of the daemons, and between two such starts. */
const LONGEST_MS = 600_000;

/** Remembers the labels of nodes, and changes the mark when a known node gets another one. */
export class KubeletDirectories {
  private readonly known = new Map<string, string | undefined>();
  private wanted: string | undefined;
  private inEffect = '';
  /** When the wanted mark became this one, and when it first was another one than that in effect. */
  private since = 0;
  private differsSince: number | undefined;
  private lastStart = Number.NEGATIVE_INFINITY;
  private starts = 0;

  /**
   * The mark for the template: empty while no node has a directory of its own, else a text that differs from the last
   * one when a node was labelled otherwise. `live` is that of the cluster: a manager that has just begun goes on from
   * there, so a label that changed while no manager ran is not noticed. `now` in milliseconds, by any clock.
   */
  mark(nodes: readonly ClusterNode[], live: string | undefined, now: number): DirectoriesMark {
    const isFirst = this.wanted === undefined;
    const wanted = this.wantedMark(nodes, live);
    if (wanted !== this.wanted) this.since = now;
    this.wanted = wanted;
    if (isFirst) this.inEffect = wanted;
    if (wanted === this.inEffect) {
      this.differsSince = undefined;
      return { mark: wanted };
    }
    this.differsSince ??= now;
    const leftMs = this.dueAt(this.differsSince) - now;
    // A clock that was set back must not make it wait longer.
    if (leftMs > 0 && leftMs <= LONGEST_MS) return { mark: this.inEffect, waitMs: leftMs };
    this.start(wanted, now);
    return { mark: wanted };
  }

  private wantedMark(nodes: readonly ClusterNode[], live: string | undefined): string {
    const changed = this.changed(nodes);
    const labelled = labelledNodes(nodes);
    if (labelled.length === 0) return '';
    if (changed || this.wanted === '') return markOf(labelled);
    return this.wanted ?? live ?? markOf(labelled);
  }

  /** After the pause that follows earlier starts: twice as long with each, until there was none for as long again. */
  private dueAt(differsSince: number): number {
    const settled = Math.min(this.since + QUIET_MS, differsSince + LONGEST_MS);
    return Math.max(settled, this.lastStart + this.pauseMs());
  }

  private pauseMs(): number {
    return this.starts === 0 ? 0 : Math.min(QUIET_MS * 2 ** this.starts, LONGEST_MS);
  }

  private start(wanted: string, now: number): void {
    const isCalm = now - this.lastStart > 2 * this.pauseMs();
    this.starts = isCalm ? 1 : this.starts + 1;
    this.lastStart = now;
    this.inEffect = wanted;
    this.differsSince = undefined;
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

/** The nodes that have the label. */
export function labelledNodes(nodes: readonly ClusterNode[]): readonly LabelledNode[] {
  return nodes.flatMap((node) => {
    const label = labelOf(node);
    return label === undefined ? [] : [{ name: node.metadata.name, label }];
  });
}

function labelOf({ metadata }: ClusterNode): string | undefined {
  return metadata.labels?.[LABEL.kubeletDir];
}

function markOf(labelled: readonly LabelledNode[]): string {
  const pairs = labelled.map(({ name, label }) => `${name}=${label}`);
  return sha256Hex(pairs.sort().join()).slice(0, 16);
}
