// Generated from schemas/crd/security-profiles-operator-daemon.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { Affinity } from './defs/affinity.ts';
import type { Condition } from './defs/condition.ts';
import type { LabelSelector } from './defs/label-selector.ts';
import type { LocalObjectReference } from './defs/local-object-reference.ts';
import type { ObjectMeta } from './defs/object-meta.ts';
import type { ResourceRequirements } from './defs/resource-requirements.ts';
import type { SeccompAction } from './defs/seccomp-action.ts';
import type { Toleration } from './defs/toleration.ts';

/**
 * Where the roll-out stands: PENDING (not begun), CREATING (the DaemonSet was made), UPDATING (a change is rolled out), RUNNING (up to date on all nodes), ERROR (it failed, see the conditions).
 */
export type DaemonState = 'PENDING' | 'CREATING' | 'UPDATING' | 'RUNNING' | 'ERROR';

/**
 * The configuration of the operator. The one object of this kind that counts is named spod and lives in the operator's namespace; the operator makes it when it is missing, and builds the DaemonSet spod from it.
 */
export interface SecurityProfilesOperatorDaemon {
  /**
   * Group and version of the kind.
   */
  readonly apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1';
  /**
   * Name of the kind.
   */
  readonly kind: 'SecurityProfilesOperatorDaemon';
  /**
   * Name and other metadata of the object.
   */
  readonly metadata: ObjectMeta;
  readonly spec?: SecurityProfilesOperatorDaemonSpec;
  readonly status?: SecurityProfilesOperatorDaemonStatus;
}
/**
 * Which features are on, and how the daemon runs.
 */
