// SPDX-License-Identifier: Apache-2.0
// The status of a profile of any kind as the manager writes it, and when: a final state at once, an intermediate one,
// or a number, a moment later and together. A profile that installs quickly is written once.
import type { NodeCounts } from '../../gen/crd/defs/node-counts.ts';
import type { NodeFailure } from '../../gen/crd/defs/node-failure.ts';
import type { ProfileAggregate } from './aggregate.ts';
import { withObservation } from './conditions.ts';
import type { Condition } from './conditions.ts';
import { DENIALS_OBSERVED } from './denials.ts';
import { READY } from './state.ts';
import type { Observation, ProfileState } from './state.ts';

/** The part of a status that all kinds have. */
export interface ProfileStatus {
  readonly status?: ProfileState;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly nodes?: NodeCounts;
  readonly failures?: readonly NodeFailure[];
  /** Pods that use the profile, as `namespace/name`, in order; the first ones of `activeWorkloadCount`. */
  readonly activeWorkloads?: readonly string[];
  readonly activeWorkloadCount?: number;
}

/** The inputs of a status. */
export interface StatusInput {
  readonly generation: number;
  readonly aggregate: ProfileAggregate;
  /** Pods that run under the profile, as `namespace/name`, sorted. */
  readonly users: readonly string[];
  /** Of a profile that pods use, or have used. */
  readonly denials?: Observation | undefined;
  readonly before: ProfileStatus | undefined;
  /** RFC 3339. */
  readonly now: string;
}

/** Most pods that a status lists, schemas/defs/active-workloads.json; the rest is counted. */
const USERS_LISTED = 1000;

/** The part of the status that all kinds have. */
export function profileStatus(input: StatusInput): ProfileStatus {
  const { generation, aggregate, users, denials, before, now } = input;
  const ready = withObservation(before?.conditions, aggregate.ready, now);
  return {
    status: aggregate.state,
    observedGeneration: generation,
    conditions: denials === undefined ? ready : withObservation(ready, denials, now),
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
export function urgencyOf(before: ProfileStatus | undefined, after: ProfileStatus): Urgency {
  if (before !== undefined && textOf(before) === textOf(after)) return 'never';
  const moved = before?.status !== after.status || before?.observedGeneration !== after.observedGeneration;
  const arrived = after.status !== undefined && !ON_ITS_WAY.includes(after.status);
  return moved && arrived ? 'now' : 'soon';
}

/** Whether a status says that the profile is on all nodes, as it is now. */
export function isInstalled(status: ProfileStatus | undefined, generation: number): boolean {
  return status?.status === 'Installed' && status.observedGeneration === generation;
}

/** A text that is equal for equal statuses, in whatever order the API server keeps the fields. */
function textOf(status: ProfileStatus): string {
  const { conditions, nodes, failures = [], activeWorkloads = [], activeWorkloadCount = 0, ...rest } = status;
  const observed = [READY, DENIALS_OBSERVED].map((type) => conditions?.find((condition) => condition.type === type));
  return JSON.stringify([
    Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)),
    [nodes?.desired, nodes?.installed, nodes?.pending, nodes?.failed],
    failures.map(({ nodeName, reason, message }) => [nodeName, reason, message]),
    observed.map((one) => [one?.status, one?.reason, one?.message, one?.observedGeneration]),
    [activeWorkloads, activeWorkloadCount],
  ]);
}
