// SPDX-License-Identifier: Apache-2.0
// Why a binding was not put on a container, as sentences: warnings for those who create the pod.
import type { SkippedMark, SkipReason } from './marks.ts';

const SENTENCES: Readonly<Record<SkipReason, string>> = {
  ProfileSetByAuthor: 'the pod sets a profile of its own',
  RecordedFromLogs: 'it runs under the profile that logs its calls, for a recording',
  PrivilegedContainer: 'privileged containers run without a profile',
  WindowsPod: 'the pod is for Windows',
  KindNotSupported: 'nodes have no profiles of its kind, which an option of the spod turns on',
  PodSecurity: 'the Pod Security level of the namespace refuses SELinux types other than those of containers',
  NodesWithoutAppArmor:
    'it may come to nodes without AppArmor, which would refuse it: have the pod select nodes that have it',
  ProfileNotReady: 'its profile is not on the nodes yet, does not exist or is being deleted',
  TrialImpossible:
    'its profile is to be tried first, and there can be no twin of it that only logs: see the conditions of the binding',
  StaticPod: 'the pod is a static one, which its node runs from a file',
};

/** Warnings of one answer; more would not be read. */
const MAX_WARNINGS = 8;

/** The longest name in a warning, so that the reason always fits. */
const MAX_NAME = 80;

function shortened(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`;
}

/** Why a container is not bound, in a clause. */
export function skipClause(reason: SkipReason): string {
  return SENTENCES[reason];
}

/** A sentence for each skipped container, the number of the others in the last one. */
export function skipWarnings(skipped: readonly SkippedMark[]): readonly string[] {
  const shown = skipped
    .slice(0, MAX_WARNINGS)
    .map(
      ({ container, binding, reason }) =>
        `ProfileBinding ${shortened(binding)} does not apply to container ${shortened(container)}: ${SENTENCES[reason]}`,
    );
  const others = skipped.length - shown.length;
  return others === 0 ? shown : [...shown, `ProfileBindings do not apply to ${String(others)} other containers either`];
}
