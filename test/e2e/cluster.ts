// SPDX-License-Identifier: Apache-2.0
// The cluster of the end-to-end tests: the lab's one node with the operator deployed from its own manifests. It is
// started by the first test that needs it and ended after the last one, unless it was running before.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { KINDS } from '../../src/gen/kinds.ts';
import { buildImage } from '../../tools/lab/deploy.ts';
import { guestNodeName } from '../../tools/lab/guest/node.ts';
import type { SecurityModule } from '../../tools/lab/guest/security-module.ts';
import { SECURITY_MODULES } from '../../tools/lab/guest/security-module.ts';
import { BUSYBOX_IMAGE, writeBusyboxImage, writeImage } from '../../tools/lab/images.ts';
import type { ImageContent } from '../../tools/lab/images.ts';

const root = path.join(import.meta.dirname, '../..');

/** The output of a command and its exit status. */
export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Limit of a command, in milliseconds. The limits of tests do not end one that is waited for like this, and kubectl
 * waits for deletions without end.
 */
export const COMMAND_TIMEOUT = 300_000;

function run(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input?: string,
  timeout = COMMAND_TIMEOUT,
): Answer {
  const options = {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    timeout,
    ...(input === undefined ? {} : { input }),
  } as const;
  const { status, stdout, stderr, error } = spawnSync(file, args, options);
  if (error !== undefined) throw new Error(`${file} ${args.join(' ')}`, { cause: error });
  return { status, stdout, stderr };
}

function must(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input?: string,
  timeout = COMMAND_TIMEOUT,
): string {
  const { status, stdout, stderr } = run(file, args, env, input, timeout);
  if (status !== 0)
    throw new Error(`${file} ${args.join(' ')} ended with status ${String(status)}: ${stderr}${stdout}`);
  return stdout;
}

function lab(args: readonly string[]): string {
  return must(process.execPath, ['tools/lab/main.ts', ...args], process.env, undefined, START_TIMEOUT);
}

/** So many seconds a state is waited for: what only one that never comes takes, on a machine with other work to do. */
const PATIENCE_S = 240;

/** Namespace of the operator. */
export const OPERATOR_NAMESPACE = 'security-profiles-operator';

/** The running cluster. */
export class Cluster {
  readonly env: NodeJS.ProcessEnv;
  private asked = 0;

  constructor(env: NodeJS.ProcessEnv) {
    this.env = env;
  }

  /** Runs kubectl; throws when it fails. Returns what it printed. */
  kubectl(args: readonly string[], input?: string): string {
    return must('kubectl', args, this.env, input);
  }

  /** Runs kubectl, whatever comes of it. */
  tryKubectl(args: readonly string[], input?: string): Answer {
    return run('kubectl', args, this.env, input);
  }

  /** Runs a line of shell as root of a node that is a guest; throws when it fails. Returns what it printed. */
  onGuest(module: SecurityModule, line: string): string {
    return lab(['exec', guestNodeName(module), '--', 'sh', '-c', line]);
  }

  /** Runs a line of shell as a user of the cluster would. */
  shell(line: string): Answer {
    return run('bash', ['-c', line], this.env);
  }

  /**
   * Asks the daemon's pod from within the network of the cluster, as a scraper does. The last line is status and HTTP
   * version.
   */
  askDaemon(url: (address: string) => string, ...options: readonly string[]): Answer {
    const pod = ['-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', '-o', 'jsonpath={.items[0].status.podIP}'];
    return this.ask(url(this.kubectl(pod)), ...options);
  }

  /** The answer to a request from within the network of the cluster. The last line is status and HTTP version. */
  ask(url: string, ...options: readonly string[]): Answer {
    const network = `--net=${this.env['LAB_NETWORK'] ?? ''}`;
    return run('nsenter', [network, 'curl', '-sk', '-w', '\n%{http_code} %{http_version}', ...options, url], this.env);
  }

  /** Applies objects. */
  apply(...objects: readonly unknown[]): void {
    this.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  }

  /** Changes fields of the spod's spec; null takes one away. */
  patchSpod(spec: object): void {
    const patch = JSON.stringify({ spec });
    this.kubectl(['-n', OPERATOR_NAMESPACE, 'patch', 'spod', 'spod', '--type=merge', '-p', patch]);
  }

