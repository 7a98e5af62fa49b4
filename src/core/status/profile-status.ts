// SPDX-License-Identifier: Apache-2.0
// The status of a SeccompProfile as the manager writes it, and when: good and bad news at once, what is only on its way, or
// only a number, a moment later and together. A profile that installs quickly is written once.
import type { SeccompProfileStatus } from '../../gen/crd/seccomp-profile.ts';
import { localhostProfile, seccompPath } from '../seccomp/files.ts';
import { withObservation } from './conditions.ts';
import type { Condition } from './conditions.ts';
import type { ProfileAggregate } from './aggregate.ts';
import { READY } from './state.ts';
import type { ProfileState } from './state.ts';

/** What a status is made of. */
export interface StatusInput {
  readonly namespace: string;
  readonly name: string;
  readonly kubeletDir: string;
  readonly generation: number;
  readonly aggregate: ProfileAggregate;
  /** Pods that run under the profile, as `namespace/name`, sorted. */
  readonly users: readonly string[];
  readonly before: SeccompProfileStatus | undefined;
  /** RFC 3339. */
  readonly now: string;
}

/** Most pods that a status lists, schemas/defs/active-workloads.json; the rest is counted. */
const USERS_LISTED = 1000;

/** The whole status. */
export function profileStatus(input: StatusInput): SeccompProfileStatus {
  const { namespace, name, aggregate, users } = input;
  const localhost = localhostProfile(namespace, name);
  return {
    status: aggregate.state,
    observedGeneration: input.generation,
    conditions: withObservation(conditionsOf(input.before), aggregate.ready, input.now),
    path: seccompPath(input.kubeletDir, namespace, name),
    localhostProfile: localhost,
    'seccompProfile.localhostProfile': localhost,
    nodes: aggregate.nodes,
    ...(aggregate.failures.length === 0 ? {} : { failures: aggregate.failures }),
    ...(users.length === 0 ? {} : { activeWorkloads: users.slice(0, USERS_LISTED), activeWorkloadCount: users.length }),
  };
}

/** How soon a change of a status must be written. */
export type Urgency = 'now' | 'soon' | 'never';

/** States in which a profile does not stay. */
const ON_ITS_WAY: readonly ProfileState[] = ['Pending', 'InProgress', 'Terminating'];

/** How soon `after` must be written where `before` stands. */
export function urgencyOf(before: SeccompProfileStatus | undefined, after: SeccompProfileStatus): Urgency {
  if (before !== undefined && textOf(before) === textOf(after)) return 'never';
  const moved = before?.status !== after.status || before?.observedGeneration !== after.observedGeneration;
  const arrived = after.status !== undefined && !ON_ITS_WAY.includes(after.status);
  return moved && arrived ? 'now' : 'soon';
}

/** Whether a status says that the profile is on all nodes, as it is now. */
export function isInstalled(status: SeccompProfileStatus | undefined, generation: number): boolean {
  return status?.status === 'Installed' && status.observedGeneration === generation;
}

function conditionsOf(status: SeccompProfileStatus | undefined): readonly Condition[] | undefined {
  return status?.conditions;
}

/** A text that is equal for equal statuses, in whatever order the API server keeps the fields. */
function textOf(status: SeccompProfileStatus): string {
  const { conditions, nodes, ...rest } = status;
  const ready = conditions?.find((condition) => condition.type === READY);
  const parts = [rest.status, rest.observedGeneration, rest.path, rest.localhostProfile];
  const numbers = [nodes?.desired, nodes?.installed, nodes?.pending, nodes?.failed];
  const failures = (rest.failures ?? []).map(({ nodeName, reason, message }) => [nodeName, reason, message]);
  const condition = [ready?.status, ready?.reason, ready?.message, ready?.observedGeneration];
  return JSON.stringify([
    parts,
    numbers,
    failures,
    condition,
    rest.activeWorkloads ?? [],
    rest.activeWorkloadCount ?? 0,
  ]);
}
