// SPDX-License-Identifier: Apache-2.0
// The real roles of the operator as processes that a test or a benchmark may kill, against a real API server: a
// manager, and a daemon for each of a few nodes with a directory of its own. There is no kubelet and no controller: the
// DaemonSet that the manager makes stays without pods, so the nodes that count are those that report.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundle } from '../build.ts';
import { startControlPlane } from './control-plane.ts';
import type { ControlPlane } from './control-plane.ts';
import { launch, tailOf, until } from './launch.ts';
import type { Ground, Running } from './launch.ts';
import { anyPort } from './ports.ts';
import { signal } from './processes.ts';

const root = path.join(import.meta.dirname, '../..');

/** The operator's namespace. */
export const OPERATOR_NAMESPACE = 'security-profiles-operator';

/** How the Containerfile starts Node.js. */
export const AS_IN_THE_IMAGE = {
  args: ['--max-semi-space-size=1', '--lite-mode', '--expose-gc'],
  env: { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_MMAP_THRESHOLD_: '32768' },
} as const;

/** The command that starts a role. */
export interface Program {
  readonly node: string;
  /** The bundle's main file. */
  readonly bundle: string;
}

/** One role as a process that can be ended and begun again. */
export class RoleProcess {
  readonly name: string;
  /** Times it ended without having been asked to, with how and its last log lines. */
  readonly deaths: string[] = [];
  private readonly role: string;
  private readonly env: Readonly<Record<string, string>>;
  private readonly ground: Ground;
  private readonly program: Program;
  private running: Running | undefined;

  constructor(
    ground: Ground,
    program: Program,
    words: readonly [string, string],
    env: Readonly<Record<string, string>>,
  ) {
    const [role, name] = words;
    this.ground = ground;
    this.program = program;
    this.name = name;
    this.role = role;
    this.env = env;
  }

  /** Path of its log; undefined before its first start. */
  get log(): string | undefined {
    return this.running?.log;
  }

  /** The port of its probes on loopback, as its environment has it. */
  get healthPort(): number {
    return Number(this.env['HEALTH_PORT']);
  }

  /** Its pid while it runs. */
  get pid(): number | undefined {
    return this.running?.id.pid;
  }

  /** Starts it; it may take a while until it works. */
  async start(): Promise<void> {
    const env = { ...AS_IN_THE_IMAGE.env, ...this.env };
    const { node, bundle: main } = this.program;
    const args = [...AS_IN_THE_IMAGE.args, main, this.role];
    const running = await launch(this.ground, { name: this.name, program: node, args, env });
    this.running = running;
    void running.ended.then((how) => {
      if (this.running === running) this.deaths.push(`${this.name} ended with ${how}\n${tailOf(running.log)}`);
    });
  }

  /** Sends it a signal and waits for its end; how it ended. */
  async end(name: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<string> {
    const running = this.running;
    if (running === undefined) return 'not running';
    this.running = undefined;
    signal(running.id, name);
    // A process of launch() does not keep this process alive by itself.
    const alive = setInterval(() => undefined, 1000);
    return running.ended.finally(() => clearInterval(alive));
  }
}

/** A node: its daemon and its directory. */
export interface TestNode {
  readonly name: string;
  readonly daemon: RoleProcess;
  /** The kubelet's directory. */
  readonly kubeletDir: string;
}

/** The installation's options. */
export interface InstallationOptions {
  readonly nodes: readonly string[];
  /** Kubeconfig of the roles, where they do not reach the API server as the administrator does. */
  readonly kubeconfig?: string;
  /** That of the daemons, where it is another one. */
  readonly daemonKubeconfig?: string;
  /** Where the directories of the nodes are; a temporary folder if not given. */
  readonly directories?: Readonly<Record<string, string>>;
  /** The Node.js that the roles run on; that of this process if not given. */
  readonly node?: string;
  /** A folder with a bundle that was built before, of this state or another one; one is built if not given. */
  readonly bundle?: string;
}

/** An installed operator. */
export class Installation {
  readonly plane: ControlPlane;
  readonly manager: RoleProcess;
  readonly nodes: readonly TestNode[];
  readonly folder: string;

  private constructor(plane: ControlPlane, folder: string, manager: RoleProcess, nodes: readonly TestNode[]) {
    this.plane = plane;
    this.folder = folder;
    this.manager = manager;
    this.nodes = nodes;
  }