  /** A value of an object by jsonpath; empty when the object or the value is not there. */
  value(kind: string, name: string, namespace: string, jsonpath: string): string {
    return this.tryKubectl(['-n', namespace, 'get', kind, name, '-o', `jsonpath=${jsonpath}`]).stdout;
  }

  /** Asks again until the answer fits. Throws with the last answer when it does not in time. */
  async until<T>(what: string, ask: () => T, fits: (answer: T) => boolean, seconds = PATIENCE_S): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const answer = ask();
      if (fits(answer)) return answer;
      if (Date.now() > end)
        throw new Error(`${what}: not within ${String(seconds)} s, last seen: ${JSON.stringify(answer)}`);
      await sleep(100);
    }
  }

  /**
   * Waits until a pod would be made as it is wanted, by an object that was made just now: each process of the operator
   * has a watch of its own, and that others have seen the object says nothing of the webhook.
   *
   * @param jsonpath - the part of the pod that says so
   */
  async untilAdmitted(pod: object, jsonpath: string, fits: (text: string) => boolean): Promise<void> {
    const create = ['create', '--dry-run=server', '-f', '-', '-o', `jsonpath=${jsonpath}`];
    const name = `dry-${String((this.asked += 1))}`;
    const input = pod as { readonly metadata: object };
    const text = JSON.stringify({ ...input, metadata: { ...input.metadata, name } });
    await this.until('the webhook to know it', () => this.tryKubectl(create, text).stdout, fits);
  }

  /** Waits for a state of a profile. */
  async untilProfile(namespace: string, name: string, state: string): Promise<void> {
    const ask = () => this.value('seccompprofile', name, namespace, '{.status.status}');
    await this.until(`profile ${namespace}/${name} ${state}`, ask, (answer) => answer === state);
  }

  /** Waits for the phase of a pod. */
  async untilPod(namespace: string, name: string, phase: string): Promise<void> {
    const ask = () => this.value('pod', name, namespace, '{.status.phase}');
    await this.until(`pod ${namespace}/${name} ${phase}`, ask, (answer) => answer === phase);
  }

  /** Waits until spod says that it runs with the options that it has now. */
  async untilRunning(): Promise<void> {
    const path = '{.metadata.generation} {.status.observedGeneration} {.status.state}';
    const ask = () => this.value('spod', 'spod', OPERATOR_NAMESPACE, path);
    await this.until('spod RUNNING', ask, (answer) => /^(\d+) \1 RUNNING$/.test(answer));
  }

  /**
   * Asks for the objects of each kind that is there. The API server makes the storage of a kind at the first request. A
   * deletion of the CRD that is the first one fails with "storage is (re)initializing", and is not always tried again
   * before the next resync, five minutes later (Kubernetes 1.37.2, seen twice).
   */
  touchKinds(): void {
    const paths = KINDS.map(({ group, version, plural }) => `'/apis/${group}/${version}/${plural}?limit=1'`);
    this.shell(`for path in ${paths.join(' ')}; do kubectl get --raw "$path" & done; wait`);
  }

  /** Makes an empty namespace for one test. */
  namespace(name: string): string {
    this.kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=true']);
    this.kubectl(['create', 'namespace', name]);
    return name;
  }

  /** Path of a profile's file on the node, which is this machine. */
  file(namespace: string, name: string): string {
    return path.join(this.env['KUBELET_DIR'] ?? '/var/lib/kubelet', 'seccomp/operator', namespace, `${name}.json`);
  }
}

function labEnvironment(): NodeJS.ProcessEnv {
  const line = `eval "$("${process.execPath}" tools/lab/main.ts env)" && env -0`;
  const variables = must('bash', ['-c', line], process.env)
    .split('\0')
    .filter((entry) => entry.includes('='))
    .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const);
  return Object.fromEntries(variables);
}

