// SPDX-License-Identifier: Apache-2.0
// Every name that users, manifests and nodes share with us: labels, annotations, finalizers, ports, paths. Written
// once, so that who mounts a directory and who writes into it cannot disagree. Files of profiles: seccomp/files.ts.
import { sha256Hex } from './sha256.ts';

/** API group of all kinds. */
export const GROUP = 'security-profiles-operator.x-k8s.io';

/**
 * Name of the manager's Deployment, of its ServiceAccount, of the daemon's container and of the operator's namespace.
 */
export const OPERATOR = 'security-profiles-operator';

/** Name of the configuration object, of the DaemonSet that it describes and of the daemon's ServiceAccount. */
export const SPOD = 'spod';

/** Container names of the DaemonSet, in the order in which they start. */
export const CONTAINERS = {
  kubeletDirectory: 'kubelet-directory',
  enabler: 'non-root-enabler',
  daemon: 'security-profiles-operator',
  selinuxd: 'selinuxd',
  logEnricher: 'log-enricher',
  jsonEnricher: 'json-enricher',
  bpfRecorder: 'bpf-recorder',
} as const;

/**
 * Labels, as the manual and the original use them: `baseArtifact` on ConfigMaps with what was pulled, `trialOf` on
 * log-only twins (the binding), `recordingId`, `recordingNamespace` and `containerId` on recorded profiles.
 */
export const LABEL = {
  profileId: 'spo.x-k8s.io/profile-id',
  partial: 'spo.x-k8s.io/partial',
  recordingId: 'spo.x-k8s.io/recording-id',
  recordingNamespace: 'spo.x-k8s.io/recording-namespace',
  containerId: 'spo.x-k8s.io/container-id',
  enableBinding: 'spo.x-k8s.io/enable-binding',
  enableRecording: 'spo.x-k8s.io/enable-recording',
  kubeletDir: 'kubelet.kubernetes.io/directory-location',
  baseArtifact: 'spo.x-k8s.io/base-artifact',
  trialOf: 'spo.x-k8s.io/trial-of',
} as const;

/**
 * Annotations. `syscalls` has no prefix because the manual shows it so; `recordingIncomplete` says what the recording
 * of a profile lacks, `addedSyscalls` which system calls were added to it and why.
 * `madeByDefault` is on the spod object that the manager makes where there is none, `optionsHash` on one whose fields
 * come in part from the manager's environment: which state of these options it has.
 * On pods, written when they are created: `profileBindings` says which container is bound by which binding,
 * `skippedBindings` which is not and why (the form of both is in binding/marks.ts), `profileWaitSeconds` how long the
 * scheduling gate may stay, `profileInstalled` that a file has come: any change makes the kubelet try again at once.
 * `profilesFrom`, of administrators on a namespace: others, by commas, whose profiles pods may use (tenant policy).
 * The `record…Prefix`es begin the names of annotations on recorded pods, one for each kind and recorder; the rest is
 * the container (recording/request.ts); `recordingMarks` says what is not recorded and why (recording/marks.ts).
 * On recorded profiles `syscallCoverage` and `accessCoverage` say in how many parts each call or access was seen,
 * `observedValues` values of narrowed calls, `foldedPaths` paths for others, `recordingEvidence` how it was learnt,
 * `mergedParts` its parts, `unmergedPart` that an operator went and let it go; `twinHash` is of the twin's profile.
 */
