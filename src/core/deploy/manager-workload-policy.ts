// SPDX-License-Identifier: Apache-2.0
// The manager makes the DaemonSet and the webhook's Deployment in a namespace whose pods may be privileged, so its
// account would be root on every node. RBAC cannot say which pods it may make; the API server itself holds it to those
// of core/deploy: our image, our programs, their capabilities, and the directories of the node that these are for.
import { ENABLER_ENV, ENV } from '../env.ts';
import {
  APPARMOR_DISABLE_FOLDER,
  AUDIT_LOG_DIR,
  CONTAINERS,
  DEFAULT_KUBELET_DIR,
  KUBELET_DIR_FILE,
  OBJECT,
  OPERATOR,
  OPERATOR_ROOT,
  OWN_PROFILES_MOUNT,
  SELINUX_POLICIES_MOUNT,
  SELINUXD_SOCKET,
  SPOD,
} from '../names.ts';
import { denialPolicy } from './denial-policy.ts';
import { IMAGE_FOLDER } from './image.ts';
import type { Manifest } from './manifest.ts';
import { HOST_MOUNT, SELINUXD_MOUNT, VOLUME } from './volumes.ts';
import { COMMAND as WEBHOOK_COMMAND } from './webhooks/deployment.ts';

/** Name of the policy and of its binding. */
export const MANAGER_WORKLOAD_POLICY = 'security-profiles-operator-manager-workloads';

/** Capabilities that containers may have besides none, by name. */
const CAPABILITIES: Readonly<Record<string, readonly string[]>> = {
  [CONTAINERS.enabler]: ['CHOWN', 'FOWNER', 'DAC_OVERRIDE'],
  [CONTAINERS.daemon]: ['MAC_ADMIN', 'SETGID'],
  [CONTAINERS.logEnricher]: ['DAC_READ_SEARCH', 'BPF', 'PERFMON'],
  [CONTAINERS.jsonEnricher]: ['DAC_READ_SEARCH', 'BPF', 'PERFMON'],
  [CONTAINERS.bpfRecorder]: ['BPF', 'PERFMON'],
  [CONTAINERS.selinuxd]: ['SETUID', 'SETGID'],
};

/** First words of the program of the image, whose options stand before them in the image. */
const ROLES = ['daemon', 'kubelet-directory', 'log-enricher', 'json-enricher', 'bpf-recorder', 'selinuxd', 'webhook'];

/**
 * Variables with one value: the directories that root makes or gives away on a node, and from which it takes what it
 * puts there.
 */
const VALUES: Readonly<Record<string, string>> = {
  [ENABLER_ENV.hostMount]: HOST_MOUNT,
  [ENABLER_ENV.ownProfiles]: OWN_PROFILES_MOUNT,
  [ENABLER_ENV.auditLogDir]: AUDIT_LOG_DIR,
  [ENV.kubeletDirFile]: KUBELET_DIR_FILE,
  [ENV.selinuxPolicies]: SELINUX_POLICIES_MOUNT,
  [ENV.selinuxdSocket]: SELINUXD_SOCKET,
};

/** Secrets in our volumes. */
const SECRETS = [OBJECT.metricsCert, OBJECT.managerMetricsCert, OBJECT.webhookCert];

/** Directories of the node, besides the kubelet's. */
const HOST_PATHS = [
  OPERATOR_ROOT,
  '/',
  '/var/log',
  '/var/log/audit',
  AUDIT_LOG_DIR,
  '/sys/kernel/security',
  APPARMOR_DISABLE_FOLDER,
  '/etc/selinux',
  '/var/lib/selinux',
  '/sys/fs',
  SELINUX_POLICIES_MOUNT,
  SELINUXD_MOUNT.mountPath,
];

/**
 * Places in our containers where something may be mounted: none that could lay other programs over ours. The API server
 * takes `..` in such a path, and runtimes resolve it.
 */
const MOUNTS = '^(/host|/var/run|/var/log|/etc/selinux|/etc/selinux.d|/var/lib/selinux|/opt/spo-profiles)(/|$)';

/**
 * The policy and its binding. Kubernetes has the kind since 1.30. Its parameter is the manager's Deployment, which the
 * manager may neither change nor delete: its image is the one that all our processes run. The API server looks for a
 * parameter before it evaluates conditions, so that without the Deployment `Deny` would refuse the workloads of
 * everybody, ours first of all, when they are installed again (seen with Kubernetes 1.37). Its namespace alone is
 * concerned: elsewhere the manager may make none.
 */
