// SPDX-License-Identifier: Apache-2.0
// Every metric of ours: names, labels and what they count, once. A registry gets those that a process counts
// (counters of src/io), and a test holds the first table against the manual.

import type { Reason } from './errors.ts';

/** A counter of ours, without the prefix. */
export interface CounterDefinition {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** The prefix of all our metrics. */
export const METRIC_PREFIX = 'security_profiles_operator_';

/** The operations on a profile: the values of the label `operation`. */
export type Operation = 'update' | 'delete';

/** Every reason for which an error of a seccomp profile is counted: those of the manual, and three of ours. */
export const SECCOMP_ERRORS = [
  'SeccompNotSupportedOnNode',
  'InvalidSeccompProfile',
  'ProfileNotAllowed',
  'NamespaceBudgetExceeded',
  'CannotPullSeccompProfile',
  'CannotSaveSeccompProfile',
  'CannotRemoveSeccompProfile',
  'CannotUpdateSeccompProfile',
  'CannotUpdateNodeStatus',
] as const satisfies readonly Reason[];

const AUDIT_LABELS = ['node', 'namespace', 'pod', 'container', 'executable'] as const;

/** The same of an AppArmor profile, most in the words of the original. */
export const APPARMOR_ERRORS = [
  'AppArmorNotSupportedOnNode',
  'InvalidAppArmorProfile',
  'ProfileNameTaken',
  'NamespaceBudgetExceeded',
  'CannotLoadAppArmorProfile',
  'CannotUnloadAppArmorProfile',
  'CannotUpdateAppArmorProfile',
] as const satisfies readonly Reason[];

/** Every reason for which an error of SELinux profiles of both kinds is counted. */
export const SELINUX_ERRORS = [
  'SelinuxNotSupportedOnNode',
  'InvalidSelinuxProfile',
  'ProfileNotAllowed',
  'NamespaceBudgetExceeded',
  'CannotSaveSelinuxPolicy',
  'CannotUpdatePolicyStatus',
  'CannotRemoveSelinuxPolicy',
  'CannotContactSelinuxd',
  'CannotWritePolicyFile',
  'CannotGetPolicyStatus',
] as const satisfies readonly Reason[];

/** Every counter of the manual. */
export const COUNTERS = {
  seccompProfile: {
    name: 'seccomp_profile_total',
    help: 'Counter about seccomp profile operations.',
    labels: ['operation'],
  },
  seccompAudit: {
    name: 'seccomp_profile_audit_total',
    help: 'Counter about seccomp profile audits, requires the log enricher to be enabled.',
    labels: [...AUDIT_LABELS, 'syscall'],
  },
  seccompBpf: {
    name: 'seccomp_profile_bpf_total',
    help: 'Counter about seccomp profile bpf operations, requires the bpf recorder to be enabled.',
    labels: ['node', 'mount_namespace', 'profile'],
  },
  seccompError: {
    name: 'seccomp_profile_error_total',
    help: 'Counter about seccomp profile errors.',
    labels: ['reason'],
  },
  selinuxProfile: {
    name: 'selinux_profile_total',
    help: 'Counter about selinux profile operations.',
    labels: ['operation'],
  },
  selinuxAudit: {
    name: 'selinux_profile_audit_total',
    help: 'Counter about selinux profile audits, requires the log enricher to be enabled.',
    labels: [...AUDIT_LABELS, 'scontext', 'tcontext'],
  },
  selinuxError: {
    name: 'selinux_profile_error_total',
    help: 'Counter about selinux profile errors.',
    labels: ['reason'],
  },
} as const satisfies Record<string, CounterDefinition>;

/** Counters of AppArmor profiles, of which the manual's table does not tell. */
const APPARMOR_COUNTERS = {
  profile: {
    name: 'apparmor_profile_total',
    help: 'Counter about apparmor profile operations.',
    labels: ['operation'],
  },
  error: { name: 'apparmor_profile_error_total', help: 'Counter about apparmor profile errors.', labels: ['reason'] },
} as const satisfies Record<string, CounterDefinition>;

/** The counters of one kind of profile, in manager and daemon. */
export interface KindCounterDefinition {
  readonly operations: CounterDefinition;
  readonly errors: CounterDefinition;
  /** Every reason for which an error is counted. */
  readonly reasons: readonly Reason[];
}

/** The counters of each kind. */
export const KIND_COUNTERS = {
  seccomp: { operations: COUNTERS.seccompProfile, errors: COUNTERS.seccompError, reasons: SECCOMP_ERRORS },
  appArmor: { operations: APPARMOR_COUNTERS.profile, errors: APPARMOR_COUNTERS.error, reasons: APPARMOR_ERRORS },
  selinux: { operations: COUNTERS.selinuxProfile, errors: COUNTERS.selinuxError, reasons: SELINUX_ERRORS },
} as const satisfies Record<string, KindCounterDefinition>;

/** Outcomes of a review, the label `outcome`; `invalid` is a question that could not be read. */
export const REVIEW_OUTCOMES = [
  'bound',
  'recorded',
  'skipped',
  'unbound',
  'allowed',
  'denied',
  'failed',
  'invalid',
] as const;

/** One of `REVIEW_OUTCOMES`. */
export type CountedOutcome = (typeof REVIEW_OUTCOMES)[number];

/** The metrics of the webhooks: a counter, and a histogram in seconds. The manual has none. */
export const WEBHOOK_METRICS = {
  reviews: {
    name: 'webhook_reviews_total',
    help: 'Counter about admission reviews by webhook and outcome.',
    labels: ['webhook', 'outcome'],
  },
  duration: {
    name: 'webhook_review_duration_seconds',
    help: 'Time from a review that has been read to its answer, in seconds.',
    labels: ['webhook'],
  },
} as const satisfies Record<string, CounterDefinition>;

/** Metrics of pods that wait for their profiles: a histogram in seconds, and a gauge. */
export const GATE_METRICS = {
  waits: {
    name: 'pod_gate_wait_seconds',
    help: 'Time for which pods waited at the scheduling gate for their profiles, by how the wait ended.',
    labels: ['outcome'],
  },
  pods: { name: 'gated_pods', help: 'Pods that wait at the scheduling gate for their profiles.', labels: [] },
} as const satisfies Record<string, CounterDefinition>;

/** Upper limits of the histogram's buckets, in seconds: an answer usually takes less than a millisecond. */
export const REVIEW_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5] as const;