export const ANNOTATION = {
  syscalls: 'syscalls',
  podSeccomp: 'seccomp.security.alpha.kubernetes.io/pod',
  containerSeccompPrefix: 'container.seccomp.security.alpha.kubernetes.io/',
  templateHash: 'spo.x-k8s.io/template-hash',
  kubeletDirs: 'spo.x-k8s.io/kubelet-directories-hash',
  profilesHash: 'spo.x-k8s.io/profiles-hash',
  madeByDefault: 'spo.x-k8s.io/made-by-default',
  optionsHash: 'spo.x-k8s.io/options-hash',
  recordingIncomplete: 'spo.x-k8s.io/recording-incomplete',
  addedSyscalls: 'spo.x-k8s.io/added-syscalls',
  profileBindings: 'spo.x-k8s.io/profile-bindings',
  skippedBindings: 'spo.x-k8s.io/profile-bindings-skipped',
  profileWaitSeconds: 'spo.x-k8s.io/profile-wait-seconds',
  profileInstalled: 'spo.x-k8s.io/profile-installed',
  profilesFrom: 'spo.x-k8s.io/profiles-from',
  recordLogsPrefix: 'io.containers.trace-logs/',
  recordBpfPrefix: 'io.containers.trace-bpf/',
  recordAvcsPrefix: 'io.containers.trace-avcs/',
  recordLogsAppArmorPrefix: 'io.containers.trace-logs-apparmor/',
  recordingMarks: 'spo.x-k8s.io/profile-recordings-skipped',
  syscallCoverage: 'spo.x-k8s.io/syscall-coverage',
  accessCoverage: 'spo.x-k8s.io/access-coverage',
  observedValues: 'spo.x-k8s.io/observed-values',
  foldedPaths: 'spo.x-k8s.io/folded-paths',
  recordingEvidence: 'spo.x-k8s.io/recording-evidence',
  mergedParts: 'spo.x-k8s.io/merged-parts',
  unmergedPart: 'spo.x-k8s.io/unmerged-part',
  twinHash: 'spo.x-k8s.io/twin-hash',
} as const;

/**
 * Finalizers. `installed`: nodes may hold the file; `inUse`: a pod runs under the profile; `activeWorkloads`,
 * `recordingLock`: pods are bound by a binding, recorded by a recording; `unmergedProfiles`: a recording has parts to
 * merge; `partialProfile`: a profile is such a part; `departure`, on the manager's account: others of these are left.
 */
export const FINALIZER = {
  installed: 'spo.x-k8s.io/installed-on-nodes',
  inUse: 'in-use-by-active-pods',
  activeWorkloads: 'active-workload-lock',
  recordingLock: 'active-seccomp-profile-recording-lock',
  unmergedProfiles: 'spo.x-k8s.io/has-unmerged-profiles',
  partialProfile: 'spo.x-k8s.io/partial-profile-finalizer',
  departure: 'spo.x-k8s.io/departure',
} as const;

/** The policy under which containers run while a SelinuxProfile is recorded: it is permissive, so all is logged. */
export const SELINUX_RECORDING = 'selinuxrecording';

/** The type of its processes. */
export const SELINUX_RECORDING_TYPE = `${SELINUX_RECORDING}.process`;

/** The scheduling gate of a pod whose profile is not on the nodes yet. */
export const PROFILE_GATE = 'spo.x-k8s.io/profile-installed';

/**
 * A taint that an administrator lets nodes register with: pods do not land on the node before its daemon has installed
 * every profile that there is.
 */
export const STARTUP_TAINT = 'spo.x-k8s.io/profiles-not-installed';

/** Webhooks, by the names under which `spec.webhookOptions` of the spod configures them. */
export const WEBHOOK = {
  binding: 'binding.spo.io',
  bindingImage: 'binding-image.spo.io',
  recording: 'recording.spo.io',
  execMetadata: 'execmetadata.spo.io',
  nodeDebuggingPod: 'nodedebuggingpod.spo.io',
} as const;

/** Paths of the webhooks: the original's, except for the guard of images, which it does not have. */
export const WEBHOOK_PATH = {
  binding: '/mutate-v1-pod-binding',
  bindingImage: '/validate-v1-pod-binding-image',
  recording: '/mutate-v1-pod-recording',
  execMetadata: '/mutate-v1-exec-metadata',
  nodeDebuggingPod: '/mutate-v1-exec-metadata',
} as const;

