// SPDX-License-Identifier: Apache-2.0
// An API server and its etcd, on loopback: what tests of the runtime and of the CRDs need, and the head of a cluster.
// Several can run at once, each with a folder and ports of its own.
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../image/command.ts';
import { ApiClient } from './api-client.ts';
import { apiServerReady, startApiServer } from './apiserver.ts';
import { provide } from './binaries.ts';
import type { Say } from './build.ts';
import { startControllerManager } from './controllers.ts';
import { etcdReady, startEtcd } from './etcd.ts';
import { Identities } from './identities.ts';
import type { Ground, Running } from './launch.ts';
import { anyPort } from './ports.ts';
import type { Pki } from './pki.ts';
import { makePki } from './pki.ts';
import type { ProcessId } from './processes.ts';
import { endAll } from './processes.ts';
import { controlPlanePrograms } from './programs.ts';

/** How a control plane differs from the usual one. */
export interface ControlPlaneOptions {
  /** kube-controller-manager runs too: garbage collection, default service accounts, aggregated roles. */
  readonly controllerManager?: boolean;
  /** More arguments for kube-apiserver; they win over the lab's own. */
  readonly apiServerArgs?: readonly string[];
  /** Where progress goes when programs have to be built first; stderr if not given. */
  readonly say?: Say;
}

const loopback = '127.0.0.1';

/**
 * Starts a control plane that ends with this process at the latest. It takes about four seconds.
 * @throws Error when a program is missing and can't be built, or doesn't become ready
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spo-lab-'));
  const started: ProcessId[] = [];
  const ground: Ground = {
    bin: path.join(folder, 'bin'),
    logs: path.join(folder, 'log'),
    dieWithParent: true,
    note: (id) => started.push(id),
  };
  // Who forgets to stop it, or throws, leaves no folder behind either; the programs end by themselves.
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const removeAll = async (): Promise<void> => {
    await endAll(started, 0);
    removeFolder();
    process.removeListener('exit', removeFolder);
  };
  try {
    return await raise(ground, folder, await anyPort(), options, removeAll);
  } catch (error) {
    await removeAll();
    throw error;
  }
}

/**
 * Starts etcd and the API server in a folder.
 * @param dispose - ends what was started and removes the folder
 * @throws Error when one doesn't become ready
 */
export async function raise(
  ground: Ground,
  folder: string,
  port: number,
  options: ControlPlaneOptions,
  dispose: () => Promise<void>,
): Promise<ControlPlane> {
  await provide(controlPlanePrograms, ground.bin, options.say ?? ((line) => console.error(`lab: ${line}`)));
  const etcd = await startEtcd(ground, path.join(folder, 'etcd'));
  const pki = await makePki(path.join(folder, 'pki'), [loopback, 'localhost', 'kubernetes.default.svc']);
  await etcdReady(etcd);
  const place = { address: loopback, port, etcd: etcd.endpoint, nodes: false, extraArgs: options.apiServerArgs ?? [] };
  const plane = new ControlPlane(folder, `https://${loopback}:${port}`, pki, ground, dispose, () =>
    startApiServer(ground, pki, place),
  );
  await plane.startApiServer();
  await writeFile(plane.kubeconfig, plane.identities.adminKubeconfig, { mode: 0o600 });
  if (options.controllerManager === true) await startControllerManager(ground, pki, plane.url, folder);
  return plane;
}

/** A running control plane. */
export class ControlPlane {
  /** URL of the API server. */
  readonly url: string;
  /** File for a user who may do everything. */
  readonly kubeconfig: string;
  /** Folder of the programs, kubectl among them. */
  readonly bin: string;
  /** Requests with every right. */
  readonly admin: ApiClient;
  /** Other users, for tests of access rights. */
  readonly identities: Identities;
  readonly #start: () => Promise<Running>;
  readonly #dispose: () => Promise<void>;
  #apiServer: Running | undefined;

  /** For startControlPlane(). */
  constructor(
    folder: string,
    url: string,
    pki: Pki,
    ground: Ground,
    dispose: () => Promise<void>,
    start: () => Promise<Running>,
  ) {
    this.url = url;
    this.kubeconfig = path.join(folder, 'kubeconfig');
    this.bin = ground.bin;
    this.admin = new ApiClient(url, pki.authority.certificate, pki.admin);
    this.identities = new Identities(folder, url, pki, this.admin);
    this.#start = start;
    this.#dispose = dispose;
  }

  /** Starts the API server again after stopApiServer(), on the same port and with the same data. */
  async startApiServer(): Promise<void> {
    this.#apiServer = await this.#start();
    await apiServerReady(this.#apiServer, this.admin);
  }

  /** Ends the API server alone: SIGKILL breaks all connections at once, SIGTERM (which it may take long to obey) drains them. */
  async stopApiServer(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (this.#apiServer === undefined) return;
    await endAll([this.#apiServer.id], signal === 'SIGKILL' ? 0 : 120_000);
    this.#apiServer = undefined;
  }

  /** Halts the API server without ending it: connections stay open and nothing answers, until `halted` is false. */
  haltApiServer(halted: boolean): void {
    if (this.#apiServer !== undefined) process.kill(this.#apiServer.id.pid, halted ? 'SIGSTOP' : 'SIGCONT');
  }

  /**
   * Runs kubectl with every right and returns its output.
   * @throws Error with the end of its stderr when it fails
   */
  async kubectl(...args: readonly string[]): Promise<string> {
    return run(path.join(this.bin, 'kubectl'), args, { env: { KUBECONFIG: this.kubeconfig } });
  }

  /** Ends everything and removes the folder. */
  async stop(): Promise<void> {
    this.admin.close();
    await this.#dispose();
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
