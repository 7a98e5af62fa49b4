// SPDX-License-Identifier: Apache-2.0
// `npm run lab`: a Kubernetes cluster with one node, or an API server alone, on this machine and for this project. Its
// parts and its use in tests: README.md beside this file.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepareMissing } from './binaries.ts';
import { clusterInstance, openCluster } from './cluster.ts';
import { buildImage, deploy } from './deploy.ts';
import { execCommand, guestCommand } from './guest/command.ts';
import type { SecurityModule } from './guest/security-module.ts';
import { SECURITY_MODULES } from './guest/security-module.ts';
import type { InstanceRecord } from './instance.ts';
import { Instance, DEFAULT_NAMES, instanceNames, isRunning } from './instance.ts';
import { ARTIFACT_PROGRAMS, clusterPrograms, PACKAGE_PROGRAMS } from './programs.ts';
import { describe, environmentOf, logParts, printLog } from './report.ts';
import { bringDown, ensureCluster, ensureControlPlane, ensureRegistry } from './up.ts';

const USAGE = `npm run lab -- COMMAND [options]

  build              build the programs of the cluster, which takes minutes the first time; up does it by itself
  up                 start a cluster with one node, and with --apparmor and --selinux a node more for each
  registry           start a registry of artifacts on loopback, and print where it is
  deploy             build the image of the operator, load it, apply manifests/operator.yaml, wait for spod to be RUNNING
  load FILE.tar      import an image archive (docker's or OCI's) into the node
  env                print lines for a shell: eval "$(npm run -s lab -- env)"
  status             what is up, and what it costs
  logs [PART]        the log of etcd, kube-apiserver, kubelet, containerd ...; their names without PART
  exec NODE -- COMMAND   run a command as root of lab-apparmor or lab-selinux
  guest -- COMMAND   run a command in a machine of its own with --apparmor or --selinux, and exit with its status
  down               stop it and remove everything, and the registry unless --name says what

  --control-plane    etcd and API server only; needs no root, runs beside the cluster and others
  --name NAME        which control plane (default: ${DEFAULT_NAMES['control-plane']})
  --apparmor         up, guest: with the security module AppArmor
  --selinux          up, guest: with the security module SELinux, enforcing
  --follow, -f       logs: go on with what is added
  --image FILE.tar   deploy: this archive of npm run image instead of a new one
  --spod JSON        deploy: options of the spod, where there is none yet`;

interface Settings {
  readonly command: string;
  readonly operands: readonly string[];
  /** Undefined for the cluster. */
  readonly controlPlane: string | undefined;
  readonly follow: boolean;
  readonly modules: readonly SecurityModule[];
  /** An archive to deploy; undefined for one to build. */
  readonly image: string | undefined;
  /** Options of the spod as JSON; undefined for the defaults. */
  readonly spod: string | undefined;
}

class UsageError extends Error {}

function readSettings(args: readonly string[]): Settings {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'control-plane': flag,
      name: { type: 'string' },
      follow: { ...flag, short: 'f' },
      apparmor: flag,
      selinux: flag,
      image: { type: 'string' },
      spod: { type: 'string' },
      help: { ...flag, short: 'h' },
    },
  });
  const [command = 'help', ...operands] = values.help ? ['help'] : positionals;
  const named = values.name ?? (values['control-plane'] ? DEFAULT_NAMES['control-plane'] : undefined);
  if (named === DEFAULT_NAMES.cluster) throw new UsageError(`'${named}' is the name of the cluster`);
  const modules = SECURITY_MODULES.filter((name) => values[name]);
  const { follow, image, spod } = values;
  return { command, operands, controlPlane: named, follow, modules, image, spod };
}

function say(line: string): void {
  console.error(`lab: ${line}`);
}

async function up({ controlPlane, modules }: Settings): Promise<void> {
  const started = Date.now();
  const instance = controlPlane === undefined ? clusterInstance() : new Instance(controlPlane);
  const fresh =
    controlPlane === undefined ? (await ensureCluster(say, modules)).fresh : await ensureControlPlane(instance, say);
  const url = instance.read()?.url ?? '';
  const option = controlPlane === undefined ? '' : ` --name ${controlPlane}`;
  say(fresh ? `up after ${((Date.now() - started) / 1000).toFixed(1)} s, at ${url}` : `is up already, at ${url}`);
  say(`go on with: eval "$(npm run -s lab -- env${option})"`);
}

