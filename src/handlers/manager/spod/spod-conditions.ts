// SPDX-License-Identifier: Apache-2.0
// The conditions of the spod beside Ready, and which of them are worth an event.
import { ALONE_CONDITION } from '../../../core/deploy/rivals.ts';
import { DIRECTORIES_CONDITION, directoriesInEffect } from '../../../core/deploy/kubelet-directories.ts';
import type { LabelledNode } from '../../../core/deploy/kubelet-directories.ts';
import { optionsInEffect } from '../../../core/deploy/spod.ts';
import { Failed } from '../../../core/errors.ts';
import type { Reason } from '../../../core/errors.ts';
import { withObservation } from '../../../core/status/conditions.ts';
import type { Condition } from '../../../core/status/conditions.ts';
import type { Observation } from '../../../core/status/state.ts';
import type {
  SecurityProfilesOperatorDaemon,
  SecurityProfilesOperatorDaemonStatus,
} from '../../../gen/crd/security-profiles-operator-daemon.ts';
import type { ObjectEvent } from '../../../runtime/outcome.ts';

/** Conditions that go with their cause. */
const PASSING: readonly string[] = [DIRECTORIES_CONDITION, ALONE_CONDITION];

/** Facts that the conditions tell. */
export interface SpodFacts {
  readonly ready: Observation;
  /** The nodes whose labels name their kubelets' directories, and whether the last change is not in effect yet. */
  readonly labelled: readonly LabelledNode[];
  readonly waiting: boolean;
  /** Later operators; undefined where there are none. */
  readonly others: Observation | undefined;
  /** RFC 3339. */
  readonly now: string;
}

/** All conditions of a spod; nothing is said of directories while no node has the label, nor of absent operators. */
export function conditionsOf(
  { spec = {}, status, metadata: { generation = 0 } }: SecurityProfilesOperatorDaemon,
  { ready, labelled, waiting, others, now }: SpodFacts,
): readonly Condition[] {
  const directories = directoriesInEffect(labelled, waiting, generation);
  const passing = [directories, others].filter((one) => one !== undefined);
  const seen = [ready, optionsInEffect(spec, generation), ...passing];
  const isKept = ({ type }: Condition): boolean => !PASSING.includes(type) || seen.some((one) => one.type === type);
  return seen.reduce<readonly Condition[]>(
    (conditions, one) => withObservation(conditions, one, now),
    status?.conditions?.filter(isKept) ?? [],
  );
}

/** Reasons of conditions that are worth an event, with its reason. */
const TOLD: Readonly<Record<string, Reason>> = {
  OptionIgnored: 'InvalidSPOD',
  InvalidKubeletDirectory: 'InvalidKubeletDirectory',
  OperatorConflict: 'OperatorConflict',
};

/** The events that go with a status; each once. */
export function eventsOf(
  spod: SecurityProfilesOperatorDaemon,
  status: SecurityProfilesOperatorDaemonStatus,
): readonly ObjectEvent[] {
  const known = spod.status?.conditions?.map(({ message }) => message) ?? [];
  return (status.conditions ?? []).flatMap(({ reason, message }): readonly ObjectEvent[] => {
    const event = TOLD[reason];
    if (event === undefined || message === undefined || known.includes(message)) return [];
    return [{ type: 'Warning', reason: event, message }];
  });
}

/** The failure of an operator that was Ready, and whose view of the cluster grows old. */
export function permissionsLost(resources: string): Failed {
  const cause = 'its roles are missing or bound to another account, as when a second operator is installed';
  const message = `the API server lets the operator not watch ${resources} any more: ${cause}; apply its manifest again`;
  return new Failed('PermissionsLost', message);
}
