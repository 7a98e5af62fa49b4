// SPDX-License-Identifier: Apache-2.0
// The labels by which nodes name their kubelets' directories, as a condition of the spod: who may label nodes decides
// where the daemons of these nodes work, so it can be seen there.
import { kubeletDirFromLabel } from '../names.ts';
import { plainText } from '../plain-text.ts';
import type { Observation } from '../status/state.ts';

/** Name of the condition. */
export const DIRECTORIES_CONDITION = 'KubeletDirectoriesInEffect';

/** A node with the label. */
export interface LabelledNode {
  readonly name: string;
  readonly label: string;
}

/** How many nodes the message names. */
const NAMED = 10;

/**
 * The condition; undefined where no node has the label.
 *
 * @param waiting - labels have changed so often that the daemons are not started anew for the last change yet
 */
export function directoriesInEffect(
  nodes: readonly LabelledNode[],
  waiting: boolean,
  generation: number,
): Observation | undefined {
  if (nodes.length === 0 && !waiting) return undefined;
  const common = { type: DIRECTORIES_CONDITION, observedGeneration: generation } as const;
  const sorted = [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const wrong = sorted.filter(({ label }) => directoryOf(label) === undefined);
  if (wrong.length > 0) {
    const message = `no directory is named by the label of ${listed(wrong)}: the daemons of these nodes do not start`;
    return { ...common, status: 'False', reason: 'InvalidKubeletDirectory', message };
  }
  if (waiting) {
    const message = `labels have changed a moment ago; the daemons are started anew when they stay as they are: ${listed(sorted)}`;
    return { ...common, status: 'False', reason: 'LabelsChanging', message };
  }
  return { ...common, status: 'True', reason: 'AllInEffect', message: `by their labels: ${listed(sorted)}` };
}

function listed(nodes: readonly LabelledNode[]): string {
  const words = nodes.slice(0, NAMED).map(({ name, label }) => `${name} (${directoryOf(label) ?? plainText(label)})`);
  const more = nodes.length > NAMED ? ` and ${String(nodes.length - NAMED)} more` : '';
  return nodes.length === 0 ? 'no node has one' : words.join(', ') + more;
}

function directoryOf(label: string): string | undefined {
  try {
    return kubeletDirFromLabel(label);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