export interface SecurityProfilesOperatorDaemonSpec {
  /**
   * How much is logged: 0 is normal, 1 and above is enhanced.
   */
  readonly verbosity?: number;
  /**
   * Serves CPU and memory profiles of the daemon's containers at /debug/pprof, on ports from 6060 on.
   */
  readonly enableProfiling?: boolean;
  /**
   * Records only pods with the label spo.x-k8s.io/enable-recording, so that the daemon need not know any others.
   */
  readonly enableMemoryOptimization?: boolean;
  /**
   * Turns SELinux profiles on.
   */
  readonly enableSelinux?: boolean;
  /**
   * With enableSelinux, has a selinuxd install policies that the nodes run themselves, in place of the operator's container: it takes policies from /etc/selinux.d of the node and answers at /var/run/selinuxd/selinuxd.sock, both of which user or group 65535 may write to.
   */
  readonly useNodeSelinuxd?: boolean;
  /**
   * The SELinux type under which the daemon's containers run.
   */
  readonly selinuxTypeTag?: string;
  readonly selinuxOptions?: SelinuxOptions;
  /**
   * Runs the log enricher, which says which pod an audit message is about, and lets recordings use recorder logs.
   */
  readonly enableLogEnricher?: boolean;
  /**
   * Which lines the log enricher prints, as a JSON list of rules such as {"priority": 100, "level": "None", "matchKeys": ["syscallName"], "matchValues": ["futex"]}. The rule with the lowest priority that matches decides; one matches when the line has all its keys, each with one of the values where it names some. Level None hides a line, Metadata prints it, as is done when no rule matches. Metrics count all.
   */
  readonly logEnricherFilters?: string;
  /**
   * Runs the JSON enricher, which prints one JSON line for each program that ran in a pod and whose system calls were logged: its arguments, user and group, the calls, and the request, such as that of a kubectl exec, that started it.
   */
  readonly enableJsonEnricher?: boolean;
  /**
   * Which lines the JSON enricher prints, as logEnricherFilters says. Keys within an object are written with a slash: resource/pod.
   */
  readonly jsonEnricherFilters?: string;
  /**
   * How the JSON enricher writes.
   */
  readonly jsonEnricherOptions?: {
    /**
     * How long the calls of a program are gathered before its line is printed, in seconds; 60 when unset.
     */
    readonly auditLogIntervalSeconds?: number;
    /**
     * File of the node that lines are written to, in /var/log/security-profiles-operator; when unset they go to the container's log.
     */
    readonly auditLogPath?: string;
    /**
     * Size of the file in MiB from which on it is put aside under a name with the time; 100 when unset.
     */
    readonly auditLogMaxSize?: number;
    /**
     * How many of the files that were put aside are kept; 10 when unset.
     */
    readonly auditLogMaxBackups?: number;
    /**
     * How many days these are kept; when 0 or unset, as long as there are not more of them.
     */
    readonly auditLogMaxAge?: number;
  };
  /**
   * Runs the eBPF recorder and lets recordings use recorder bpf.
   */
  readonly enableBpfRecorder?: boolean;
  /**
   * Turns AppArmor profiles on.
   */
  readonly enableAppArmor?: boolean;
  /**
   * Taints that the daemon tolerates, and so on which tainted nodes it runs. When unset it tolerates those of control-plane nodes and of nodes that are not ready.
   *
   * Items: Lets the pod run on nodes whose taint it matches.
   */
  readonly tolerations?: readonly Toleration[];
  /**
   * On which nodes the daemon may or should run.
   */
  readonly affinity?: Affinity;
  /**
   * Priority class of the daemon's pods.
   */
  readonly priorityClassName?: string;
  /**
   * Secrets of the operator's namespace with which the daemon's images are pulled from a private registry.
   *
   * Items: Names an object in the same namespace.
   */
  readonly imagePullSecrets?: readonly LocalObjectReference[];
  /**
   * Resources of the daemon's main container, in place of the default ones.
   */
  readonly daemonResourceRequirements?: ResourceRequirements;
  /**
   * Path on the node that is mounted as the host's /proc, for nested environments such as kind: /proc or a path below it.
   */
  readonly hostProcVolumePath?: string;
  /**
   * Leaves the webhook configuration objects alone, because something else, such as OLM, manages them.
   */
  readonly staticWebhookConfig?: boolean;
  /**
   * Serves the webhooks from the manager's own process instead of a Deployment of their own, for small clusters. While no manager runs, nothing answers then.
   */
  readonly runWebhookInManager?: boolean;
  /**
   * Settings of single webhooks, in place of the default ones.
   */
  readonly webhookOptions?: readonly WebhookOptions[];
  /**
   * The only system calls that a SeccompProfile may allow. Profiles that allow another one are refused, and removed where they are installed already. Without a list nothing is restricted.
   */
  readonly allowedSyscalls?: readonly string[];
  /**
   * The actions that count as allowing a system call when allowedSyscalls is set: SCMP_ACT_ALLOW, SCMP_ACT_LOG, SCMP_ACT_TRACE and SCMP_ACT_NOTIFY. All four always count, as calls happen under each of them; others are left out. The condition OptionsInEffect says where the list says something else.
   *
   * Items: What the kernel does with a system call. SCMP_ACT_ALLOW lets it happen, SCMP_ACT_LOG lets it happen and writes it to the audit log, SCMP_ACT_ERRNO refuses it with an error number, SCMP_ACT_TRAP sends the signal SIGSYS, SCMP_ACT_KILL_PROCESS ends the process, SCMP_ACT_KILL_THREAD and its older name SCMP_ACT_KILL end the thread, SCMP_ACT_TRACE asks a tracer, SCMP_ACT_NOTIFY asks the agent behind listenerPath.
   */
  readonly allowedSeccompActions?: readonly SeccompAction[];
  /**
   * Accepts base profiles from OCI registries without a sigstore signature. Anyone who can write to the registry can then change what containers may do.
   */
  readonly disableOciArtifactSignatureVerification?: boolean;
  /**
   * By whom base profiles from OCI registries must be signed. Without an entry for it an artifact is not pulled. The entry with the longest prefix counts; of several with the same prefix one signer suffices.
   */
  readonly ociVerification?: readonly OciVerification[];
  /**
   * Places to read artifacts from before the registry in their names is asked.
   */
  readonly ociMirrors?: readonly OciMirror[];
  /**
   * With which Secrets registries are asked for base profiles. The entry with the longest prefix counts; the Secret oci-registry-credentials serves all registries that no entry is for.
   */
  readonly ociCredentials?: readonly OciCredentials[];
  /**
   * The trusted_root.json of the authorities, logs and timestamp services behind signatures by certificate. Without it those of sigstore's public services are trusted.
   */
  readonly ociTrustedRoot?: string;
  /**
   * Certificates in PEM that registries' may be signed by, besides the public authorities.
   */
  readonly ociCaBundle?: string;
  /**
   * After how many seconds it is looked whether a tag of a base profile in a registry has moved. A day when unset.
   */
  readonly ociRefreshSeconds?: number;
}
/**
 * What SELinux profiles may make use of.
 */