export function managerWorkloadPolicy(namespace: string): readonly Manifest[] {
  // With the scope, which kubectl would add at each apply.
  const rule = {
    apiGroups: ['apps'],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['daemonsets', 'deployments'],
    scope: '*',
  };
  const manager = `system:serviceaccount:${namespace}:${OPERATOR}`;
  const paramRef = { name: OPERATOR, namespace, parameterNotFoundAction: 'Allow' };
  const spec = {
    paramKind: { apiVersion: 'apps/v1', kind: 'Deployment' },
    failurePolicy: 'Fail',
    matchConstraints: {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      resourceRules: [rule],
    },
    matchConditions: [{ name: 'by-the-manager', expression: `request.userInfo.username == '${manager}'` }],
    variables: VARIABLES,
    validations: VALIDATIONS.map(([message, expression]) => ({ expression, message, reason: 'Forbidden' })),
  };
  return denialPolicy(MANAGER_WORKLOAD_POLICY, spec, { paramRef });
}

/** The manager's own container in the parameter; `c` is a container of the pod that is made. */
const OWN = `params.spec.template.spec.containers.filter(o, o.name == '${OPERATOR}')`;

const VARIABLES = [
  { name: 'ofNodes', expression: "request.resource.resource == 'daemonsets'" },
  { name: 'pod', expression: 'object.spec.template.spec' },
  { name: 'containers', expression: 'variables.pod.containers + variables.pod.?initContainers.orValue([])' },
  { name: 'images', expression: `${OWN}.map(o, o.image)` },
  {
    name: 'kubeletDirs',
    expression: `${OWN}.map(o, o.?env.orValue([]).filter(e, e.name == '${ENV.kubeletDir}').map(e, e.?value.orValue('')).join('')).map(d, d == '' ? '${DEFAULT_KUBELET_DIR}' : d)`,
  },
  { name: 'volumes', expression: 'variables.pod.?volumes.orValue([])' },
  {
    name: 'roots',
    expression: "variables.volumes.filter(v, has(v.hostPath) && v.hostPath.path == '/').map(v, v.name)",
  },
  { name: 'capabilities', expression: mapOf(CAPABILITIES) },
  { name: 'values', expression: mapOfTexts(VALUES) },
];

const IS_ENABLER = `c.name == '${CONTAINERS.enabler}'`;