/** Variable of a process with the id of the request that started it, which the JSON enricher tells. */
export const REQUEST_VARIABLE = 'SPO_EXEC_REQUEST_UID';

/**
 * Secrets, ConfigMaps, Services and the like that the operator creates in its own namespace. `registryCredentials` is a
 * Secret that users make there, for all registries that no other one is named for.
 */
export const OBJECT = {
  metricsService: 'metrics',
  managerMetricsService: 'manager-metrics',
  metricsCert: 'metrics-server-cert',
  managerMetricsCert: 'manager-metrics-cert',
  metricsToken: 'metrics-token',
  authority: 'security-profiles-operator-ca',
  serviceMonitor: 'security-profiles-operator-monitor',
  profilesConfigMap: 'security-profiles-operator-profile',
  metricsClient: 'spo-metrics-client',
  viewRole: 'security-profiles-operator-view',
  editRole: 'security-profiles-operator-edit',
  nodePolicyRole: 'security-profiles-operator-edit-node-policies',
  traceProfile: 'log-enricher-trace',
  managerLease: 'security-profiles-operator-lock',
  departureRole: 'security-profiles-operator-departure',
  webhook: 'security-profiles-operator-webhook',
  webhookService: 'webhook-service',
  webhookAccount: 'spo-webhook',
  webhookCert: 'webhook-server-cert',
  webhookIssuer: 'selfsigned-issuer',
  webhookCertificate: 'webhook-cert',
  mutatingWebhooks: 'spo-mutating-webhook-configuration',
  validatingWebhooks: 'spo-validating-webhook-configuration',
  registryCredentials: 'oci-registry-credentials',
} as const;

/**
 * TCP ports. `profiling` is the first of a row, one per container; `enricherHealth`, `recorderHealth`,
 * `selinuxdHealth` and `jsonEnricherHealth` are the probes' of the containers beside the daemon. The pods of the
 * webhook serve it on the port that firewalls are open for (`webhook`), and their metrics beside it; the manager,
 * which has its metrics on that number, does it the other way round.
 */
export const PORT = {
  metrics: 9443,
  health: 8085,
  profiling: 6060,
  webhook: 9443,
  webhookMetrics: 9444,
  webhookInManager: 9444,
  enricherHealth: 8086,
  recorderHealth: 8087,
  selinuxdHealth: 8088,
  jsonEnricherHealth: 8089,
} as const;

/** Paths of the metrics endpoints: runtime metrics and the daemon's own. */
export const METRICS_PATH = { runtime: '/metrics', spod: '/metrics-spod' } as const;

/** User and group id of everything that needs no root; owner of the profile directories. */
export const NON_ROOT_ID = 65535;

/** Mode of the profile directories, which users' checks expect. */
export const DIRECTORY_MODE = 0o744;

/** Mode of a profile file. */
export const FILE_MODE = 0o644;

/** Directory on the host that holds the profiles; `<kubelet>/seccomp/operator` is a link to it. */
export const OPERATOR_ROOT = '/var/lib/security-profiles-operator';

/** File in OPERATOR_ROOT with the last limit on profiles that the daemon saw. */
export const LIMIT_FILE = 'limit.json';

/** The kubelet's directory when neither KUBELET_DIR nor the node's label says otherwise. */
export const DEFAULT_KUBELET_DIR = '/var/lib/kubelet';

/** File name of the seccomp profile that confines our own daemon, in `<kubelet>/seccomp`. */
export const OWN_SECCOMP_PROFILE = 'security-profiles-operator.json';

/** File name of the seccomp profile of the eBPF recorder, beside it. */
export const RECORDER_SECCOMP_PROFILE = 'bpf-recorder.json';

/** File in which the init container that asks for the node's label tells the next one the kubelet's directory. */
export const KUBELET_DIR_FILE = '/var/run/spo-node/kubelet-directory';