export interface SelinuxOptions {
  /**
   * System policies of the nodes from which a SelinuxProfile may inherit.
   */
  readonly allowedSystemProfiles?: readonly string[];
  /**
   * The target types that no profile may have in an allow rule. This goes before what is allowed here.
   */
  readonly deniedTypes?: readonly string[];
  /**
   * The object classes that no profile may have in an allow rule. This goes before what is allowed here.
   */
  readonly deniedClasses?: readonly string[];
  /**
   * The permissions that no profile may have in an allow rule. This goes before what is allowed here.
   */
  readonly deniedPermissions?: readonly string[];
  /**
   * The target types that profiles may have though the operator refuses or warns of them by itself, as it does with load_policy or shadow_t.
   */
  readonly allowedTypes?: readonly string[];
  /**
   * The object classes that profiles may have though the operator refuses or warns of them by itself, as it does with load_policy or shadow_t.
   */
  readonly allowedClasses?: readonly string[];
  /**
   * The permissions that profiles may have though the operator refuses or warns of them by itself, as it does with load_policy or shadow_t.
   */
  readonly allowedPermissions?: readonly string[];
}
/**
 * Settings of one webhook.
 */
export interface WebhookOptions {
  /**
   * Name of the webhook, such as binding.spo.io or recording.spo.io.
   */
  readonly name: string;
  /**
   * What becomes of a pod when the webhook cannot be reached: Ignore admits it unchanged, Fail refuses it.
   */
  readonly failurePolicy?: 'Ignore' | 'Fail';
  /**
   * Labels of the namespaces that the webhook is called for, in place of the label that enables it.
   */
  readonly namespaceSelector?: LabelSelector;
  /**
   * Labels of the pods that the webhook is called for.
   */
  readonly objectSelector?: LabelSelector;
}
/**
 * Who signs the artifacts of a registry, or of a part of it.
 */
export interface OciVerification {
  /**
   * Registry, or registry and the beginning of paths, such as ghcr.io/security-profiles.
   */
  readonly prefix: string;
  /**
   * Public key in PEM, as cosign generate-key-pair writes it into cosign.pub: P-256, P-384, P-521, RSA or Ed25519.
   */
  readonly key?: string;
  /**
   * Mail address or URI that must have signed by a certificate (keyless), such as a workflow's.
   */
  readonly identity?: string;
  /**
   * Regular expression (ECMAScript) that the whole of the identity must fit.
   */
  readonly identityRegExp?: string;
  /**
   * URL of the OpenID Connect issuer that must have logged the identity in.
   */
  readonly issuer?: string;
  /**
   * Regular expression (ECMAScript) that the whole of the issuer's URL must fit.
   */
  readonly issuerRegExp?: string;
  /**
   * Refuses artifacts without a valid signature. When false they are taken all the same, and the status does not name a signer.
   */
  readonly required?: boolean;
  /**
   * Refuses artifacts without a statement of one of these signers on how the profiles were recorded, as spoc push attaches it. It can be read by cosign verify-attestation.
   */
  readonly requireRecording?: boolean;
}
/**
 * A mirror of a registry, or of a part of it.
 */
export interface OciMirror {
  /**
   * Beginning of the names of artifacts.
   */
  readonly prefix: string;
  /**
   * Beginning that takes its place, such as mirror.example:5000/ghcr.
   */
  readonly location: string;
}
/**
 * The Secret for a registry, or for a part of it.
 */
export interface OciCredentials {
  /**
   * Registry, or registry and the beginning of paths, such as ghcr.io/team-a. A mirror is asked with the entry for its own name.
   */
  readonly prefix: string;
  /**
   * Secret of the operator's namespace, of the type kubernetes.io/dockerconfigjson, as kubectl create secret docker-registry makes it.
   */
  readonly secretName: string;
}
/**
 * Where the roll-out of the daemon stands, as the operator sees it.
 */
export interface SecurityProfilesOperatorDaemonStatus {
  readonly state?: DaemonState;
  /**
   * The metadata.generation that this status is about. A number below the object's own generation means that the last change has not been answered yet.
   */
  readonly observedGeneration?: number;
  /**
   * Current observations about the object, at most one of each type. The condition Ready is True once the object is in effect everywhere it should be.
   *
   * Items: One observation about the object, in the form that kubectl wait and kubectl describe read.
   */
  readonly conditions?: readonly Condition[];
  /**
   * With enableAppArmor, the nodes whose kernel has no AppArmor, in order of their names. Pods that are bound to AppArmor profiles, or recorded into some, are kept from them.
   *
   * Items: Name of a node.
   */
  readonly nodesWithoutAppArmor?: readonly string[];
}
