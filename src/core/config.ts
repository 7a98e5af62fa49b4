// SPDX-License-Identifier: Apache-2.0
// The environment as the roles mean it: variables as typed in a manifest become checked values, once. A typing error is
// one sentence at the start, not a surprise hours later.
import { parseFilters } from './audit/filters.ts';
import type { LineFilter } from './audit/filters.ts';
import { IMAGE } from './deploy/image.ts';
import type { FirstOptions } from './deploy/spod.ts';
import { ENV } from './env.ts';
import type { Environment } from './env.ts';
import {
  DEFAULT_KUBELET_DIR,
  ENRICHER_POSITION,
  ENRICHER_SOCKET,
  METRICS_CERT_MOUNT,
  OPERATOR,
  PORT,
  RECORDER_SOCKET,
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
  /** Where the log enricher and the eBPF recorder offer their metrics, as far as they are there. */
  readonly pageSockets: readonly string[];
}

/** The log enricher's further settings. */
export interface EnricherSettings extends Settings {
  readonly nodeName: string;
  /** Where the node's /proc is. */
  readonly hostProc: string;
  /** Where it offers its metrics to the daemon. */
  readonly socket: string;
  /** Where it keeps how far it has read, for the next start of its container. */
  readonly positionFile: string;
  /** Which lines it prints. */
  readonly filter: LineFilter;
}

/** The eBPF recorder's further settings. */
export interface RecorderSettings extends Settings {
  readonly nodeName: string;
  /** Only pods with the recording label are looked at. */
  readonly memoryOptimization: boolean;
  /** Where it offers its metrics to the daemon. */
  readonly socket: string;
}

/** The manager's further settings. */
export interface ManagerSettings extends Settings {
  /** Image of the daemon where the manager runs outside of the cluster, and has no Deployment to read it from. */
  readonly image: string;
  /** Options of the spod that it makes where there is none. */
  readonly firstOptions: FirstOptions;
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

/**
 * Settings of the daemon.
 * @param args - the words after the role: `--with-mem-optim[=true|false]`
 * @throws RangeError also when NODE_NAME is missing or a word is not known
 */
export function parseDaemonSettings(args: readonly string[], env: Environment): DaemonSettings {
  return {
    ...parseSettings(env),
    nodeName: nodeNameOf(env),
    spodName: text(env, ENV.spodName) ?? SPOD,
    memoryOptimization: memoryOptimization(args),
    pageSockets: [ENV.enricherSocket, ENV.recorderSocket].flatMap((name) => text(env, name) ?? []),
  };
}

function memoryOptimization(args: readonly string[]): boolean {
  return parseFlags(args, ['with-mem-optim']).get('with-mem-optim') ?? false;
}

/**
 * Settings of the log enricher.
 * @throws RangeError also when NODE_NAME is missing, or ENRICHER_FILTERS is no list of rules
 */
export function parseEnricherSettings(env: Environment): EnricherSettings {
  return {
    ...parseSettings(env),
    nodeName: nodeNameOf(env),
    hostProc: directory(env, ENV.hostProc, '/proc'),
    socket: text(env, ENV.enricherSocket) ?? ENRICHER_SOCKET,
    positionFile: text(env, ENV.enricherPosition) ?? ENRICHER_POSITION,
    filter: parseFilters(env[ENV.enricherFilters] ?? ''),
  };
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
    memoryOptimization: memoryOptimization(args),
    socket: text(env, ENV.recorderSocket) ?? RECORDER_SOCKET,
  };
}

function nodeNameOf(env: Environment): string {
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

function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** RESTRICT_TO_NAMESPACE, or WATCH_NAMESPACE as OLM sets it; several are parted by commas. */
function namespaces(env: Environment): readonly string[] {
  const list = text(env, ENV.restrictTo) ?? text(env, ENV.watchNamespace) ?? '';
  const names = list.split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}

function directory(env: Environment, name: string, fallback: string): string {
  const value = text(env, name) ?? fallback;
  const parts = value.split('/').slice(1);
  const clean = parts.at(-1) === '' ? parts.slice(0, -1) : parts;
  if (!value.startsWith('/') || clean.length === 0 || clean.some((part) => ['', '.', '..'].includes(part))) {
    throw new RangeError(`${name} must be an absolute directory without . and .., not ${value}`);
  }
  return '/' + clean.join('/');
}

function integer(env: Environment, name: string, fallback: number, shown: string = name): number {
  const value = text(env, name);
  if (value === undefined) return fallback;
  if (!/^\d{1,9}$/.test(value)) throw new RangeError(`${shown} must be a number, not ${value}`);
  return Number(value);
}

function flag(env: Environment, name: string): boolean {
  const value = text(env, name) ?? 'false';
  if (value !== 'true' && value !== 'false') throw new RangeError(`${name} must be true or false, not ${value}`);
  return value === 'true';
}