async function registry(): Promise<void> {
  const fresh = await ensureRegistry(say);
  const instance = new Instance(DEFAULT_NAMES.registry);
  const record = instance.read();
  if (record === undefined) throw new Error(`${instance.name} has been taken down meanwhile`);
  say(fresh ? `a registry is up, at ${record.url}` : `a registry is up already, at ${record.url}`);
  console.log(environmentOf(instance, record)[0]);
}

async function down({ controlPlane }: Settings): Promise<void> {
  const instance = controlPlane === undefined ? clusterInstance() : new Instance(controlPlane);
  say((await bringDown(instance, say)) ? `${instance.name} is down` : `${instance.name} was not up`);
  const registries = new Instance(DEFAULT_NAMES.registry);
  if (controlPlane === undefined && (await bringDown(registries, say))) say(`${registries.name} is down`);
}

/** The instance that a command means: the one that is named, else the cluster, else the usual control plane. */
function chosen({ controlPlane }: Settings): { readonly instance: Instance; readonly record: InstanceRecord } {
  const names = controlPlane === undefined ? [DEFAULT_NAMES.cluster, DEFAULT_NAMES['control-plane']] : [controlPlane];
  for (const instance of names.map((name) => new Instance(name))) {
    const record = instance.read();
    if (record !== undefined) return { instance, record };
  }
  throw new Error(`${controlPlane ?? 'nothing'} is not up: npm run lab -- up`);
}

function env(settings: Settings): void {
  const { instance, record } = chosen(settings);
  if (!isRunning(record)) throw new Error(`${instance.name} is not up in full: npm run lab -- status`);
  console.log(environmentOf(instance, record).join('\n'));
}

function status(): void {
  const lines = instanceNames().flatMap((name) => {
    const instance = new Instance(name);
    const record = instance.read();
    return record === undefined ? [] : describe(instance, record);
  });
  console.log(lines.length === 0 ? 'nothing is up' : lines.join('\n'));
}

async function logs(settings: Settings): Promise<void> {
  const { instance } = chosen(settings);
  const [part] = settings.operands;
  if (part === undefined) console.log(logParts(instance).join('\n'));
  else await printLog(instance, part, settings.follow);
}

async function load({ operands }: Settings): Promise<void> {
  if (operands.length === 0) throw new UsageError('load: name the archive');
  const cluster = await openCluster(clusterInstance());
  for (const archive of operands) process.stdout.write(await cluster.load(archive));
}

async function deployOperator({ image, spod }: Settings): Promise<void> {
  const cluster = await openCluster(clusterInstance());
  const archive = image ?? path.join(cluster.folder, 'operator.tar');
  if (image === undefined) {
    say('building the image');
    await buildImage(archive);
  }
  await deploy(cluster, archive, say, spod);
}

async function guest({ modules, operands }: Settings): Promise<void> {
  const [module, other] = modules;
  if (module === undefined || other !== undefined) throw new UsageError('guest: --apparmor or --selinux');
  if (operands.length === 0) throw new UsageError('guest: name the command after --');
  process.exitCode = await guestCommand(module, operands, say);
}

async function exec({ operands: [node, ...command] }: Settings): Promise<void> {
  if (node === undefined || command.length === 0)
    throw new UsageError('exec: name the node, then the command after --');
  process.exitCode = await execCommand(await openCluster(clusterInstance()), node, command);
}

async function build(): Promise<void> {
  await prepareMissing([...clusterPrograms(), ...ARTIFACT_PROGRAMS, ...PACKAGE_PROGRAMS], say);
  say('all programs are there');
}

const COMMANDS: ReadonlyMap<string, (settings: Settings) => Promise<void> | void> = new Map([
  ['build', build],
  ['up', up],
  ['registry', registry],
  ['deploy', deployOperator],
  ['load', load],
  ['env', env],
  ['status', status],
  ['logs', logs],
  ['guest', guest],
  ['exec', exec],
  ['down', down],
  ['help', () => console.log(USAGE)],
]);

async function main(args: readonly string[]): Promise<void> {
  const settings = readSettings(args);
  const command = COMMANDS.get(settings.command);
  if (command === undefined) throw new UsageError(`no command '${settings.command}'`);
  await command(settings);
}

function isUsageError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return error instanceof UsageError || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  if (isUsageError(error)) console.error(`\n${USAGE}`);
  process.exitCode = isUsageError(error) ? 2 : 1;
}
