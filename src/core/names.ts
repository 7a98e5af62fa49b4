// SPDX-License-Identifier: Apache-2.0
// Every name that users, manifests and nodes share with us: labels, annotations, finalizers, ports, paths. Written once,
// here, so that the DaemonSet which mounts a directory and the daemon which writes into it cannot disagree. Paths are
// built from checked segments only: no function below can return a path outside its root.
import { sha256Hex } from './sha256.ts';

/** API group of all kinds. */
export const GROUP = 'security-profiles-operator.x-k8s.io';

/** Name of the manager's Deployment, of its ServiceAccount, of the daemon's container and of the operator's namespace. */
export const OPERATOR = 'security-profiles-operator';

/** Name of the configuration object, of the DaemonSet that it describes and of the daemon's ServiceAccount. */
export const SPOD = 'spod';

/** Container names of the DaemonSet, in the order in which they start. */
export const CONTAINERS = {
  kubeletDirectory: 'kubelet-directory',
  enabler: 'non-root-enabler',
  daemon: 'security-profiles-operator',
} as const;

/** Labels, as the manual and the original use them. */
export const LABEL = {
  profileId: 'spo.x-k8s.io/profile-id',
  partial: 'spo.x-k8s.io/partial',
  enableBinding: 'spo.x-k8s.io/enable-binding',
  enableRecording: 'spo.x-k8s.io/enable-recording',
  kubeletDir: 'kubelet.kubernetes.io/directory-location',
} as const;

/**
 * Annotations. `syscalls` has no prefix because the manual shows it so; `recordingIncomplete` says what the recording of a
 * profile lacks, `addedSyscalls` which system calls were added to it and why.
 */
export const ANNOTATION = {
  syscalls: 'syscalls',
  podSeccomp: 'seccomp.security.alpha.kubernetes.io/pod',
  containerSeccompPrefix: 'container.seccomp.security.alpha.kubernetes.io/',
  templateHash: 'spo.x-k8s.io/template-hash',
  kubeletDirs: 'spo.x-k8s.io/kubelet-directories-hash',
  profilesHash: 'spo.x-k8s.io/profiles-hash',
  recordingIncomplete: 'spo.x-k8s.io/recording-incomplete',
  addedSyscalls: 'spo.x-k8s.io/added-syscalls',
} as const;

/** Finalizers: `installed` says that nodes may hold the file, `inUse` that a pod runs under the profile. */
export const FINALIZER = {
  installed: 'spo.x-k8s.io/installed-on-nodes',
  inUse: 'in-use-by-active-pods',
} as const;

/** Secrets, ConfigMaps, Services and the like that the operator creates in its own namespace. */
export const OBJECT = {
  metricsService: 'metrics',
  managerMetricsService: 'manager-metrics',
  metricsCert: 'metrics-server-cert',
  metricsToken: 'metrics-token',
  authority: 'security-profiles-operator-ca',
  serviceMonitor: 'security-profiles-operator-monitor',
  profilesConfigMap: 'security-profiles-operator-profile',
  metricsClient: 'spo-metrics-client',
  managerLease: 'security-profiles-operator-lock',
} as const;

/** TCP ports. `profiling` is the first of a row, one per container. */
export const PORT = { metrics: 9443, health: 8085, profiling: 6060 } as const;

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

/** File in OPERATOR_ROOT that tells which directory the node's kubelet uses. */
export const KUBELET_CONFIG_FILE = 'kubelet-config.json';

/** The kubelet's directory when neither KUBELET_DIR nor the node's label says otherwise. */
export const DEFAULT_KUBELET_DIR = '/var/lib/kubelet';

/** File name of the seccomp profile that confines our own daemon, in `<kubelet>/seccomp`. */
export const OWN_SECCOMP_PROFILE = 'security-profiles-operator.json';

/** File in which the init container that asks for the node's label tells the next one the kubelet's directory. */
export const KUBELET_DIR_FILE = '/var/run/spo-node/kubelet-directory';