/** Gives the node an image: it cannot pull any. */
async function load(write: (archive: string) => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'e2e-'));
  try {
    const archive = path.join(folder, 'image.tar');
    await write(archive);
    lab(['load', archive]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes an image of a folder and gives it to the node. */
export async function loadImage(content: ImageContent): Promise<void> {
  await load((archive) => writeImage(content, archive));
}

/** Starting point of all tests: minutes when the lab's programs have to be built. */
export const START_TIMEOUT = 1_800_000;

let nodes: Cluster | undefined;
let started: Cluster | undefined;
let isOurs = false;
/** The image of this tree is built once, and deployed each time. */
const imageFolder = mkdtempSync(path.join(tmpdir(), 'e2e-image-'));
const imageArchive = path.join(imageFolder, 'operator.tar');

/**
 * The nodes alone, with the image of most pods and without the operator.
 *
 * @param modules - security modules for which there is a node more; the first call decides
 */
export async function useNodes(modules: readonly SecurityModule[] = []): Promise<Cluster> {
  if (nodes !== undefined) return nodes;
  isOurs = run(process.execPath, ['tools/lab/main.ts', 'env'], process.env).status !== 0;
  const options = modules.map((module) => `--${module}`);
  await promisify(execFile)(process.execPath, ['tools/lab/main.ts', 'up', ...options], { cwd: root });
  await load((archive) => writeBusyboxImage(archive, console.error));
  nodes = new Cluster(labEnvironment());
  return nodes;
}

/** The cluster with the operator, started when it is not there. Takes minutes the first time on a machine. */
export async function useCluster(): Promise<Cluster> {
  if (started !== undefined) return started;
  // Before two things are started side by side that both would install what is missing.
  must('sh', ['tools/setup.sh', 'start'], process.env, undefined, START_TIMEOUT);
  const [cluster] = await Promise.all([useNodes(), buildImage(imageArchive)]);
  lab(['deploy', '--image', imageArchive]);
  started = cluster;
  await started.untilRunning();
  started.touchKinds();
  return started;
}

/**
 * The cluster with the operator on three nodes, of which two are guests: one with AppArmor and one with SELinux. The
 * operator is deployed once, with these options of the spod from the first, because each roll-out takes guests minutes.
 */
export async function useGuests(spod: object): Promise<Cluster> {
  if (started !== undefined) return started;
  must('sh', ['tools/setup.sh', 'start'], process.env);
  const [cluster] = await Promise.all([useNodes(SECURITY_MODULES), buildImage(imageArchive)]);
  const guests = SECURITY_MODULES.map(guestNodeName);
  // The operator's Deployments have no reason to be there, where everything takes ten times as long.
  cluster.kubectl(['cordon', ...guests]);
  lab(['deploy', '--image', imageArchive, '--spod', JSON.stringify(spod)]);
  cluster.kubectl(['uncordon', ...guests]);
  started = cluster;
  await started.untilRunning();
  started.touchKinds();
  return started;
}

/**
 * Applies the operator's manifest again, and waits until it runs.
 *
 * @param spod - options from the first, where there is no spod
 */
export async function redeploy(cluster: Cluster, spod?: object): Promise<void> {
  lab(['deploy', '--image', imageArchive, ...(spod === undefined ? [] : ['--spod', JSON.stringify(spod)])]);
  await cluster.untilRunning();
  cluster.touchKinds();
}

after(function () {
  this.timeout(600_000);
  if (isOurs) lab(['down']);
  rmSync(imageFolder, { recursive: true });
});

/** Gives the cluster to the tests of a suite, and an empty namespace that goes when they are through. */
export function inNamespace(namespace: string, ready: (cluster: Cluster) => void): void {
  before(async function () {
    this.timeout(START_TIMEOUT);
    const cluster = await useCluster();
    cluster.namespace(namespace);
    ready(cluster);
  });

  after(async () => {
    (await useCluster()).kubectl(['delete', 'namespace', namespace, '--wait=false']);
  });
}

/** A SeccompProfile as an object. */
export function seccompProfile(namespace: string, name: string, spec: object): object {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { namespace, name },
    spec,
  };
}

/** A ProfileBinding to a SeccompProfile as an object; the spec without its profileRef. */
export function profileBinding(namespace: string, name: string, profile: string, spec: object): object {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileBinding',
    metadata: { namespace, name },
    spec: { profileRef: { kind: 'SeccompProfile', name: profile }, ...spec },
  };
}

/** A pod of one shell command, under a localhost profile where one is named. */
export function shellPod(namespace: string, name: string, command: string, localhostProfile?: string): object {
  const securityContext =
    localhostProfile === undefined
      ? {}
      : { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      ...securityContext,
      containers: [
        { name: 'shell', image: BUSYBOX_IMAGE, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', command] },
      ],
    },
  };
}
