// SPDX-License-Identifier: Apache-2.0
// The environment as the roles mean it: variables as typed in a manifest become checked values, once. A typing error is
// one sentence at the start, not a surprise hours later.
import { denialSocketBeside } from './audit/denial-line.ts';
import { IMAGE } from './deploy/image.ts';
import type { FirstOptions } from './deploy/spod.ts';
import { parseSpodOptions } from './deploy/spod-options.ts';
import type { SpodOptions } from './deploy/spod-options.ts';
import { ENV } from './env.ts';
import type { Environment } from './env.ts';
import { directory, flag, integer, text } from './variables.ts';
import {
  DEFAULT_KUBELET_DIR,
  METRICS_CERT_MOUNT,
  OPERATOR,
  PORT,
  RECORDER_SOCKET,
  SELINUX_POLICIES_MOUNT,
  SELINUXD_SOCKET,
  SPOD,
  WEBHOOK_CERT_MOUNT,
} from './names.ts';

/** The settings of every role in the cluster. */
export interface Settings {
  /** Namespace of the operator. */
  readonly namespace: string;
  /** Namespaces that the operator is restricted to; none for all. */
  readonly restrictTo: readonly string[];
  /** The kubelet's directory, absolute, without a slash at its end. */
  readonly kubeletDir: string;
  /** 0 is normal, 1 and above is enhanced. */
  readonly verbosity: number;
  /** The port of the profiling endpoints; undefined when they are off. */
  readonly profilingPort: number | undefined;
  /** Name of the pod; empty outside of a cluster. */
  readonly podName: string;
  readonly ports: { readonly metrics: number; readonly health: number };
  /** Directory with tls.crt and tls.key. */
  readonly certificates: string;
}

/** The daemon's further settings. */
export interface DaemonSettings extends Settings {
  readonly nodeName: string;
  readonly spodName: string;
  /** Only pods with the recording label are looked at. */
  readonly memoryOptimization: boolean;
  /** Whether it was told to record, as the original's daemon can be; here processes beside it record. */
  readonly asksForRecording: boolean;
  /** Where the node's securityfs is; undefined where AppArmor profiles are not asked for. */
  readonly securityfs: string | undefined;
  /** Where the log enricher and the eBPF recorder offer their metrics, as far as they are there. */
  readonly pageSockets: readonly string[];
  /** Where the log enricher tells of denied calls; undefined where the pod has none. */
  readonly denialSocket: string | undefined;
  /** Undefined where SELinux profiles are not asked for. */
  readonly selinuxd: SelinuxdPlace | undefined;
  /** Whether the policy for recordings is put into the folder; undefined where selinuxd has it itself. */
  readonly selinuxRecording: boolean | undefined;
}

/** The folder that selinuxd takes policies from, and its socket. */
export interface SelinuxdPlace {
  readonly policies: string;
  readonly socket: string;
}

/** The eBPF recorder's further settings. */
export interface RecorderSettings extends Settings {
  readonly nodeName: string;
  /** Only pods with the recording label are looked at. */
  readonly memoryOptimization: boolean;
  /** Where it offers its metrics to the daemon. */
  readonly socket: string;
}

/** selinuxd's further settings. */
export interface SelinuxdSettings extends Settings, SelinuxdPlace {
  /** Whether the policy for recordings is installed, too. */
  readonly recording: boolean;
}

/** The manager's further settings. */
export interface ManagerSettings extends Settings {
  /** Image of the daemon where the manager runs outside of the cluster, and has no Deployment to read it from. */
  readonly image: string;
  /** Options of the spod that it makes where there is none. */
  readonly firstOptions: FirstOptions;
  /** Fields that the spod shall have. */
  readonly spodOptions: SpodOptions;
  /** Whether the manager competes for the lease before it works. */
  readonly leaderElection: boolean;
  /** Port of the webhooks where the spod has the manager serve them. */
  readonly webhookPort: number;
}