/** Directory of the init container with our own profiles (a ConfigMap). */
export const OWN_PROFILES_MOUNT = '/opt/spo-profiles';

/** Directory with `tls.crt`, `tls.key` and `ca.crt` of the metrics server. */
export const METRICS_CERT_MOUNT = '/var/run/secrets/metrics';

/** First part of every localhostProfile of ours, below the kubelet's seccomp directory. */
const LOCALHOST_ROOT = 'operator';

const JSON_SUFFIX = '.json';

/** NAME_MAX of Linux file systems, in bytes. Object names are ASCII. */
const NAME_MAX = 255;

/** Longest label value that Kubernetes accepts. */
const LABEL_VALUE_MAX = 63;

/** DNS-1123 subdomain, what Kubernetes demands of object names: no slash, no two dots in a row, no dot at either end. */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** DNS-1123 label, what Kubernetes demands of namespaces. */
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** The file of a profile below the operator's directory, as its two checked segments. */
export interface ProfileFile {
  readonly directory: string;
  readonly file: string;
}

/**
 * Directory and file name of a SeccompProfile below the operator's directory.
 *
 * A name too long for a file system (above 250 characters) keeps its beginning and gets the hash of the whole.
 * @throws RangeError when namespace or name isn't one that Kubernetes would accept
 */
export function profileFile(namespace: string, name: string): ProfileFile {
  if (namespace.length > 63 || !DNS_LABEL.test(namespace)) {
    throw new RangeError(`namespace ${JSON.stringify(namespace)} is not a DNS label`);
  }
  if (name.length > 253 || !SUBDOMAIN.test(name)) {
    throw new RangeError(`profile name ${JSON.stringify(name)} is not a DNS subdomain`);
  }
  return { directory: namespace, file: fileName(name) };
}

function fileName(name: string): string {
  const whole = name.endsWith(JSON_SUFFIX) ? name : name + JSON_SUFFIX;
  if (whole.length <= NAME_MAX) return whole;
  const mark = sha256Hex(name).slice(0, 16) + JSON_SUFFIX;
  return name.slice(0, NAME_MAX - mark.length - 1) + '-' + mark;
}

/** Absolute path of a SeccompProfile's file on the node; `kubeletDir` as from KUBELET_DIR. */
export function seccompPath(kubeletDir: string, namespace: string, name: string): string {
  const { directory, file } = profileFile(namespace, name);
  return `${profilesRoot(kubeletDir)}/${directory}/${file}`;
}

/** What a pod writes into `seccompProfile.localhostProfile` to use the profile. */
export function localhostProfile(namespace: string, name: string): string {
  const { directory, file } = profileFile(namespace, name);
  return `${LOCALHOST_ROOT}/${directory}/${file}`;
}

/**
 * A localhostProfile of ours, `operator/<namespace>/<file>`, in the one spelling that localhostProfile() gives; undefined for
 * others. The API server takes empty and `.` parts, and the kubelet drops them. It takes no `..`.
 */
export function ourLocalhostProfile(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 3 && parts[0] === LOCALHOST_ROOT ? parts.join('/') : undefined;
}

/**
 * The profile whose file `name` would overwrite: `a.json` and `a` share the file `a.json`. The one without the suffix owns
 * it; undefined when the file belongs to `name` alone.
 */
export function fileRival(name: string): string | undefined {
  return name.endsWith(JSON_SUFFIX) ? name.slice(0, -JSON_SUFFIX.length) : undefined;
}

/** The kubelet's seccomp directory. */
export function seccompRoot(kubeletDir: string): string {
  return `${withoutTrailingSlash(kubeletDir)}/seccomp`;
}

/** The operator's directory as the kubelet sees it. */
export function profilesRoot(kubeletDir: string): string {
  return `${seccompRoot(kubeletDir)}/${LOCALHOST_ROOT}`;
}

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

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.replace(/\/+$/, '') : path;
}