/** Directory of the init container with our own profiles (a ConfigMap). */
export const OWN_PROFILES_MOUNT = '/opt/spo-profiles';

/** Where the daemon sees the node's securityfs, in which AppArmor has its profiles. */
export const SECURITYFS_MOUNT = '/host/securityfs';

/** Where the daemon sees the folder in which the node's administrator switches AppArmor profiles off. */
export const APPARMOR_DISABLE_MOUNT = '/host/apparmor-disable';

/** That folder on the node. */
export const APPARMOR_DISABLE_FOLDER = '/etc/apparmor.d/disable';

/** Logs with audit records, auditd's and a syslog: the first one that a node has is read. */
export const AUDIT_LOGS = ['/var/log/audit/audit.log', '/var/log/syslog'] as const;

/** Where the log enricher sees the node's /proc. */
export const HOST_PROC_MOUNT = '/host/proc';

/** Socket in a directory of the daemon's pod over which the daemon gets the log enricher's metrics, and serves them. */
export const ENRICHER_SOCKET = '/var/run/spo-enricher/metrics.sock';

/** File beside it with the place up to which the enricher has read: a container that is started anew goes on there. */
export const ENRICHER_POSITION = '/var/run/spo-enricher/position';

/** The same file of the JSON enricher. */
export const JSON_ENRICHER_POSITION = '/var/run/spo-json-enricher/position';

/** The directory of a node in which the JSON enricher writes, where it is to write a file. */
export const AUDIT_LOG_DIR = '/var/log/security-profiles-operator';

/** Defaults of the JSON enricher, the original's except for the number of files, which it does not bound. */
export const AUDIT_LOG = { intervalSeconds: 60, maxSizeMegabytes: 100, maxBackups: 10 } as const;

/** Socket in another such directory over which the eBPF recorder gives its metrics to the daemon. */
export const RECORDER_SOCKET = '/var/run/spo-recorder/metrics.sock';

/** Directory of the daemon's pod with the SELinux policies that the node shall have, as files of selinuxd. */
export const SELINUX_POLICIES_MOUNT = '/etc/selinux.d';

/** Socket of selinuxd, in another directory of the pod. */
export const SELINUXD_SOCKET = '/var/run/selinuxd/selinuxd.sock';

/** Where selinuxd sees /sys/fs of the node; native/bpf/src/selinux_policy looks there, too. */
export const SYS_FS_MOUNT = '/host/sys/fs';

/** Directory with `tls.crt`, `tls.key` and `ca.crt` of the metrics server. */
export const METRICS_CERT_MOUNT = '/var/run/secrets/metrics';

/** Directory with `tls.crt` and `tls.key` of the webhooks' server. */
export const WEBHOOK_CERT_MOUNT = '/var/run/secrets/webhook';

/** Longest label value that Kubernetes accepts. */
const LABEL_VALUE_MAX = 63;

/**
 * The kubelet's directory from a node's `kubelet.kubernetes.io/directory-location` label, where `-` stands for `/`:
 * `mnt-resource-kubelet` is `/mnt/resource/kubelet`.
 * @throws RangeError when the value would leave the root (a label may hold two dots in a row)
 */
export function kubeletDirFromLabel(value: string): string {
  const parts = value.split('-').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => part === '.' || part === '..')) {
    throw new RangeError(`label ${LABEL.kubeletDir}=${value} names no directory`);
  }
  return '/' + parts.join('/');
}

/** Value of the profile-id label: `<Kind>-<name>`, or with a hash where that is longer than a label may be. */
export function profileId(kind: string, name: string): string {
  const plain = `${kind}-${name}`;
  if (plain.length < LABEL_VALUE_MAX) return plain;
  return `${kind}-${sha256Hex(plain)}`.slice(0, LABEL_VALUE_MAX);
}

/** `namespace/name`, or the name alone for an object without a namespace: the key of queues, maps and messages. */
export function objectKey(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}
