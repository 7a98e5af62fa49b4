// SPDX-License-Identifier: Apache-2.0
// The kinds of profiles that a node can have, in its own words: conditions of its node status, one for each module of
// the kernel. A node without the module is not counted for profiles of the kind, and blocks none of them.
import type { Observation } from './state.ts';

/** The conditions of a node status that tell of a kernel's modules. */
export const SUPPORT = {
  seccomp: 'SeccompSupported',
  appArmor: 'AppArmorSupported',
  selinux: 'SelinuxSupported',
} as const;

/** Whether this node can have profiles of a kind; the reason and the message say why not. */
export interface Support extends Observation {
  readonly status: 'True' | 'False';
}

/** Why a node has no profiles of a kind, in its own words. */
export interface Lack {
  readonly nodeName: string;
  readonly reason: string;
  readonly message: string;
}

/** A condition, as far as it is read here. */
interface Said {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Where a node status tells it. */
interface Reporting {
  readonly nodeName: string;
  readonly status?: { readonly conditions?: readonly Said[] };
}

/** Names of the nodes that say that they cannot have profiles of a kind, sorted. */
export function lackingNodes(support: string, reports: readonly Reporting[]): readonly string[] {
  return reports
    .filter(({ nodeName, status }) => lackOf(nodeName, support, status?.conditions) !== undefined)
    .map(({ nodeName }) => nodeName)
    .sort();
}

/**
 * Why a node has no profiles of a kind; undefined for one that can have them, and for one that has not spoken yet.
 *
 * @param support - the condition that tells of it; undefined for a kind that every node can have
 */
export function lackOf(
  nodeName: string,
  support: string | undefined,
  conditions: readonly Said[] = [],
): Lack | undefined {
  const said = conditions.find(({ type, status }) => type === support && status === 'False');
  return said === undefined ? undefined : { nodeName, reason: said.reason ?? '', message: said.message ?? '' };
}

/** Of a node that can have AppArmor profiles; `release` is the kernel's, as from uname. */
export function appArmorSupported(release: string): Support {
  return { type: SUPPORT.appArmor, status: 'True', reason: 'KernelSupport', message: `kernel ${release} has AppArmor` };
}

/** Of a node that cannot, for a reason that is a sentence. */
export function appArmorUnsupported(message: string): Support {
  return { type: SUPPORT.appArmor, status: 'False', reason: 'AppArmorNotSupportedOnNode', message };
}