/** The webhook's further settings. */
export interface WebhookSettings extends Settings {
  /** Port of the webhooks. */
  readonly port: number;
  /** Something else than the manager keeps the webhook configurations. */
  readonly isStatic: boolean;
  readonly minVersion: TlsVersion;
  /** Directory with tls.crt and tls.key of the webhooks' server. */
  readonly webhookCertificates: string;
}

/** A version of TLS, as Node.js names it. */
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/**
 * Settings of any role.
 * @throws RangeError that names the variable and what it should hold
 */
export function parseSettings(env: Environment): Settings {
  return {
    namespace: text(env, ENV.namespace) ?? OPERATOR,
    restrictTo: namespaces(env),
    kubeletDir: directory(env, ENV.kubeletDir, DEFAULT_KUBELET_DIR),
    verbosity: integer(env, ENV.verbosity, 0),
    profilingPort: flag(env, ENV.profiling) ? integer(env, ENV.profilingPort, PORT.profiling) : undefined,
    podName: text(env, ENV.podName) ?? '',
    ports: { metrics: integer(env, ENV.metricsPort, PORT.metrics), health: integer(env, ENV.healthPort, PORT.health) },
    certificates: text(env, ENV.certificates) ?? METRICS_CERT_MOUNT,
  };
}

const MEMORY_FLAG = 'with-mem-optim';

/**
 * Settings of the daemon.
 * @param args - the words after the role: `--with-mem-optim[=true|false]`, `--with-recording[=true|false]`
 * @throws RangeError also when NODE_NAME is missing or a word is not known
 */
export function parseDaemonSettings(args: readonly string[], env: Environment): DaemonSettings {
  const flags = parseFlags(args, [MEMORY_FLAG, 'with-recording']);
  return {
    ...parseSettings(env),
    nodeName: nodeNameOf(env),
    spodName: text(env, ENV.spodName) ?? SPOD,
    memoryOptimization: flags.get(MEMORY_FLAG) ?? false,
    asksForRecording: flags.get('with-recording') ?? false,
    securityfs: text(env, ENV.securityfs),
    pageSockets: [ENV.enricherSocket, ENV.recorderSocket].flatMap((name) => text(env, name) ?? []),
    denialSocket: denialSocketOf(text(env, ENV.enricherSocket)),
    selinuxd: text(env, ENV.selinuxdSocket) === undefined ? undefined : selinuxdPlace(env),
    selinuxRecording: text(env, ENV.selinuxRecording) === undefined ? undefined : flag(env, ENV.selinuxRecording),
  };
}

function denialSocketOf(socket: string | undefined): string | undefined {
  return socket === undefined ? undefined : denialSocketBeside(socket);
}

/**
 * Settings of the eBPF recorder.
 * @param args - the words after the role: `--with-mem-optim[=true|false]`
 * @throws RangeError also when NODE_NAME is missing or a word is not known
 */
export function parseRecorderSettings(args: readonly string[], env: Environment): RecorderSettings {
  return {
    ...parseSettings(env),
    nodeName: nodeNameOf(env),
    memoryOptimization: parseFlags(args, [MEMORY_FLAG]).get(MEMORY_FLAG) ?? false,
    socket: text(env, ENV.recorderSocket) ?? RECORDER_SOCKET,
  };
}

/** Settings of selinuxd. */
export function parseSelinuxdSettings(env: Environment): SelinuxdSettings {
  return {
    ...parseSettings(env),
    ...selinuxdPlace(env),
    recording: flag(env, ENV.selinuxRecording),
  };
}

function selinuxdPlace(env: Environment): SelinuxdPlace {
  return {
    policies: directory(env, ENV.selinuxPolicies, SELINUX_POLICIES_MOUNT),
    socket: text(env, ENV.selinuxdSocket) ?? SELINUXD_SOCKET,
  };
}