/** Each rule: the sentence about a breach, and the expression. */
const VALIDATIONS: readonly (readonly [message: string, expression: string])[] = [
  [
    `the operator makes the DaemonSet ${SPOD} and the Deployment ${OBJECT.webhook} with their accounts, and no others`,
    `object.metadata.name == (variables.ofNodes ? '${SPOD}' : '${OBJECT.webhook}') && ` +
      `variables.pod.?serviceAccountName.orValue('') == (variables.ofNodes ? '${SPOD}' : '${OBJECT.webhookAccount}')`,
  ],
  [
    "the operator's pods have namespaces of their own",
    ['hostNetwork', 'hostPID', 'hostIPC'].map((field) => `!variables.pod.?${field}.orValue(false)`).join(' && '),
  ],
  [
    "the operator's containers run the image of its own Deployment",
    'variables.containers.all(c, c.image in variables.images)',
  ],
  [
    "the operator's containers have no privilege but the capabilities of their names, and one alone is root",
    `variables.containers.all(c, !c.?securityContext.?privileged.orValue(false) && ` +
      `'ALL' in c.?securityContext.?capabilities.?drop.orValue([]) && ` +
      `c.?securityContext.?capabilities.?add.orValue([]).all(x, x in variables.capabilities[?c.name].orValue([])) && ` +
      `(${IS_ENABLER} || c.?securityContext.?runAsUser.orValue(0) == 65535))`,
  ],
  [
    "the operator's containers run its programs in their roles",
    `variables.containers.all(c, ${IS_ENABLER} ? ` +
      `c.?command.orValue([]) == ['${IMAGE_FOLDER}/non_root_enabler'] && size(c.?args.orValue([])) == 0 : ` +
      `(size(c.?command.orValue([])) == 0 || ${isNode('c.command')}) && ` +
      `size(c.?args.orValue([])) > 0 && c.args[0] in ${list(ROLES)})`,
  ],
  [
    "the operator's containers run nothing else: no hooks, and probes by HTTP",
    `variables.containers.all(c, !has(c.lifecycle) && !c.?livenessProbe.?exec.hasValue() && ` +
      `!c.?readinessProbe.?exec.hasValue() && !c.?startupProbe.?exec.hasValue())`,
  ],
  [
    "the operator's containers know its own variables only",
    `variables.containers.all(c, size(c.?envFrom.orValue([])) == 0 && c.?env.orValue([]).all(e, e.name in ${list(
      [...Object.values(ENV), ...Object.values(ENABLER_ENV)].sort(),
    )} && (e.name != '${ENV.kubeletDir}' || e.?value.orValue('') in variables.kubeletDirs)))`,
  ],
  [
    "the operator's containers work in the directories that it is for",
    `variables.containers.all(c, c.?env.orValue([]).all(e, ` +
      `!(e.name in variables.values) || e.?value.orValue('') == variables.values[e.name]))`,
  ],
  [
    "the operator's DaemonSet mounts the directories of the node that it is for, its Deployment none",
    `variables.volumes.all(v, !has(v.hostPath) || (variables.ofNodes && (v.hostPath.path in ${list(HOST_PATHS)} || ` +
      `variables.kubeletDirs.exists(d, v.hostPath.path == d + '/seccomp') || ` +
      // The root of a process, and all that it has open, are links to any place of the node.
      `(v.hostPath.path.matches('^/proc(/|$)') && !v.hostPath.path.matches('/(root|cwd|exe|fd|map_files|ns)(/|$)')))))`,
  ],
  [
    "the operator's volumes are directories, its certificates and tokens, and its own seccomp profiles",
    `variables.volumes.all(v, has(v.hostPath) || has(v.emptyDir) || v.name == '${VOLUME.apiAccess}' || ` +
      `v.?configMap.?name.orValue('') == '${OBJECT.profilesConfigMap}' || v.?secret.?secretName.orValue('') in ${list(SECRETS)})`,
  ],
  [
    'what root puts on a node comes from where the operator puts it',
    `variables.containers.all(c, c.?volumeMounts.orValue([]).all(m, variables.volumes.all(v, v.name != m.name || ` +
      `(!m.mountPath.startsWith('${SELINUX_POLICIES_MOUNT}') || has(v.emptyDir) || has(v.hostPath)) && ` +
      `(!m.mountPath.startsWith('${OWN_PROFILES_MOUNT}') || has(v.configMap)))))`,
  ],
  [
    "the operator's containers mount nothing over their programs, and one alone sees the root of the node",
    `variables.containers.all(c, c.?volumeMounts.orValue([]).all(m, !m.mountPath.matches('/[.][.]?(/|$)') && ` +
      `(m.mountPath.matches('${MOUNTS}') || ` +
      `variables.kubeletDirs.exists(d, m.mountPath == d + '/seccomp/operator')) && ` +
      `(${IS_ENABLER} || !(m.name in variables.roots)))) && ` +
      `variables.roots.all(r, r == '${VOLUME.hostRoot}')`,
  ],
];

/** Whether a command is Node.js with the options of one of our processes, which read no file but our program. */
function isNode(command: string): string {
  const [node = '', ...rest] = WEBHOOK_COMMAND;
  const main = rest.at(-1) ?? '';
  const options = "w.matches('^--(max-semi-space-size=[0-9]+|expose-gc|lite-mode)$')";
  return `(${command}[0] == '${node}' && ${command}[size(${command}) - 1] == '${main}' && ${command}.all(w, w == '${node}' || w == '${main}' || ${options}))`;
}

function list(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text}'`).join(', ')}]`;
}

function mapOfTexts(texts: Readonly<Record<string, string>>): string {
  return `{${Object.entries(texts)
    .map(([key, text]) => `'${key}': '${text}'`)
    .join(', ')}}`;
}

function mapOf(lists: Readonly<Record<string, readonly string[]>>): string {
  return `{${Object.entries(lists)
    .map(([key, texts]) => `'${key}': ${list(texts)}`)
    .join(', ')}}`;
}