  /** Installs CRDs, namespace and nodes on a control plane, and starts manager and daemons. */
  static async start(plane: ControlPlane, options: InstallationOptions): Promise<Installation> {
    const folder = mkdtempSync(path.join(tmpdir(), 'spo-roles-'));
    const ground: Ground = {
      bin: folder,
      logs: path.join(folder, 'log'),
      dieWithParent: true,
      note: () => undefined,
    };
    const bundled = options.bundle ?? path.join(folder, 'bundle');
    if (options.bundle === undefined) await bundle(bundled);
    const program = { node: options.node ?? process.execPath, bundle: path.join(bundled, 'main.cjs') };
    const base = {
      KUBECONFIG: options.kubeconfig ?? plane.kubeconfig,
      OPERATOR_NAMESPACE,
      METRICS_CERT_DIR: path.join(folder, 'certificates'),
    };
    const environment = async (): Promise<Readonly<Record<string, string>>> => ({
      ...base,
      HEALTH_PORT: String(await anyPort()),
      METRICS_PORT: String(await anyPort()),
    });
    await prepareCluster(plane, options.nodes);
    const manager = new RoleProcess(ground, program, ['manager', 'manager'], {
      ...(await environment()),
      POD_NAME: 'manager',
    });
    const nodes: TestNode[] = [];
    for (const name of options.nodes) {
      const kubeletDir = options.directories?.[name] ?? path.join(folder, name);
      mkdirSync(path.join(kubeletDir, 'seccomp/operator'), { recursive: true });
      const KUBECONFIG = options.daemonKubeconfig ?? base.KUBECONFIG;
      const env = { ...(await environment()), KUBECONFIG, NODE_NAME: name, KUBELET_DIR: kubeletDir };
      nodes.push({ name, daemon: new RoleProcess(ground, program, ['daemon', `daemon-${name}`], env), kubeletDir });
    }
    const made = new Installation(plane, folder, manager, nodes);
    for (const role of made.roles) await role.start();
    await until(
      () => made.isUp(),
      240,
      () => `the operator is not up: ${made.roles.map((role) => role.deaths).join()}`,
    );
    return made;
  }

  /** All processes. */
  get roles(): readonly RoleProcess[] {
    return [this.manager, ...this.nodes.map(({ daemon }) => daemon)];
  }

  /** Ends all processes and removes their folder; how each ended. */
  async stop(): Promise<Readonly<Record<string, string>>> {
    const ends = await Promise.all(this.roles.map(async (role) => [role.name, await role.end('SIGTERM')] as const));
    rmSync(this.folder, { recursive: true, force: true });
    return Object.fromEntries(ends);
  }

  private async isUp(): Promise<boolean> {
    const [daemonSet, reports] = await Promise.all([
      this.plane.admin.request('GET', `/apis/apps/v1/namespaces/${OPERATOR_NAMESPACE}/daemonsets/spod`),
      this.plane.admin.request('GET', REPORTS_PATH),
    ]);
    const { items } = reports.body as { readonly items?: readonly unknown[] };
    return daemonSet.status === 200 && items?.length === this.nodes.length;
  }
}

/** Path of the reports of all nodes. */
export const REPORTS_PATH = `/apis/security-profiles-operator.x-k8s.io/v1alpha1/namespaces/${OPERATOR_NAMESPACE}/securityprofilenodestatuses`;

/** Path of the profiles of a namespace. */
export function profilesPath(namespace: string): string {
  return `/apis/security-profiles-operator.x-k8s.io/v1beta1/namespaces/${namespace}/seccompprofiles`;
}

/** A control plane whose pods need no ServiceAccount: no controller is there to make one. */
export async function startBareControlPlane(): Promise<ControlPlane> {
  return startControlPlane({ apiServerArgs: ['--disable-admission-plugins=ServiceAccount'] });
}

/** Creates an object; one that is there already is as good. */
export async function create(plane: ControlPlane, resource: string, object: object): Promise<void> {
  const { status, body } = await plane.admin.request('POST', resource, object);
  if (status >= 300 && status !== 409) throw new Error(`POST ${resource}: ${String(status)} ${JSON.stringify(body)}`);
}

interface Definitions {
  readonly items: readonly {
    readonly spec: {
      readonly group: string;
      readonly names: { readonly plural: string };
      readonly versions: readonly { readonly name: string }[];
    };
  }[];
}

/** Waits until all kinds are served: for a moment after they are established they may be answered with 404. */
export async function definitionsServed(plane: ControlPlane): Promise<void> {
  await plane.kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=240s');
  const { body } = await plane.admin.request('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
  for (const { spec } of (body as Definitions).items) {
    const lists = spec.versions.map(({ name }) => `/apis/${spec.group}/${name}/${spec.names.plural}?limit=1`);
    const isServed = async (list: string): Promise<boolean> => (await plane.admin.request('GET', list)).status === 200;
    await until(
      async () => (await Promise.all(lists.map(isServed))).every(Boolean),
      240,
      () => `the API server does not serve ${spec.names.plural}`,
    );
  }
}

/** Makes the CRDs, the operator's namespace and some nodes. */
export async function prepareCluster(plane: ControlPlane, nodes: readonly string[]): Promise<void> {
  const crds = readdirSync(path.join(root, 'crds')).flatMap((file) => ['-f', path.join(root, 'crds', file)]);
  await plane.kubectl('apply', ...crds);
  await definitionsServed(plane);
  await create(plane, '/api/v1/namespaces', { metadata: { name: OPERATOR_NAMESPACE } });
  for (const name of nodes) await create(plane, '/api/v1/nodes', { metadata: { name } });
}