/**
 * The node of a process that every node has.
 * @throws RangeError where it is not told
 */
export function nodeNameOf(env: Environment): string {
  const nodeName = text(env, ENV.nodeName);
  if (nodeName === undefined) throw new RangeError(`${ENV.nodeName} must hold the name of the node`);
  return nodeName;
}

/**
 * Settings of the manager.
 * @param args - the words after the role: `--leader-elect[=true|false]`
 * @throws RangeError also when a word is not known
 */
export function parseManagerSettings(args: readonly string[], env: Environment): ManagerSettings {
  return {
    ...parseSettings(env),
    image: text(env, ENV.image) ?? IMAGE,
    firstOptions: {
      enableLogEnricher: flag(env, ENV.enableLogEnricher),
      enableBpfRecorder: flag(env, ENV.enableBpfRecorder),
    },
    spodOptions: parseSpodOptions(text(env, ENV.spodOptions)),
    leaderElection: parseFlags(args, ['leader-elect']).get('leader-elect') ?? true,
    webhookPort: integer(env, ENV.webhookPort, PORT.webhookInManager),
  };
}

/**
 * Settings of the webhook. Its metrics are on a port of their own, because the webhooks have their number.
 * @param args - the words after the role: `--port 9443`, `--static`, `--tls-min-version 1.2|1.3`; `=` may part them
 * @throws RangeError also when a word is not known
 */
export function parseWebhookSettings(args: readonly string[], env: Environment): WebhookSettings {
  const settings = parseSettings(env);
  const values = parseValues(args, ['port', 'tls-min-version'], ['static']);
  const version = values.get('tls-min-version') ?? '1.2';
  if (version !== '1.2' && version !== '1.3')
    throw new RangeError(`--tls-min-version must be 1.2 or 1.3, not ${version}`);
  const isStatic = values.get('static') ?? 'false';
  if (isStatic !== 'true' && isStatic !== 'false')
    throw new RangeError(`--static must be true or false, not ${isStatic}`);
  return {
    ...settings,
    ports: { ...settings.ports, metrics: integer(env, ENV.metricsPort, PORT.webhookMetrics) },
    port: integer({ port: values.get('port') }, 'port', PORT.webhook, '--port'),
    isStatic: isStatic === 'true',
    minVersion: `TLSv${version}`,
    webhookCertificates: text(env, ENV.webhookCertificates) ?? WEBHOOK_CERT_MOUNT,
  };
}

/** Words of the form `--name value` or `--name=value`; a flag, which needs no value, is `true` without. */
function parseValues(
  args: readonly string[],
  valued: readonly string[],
  flags: readonly string[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let place = 0; place < args.length; place++) {
    const word = args[place] ?? '';
    const [, name = '', value] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (!valued.includes(name) && !flags.includes(name)) throw new RangeError(`unknown argument ${word}`);
    const given = value ?? (flags.includes(name) ? 'true' : args[++place]);
    if (given === undefined) throw new RangeError(`--${name} needs a value`);
    values.set(name, given);
  }
  return values;
}

/** Words of the form `--name`, `--name=true` or `--name=false`. */
function parseFlags(args: readonly string[], known: readonly string[]): ReadonlyMap<string, boolean> {
  const flags = new Map<string, boolean>();
  for (const word of args) {
    const [, name = '', value = 'true'] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (!known.includes(name)) throw new RangeError(`unknown argument ${word}`);
    if (value !== 'true' && value !== 'false') throw new RangeError(`--${name} must be true or false, not ${value}`);
    flags.set(name, value === 'true');
  }
  return flags;
}

/** RESTRICT_TO_NAMESPACE, or WATCH_NAMESPACE as OLM sets it; several are parted by commas. */
function namespaces(env: Environment): readonly string[] {
  const list = text(env, ENV.restrictTo) ?? text(env, ENV.watchNamespace) ?? '';
  const names = list.split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}