/** Why a pod's gate went, the label `outcome`. */
export const GATE_OUTCOMES = ['installed', 'timeout', 'uninstalled'] as const;

/**
 * Why audit records did not reach their counters, the label `reason`: their container is known to nobody, or there are
 * too many; their text means nothing; and what the compiled program tells (native/bpf/src/auditor/report.c).
 */
export const ENRICHER_DROPS = [
  'unknown-container',
  'too-many-containers',
  'too-many-kinds',
  'not-understood',
  'unattributed',
  'too-long',
  'cut-off',
  'overflow',
  'lost',
] as const;

/** Why containers were not recorded, the label `reason`. */
export const RECORDER_DROPS = ['too-many-containers', 'unknown-container'] as const;

/** Counters of the log enricher beyond the manual's. */
export const ENRICHER_COUNTERS = {
  appArmorAudit: {
    name: 'apparmor_profile_audit_total',
    help: 'Counter about apparmor profile audits, requires the log enricher to be enabled.',
    labels: ['node', 'namespace', 'pod', 'container', 'profile', 'operation', 'apparmor'],
  },
  denials: {
    name: 'profile_denials_total',
    help: 'Counter about calls that profiles have denied, requires the log enricher to be enabled.',
    labels: ['node', 'namespace', 'module', 'profile'],
  },
  dropped: {
    name: 'log_enricher_dropped_total',
    help: 'Audit records that were dropped or lost: their pod was not to be found, or there were too many.',
    labels: ['reason'],
  },
} as const satisfies Record<string, CounterDefinition>;

/** Counters of the eBPF recorder beyond the manual's. */
export const RECORDER_COUNTERS = {
  dropped: {
    name: 'bpf_recorder_dropped_total',
    help: 'Containers that were not recorded: their pod did not become known in time, or there were too many.',
    labels: ['reason'],
  },
} as const satisfies Record<string, CounterDefinition>;

/** Every metric of ours, by its name, for those who print or document all of them. */
export const ALL_METRICS: readonly CounterDefinition[] = distinct([
  ...Object.values<CounterDefinition>(COUNTERS),
  ...Object.values<CounterDefinition>(WEBHOOK_METRICS),
  ...Object.values<CounterDefinition>(GATE_METRICS),
  ...Object.values<CounterDefinition>(ENRICHER_COUNTERS),
  ...Object.values<CounterDefinition>(RECORDER_COUNTERS),
  ...Object.values<KindCounterDefinition>(KIND_COUNTERS).flatMap(({ operations, errors }) => [operations, errors]),
]);

/** Counters of kinds are counters of the manual, too. */
function distinct(all: readonly CounterDefinition[]): readonly CounterDefinition[] {
  return [...new Map(all.map((definition) => [definition.name, definition])).values()];
}
