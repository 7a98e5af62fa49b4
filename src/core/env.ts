// SPDX-License-Identifier: Apache-2.0
// Names of the environment variables that manifests set and processes read. Written once, here, so that a container
// which sets one and the program which reads it cannot disagree. The C program of the init container spells its own
// again.

/** A process' environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of the processes of a cluster. */
export const ENV = {
  /** Name of the node, from the downward API. */
  nodeName: 'NODE_NAME',
  podName: 'POD_NAME',
  /** Namespace of the operator, from the downward API. */
  namespace: 'OPERATOR_NAMESPACE',
  /** Name of the spod object. */
  spodName: 'SPOD_NAME',
  /** The kubelet's directory on nodes whose label names no other. */
  kubeletDir: 'KUBELET_DIR',
  /** File through which one init container hands the node's kubelet directory to the next. */
  kubeletDirFile: 'KUBELET_DIR_FILE',
  verbosity: 'SPO_VERBOSITY',
  profiling: 'SPO_PROFILING',
  profilingPort: 'SPO_PROFILING_PORT',
  /** Namespaces that the operator is restricted to, with commas between them. */
  restrictTo: 'RESTRICT_TO_NAMESPACE',
  /** The same, as the Operator Lifecycle Manager sets it. */
  watchNamespace: 'WATCH_NAMESPACE',
  metricsPort: 'METRICS_PORT',
  healthPort: 'HEALTH_PORT',
  /** Port of the webhooks in the manager's process. */
  webhookPort: 'WEBHOOK_PORT',
  /** Directory with the certificate of the metrics endpoint. */
  certificates: 'METRICS_CERT_DIR',
  /** Directory with the certificate of the webhooks' server. */
  webhookCertificates: 'WEBHOOK_CERT_DIR',
  /** Where the log enricher sees the node's /proc. */
  hostProc: 'HOST_PROC',
  /** Where the daemon sees the node's securityfs; unset where AppArmor profiles are not asked for. */
  securityfs: 'HOST_SECURITYFS',
  /** Which lines the log enricher prints: `spec.logEnricherFilters`. */
  enricherFilters: 'ENRICHER_FILTERS',
  /** How long the JSON enricher gathers the calls of a program, in seconds. */
  auditLogInterval: 'AUDIT_LOG_INTERVAL_SECONDS',
  /** File that the JSON enricher writes to; unset: standard output. */
  auditLogPath: 'AUDIT_LOG_PATH',
  /** Its size, in MiB, from which on it is put aside. */
  auditLogMaxSize: 'AUDIT_LOG_MAX_SIZE',
  /** How many files that were put aside are kept. */
  auditLogMaxBackups: 'AUDIT_LOG_MAX_BACKUPS',
  /** How long they are kept, in days; 0: for ever. */
  auditLogMaxAge: 'AUDIT_LOG_MAX_AGE',
  /** File in which the log enricher keeps how far it has read. */
  enricherPosition: 'ENRICHER_POSITION',
  /** Socket over which the log enricher gives its metrics to the daemon; unset where there is no enricher. */
  enricherSocket: 'ENRICHER_SOCKET',
  /** Socket over which the eBPF recorder gives its metrics to the daemon; unset where there is no recorder. */
  recorderSocket: 'RECORDER_SOCKET',
  /** Folder with the policies that selinuxd installs and the daemon writes. */
  selinuxPolicies: 'SELINUX_POLICIES',
  /** Socket of selinuxd; unset for a daemon without one. */
  selinuxdSocket: 'SELINUXD_SOCKET',
  /** Whether selinuxd installs the policy for recordings; the daemon has it where selinuxd is the node's own. */
  selinuxRecording: 'SELINUX_RECORDING',
  /** Whether the spod that the manager makes where there is none has the log enricher. */
  enableLogEnricher: 'ENABLE_LOG_ENRICHER',
  /** The same for the eBPF recorder. */
  enableBpfRecorder: 'ENABLE_BPF_RECORDER',
  /** Fields of `spec` that the spod shall have, as JSON: options of an installation in one step. */
  spodOptions: 'SPOD_OPTIONS',
  /** Image of the daemon where the manager runs outside of a cluster. */
  image: 'OPERATOR_IMAGE',
} as const;

/**
 * Variables of the init container that makes the directories, native/bpf's non_root_enabler, besides those of `ENV`.
 */
export const ENABLER_ENV = {
  /** Where it sees the node's directories. */
  hostMount: 'HOST_MOUNT',
  /** Directory with our own seccomp profiles. */
  ownProfiles: 'OWN_PROFILES',
  /** Whether the file of `ENV.kubeletDirFile` counts instead of `ENV.kubeletDir`. */
  kubeletDirFromNode: 'KUBELET_DIR_FROM_NODE',
  /** Directory that is to be there for the JSON enricher's file; unset where it writes none. */
  auditLogDir: 'AUDIT_LOG_DIR',
} as const;
