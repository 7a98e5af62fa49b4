// SPDX-License-Identifier: Apache-2.0
// An API server and its etcd, on loopback: what tests of the runtime and of the CRDs need, and the head of a cluster.
// Several can run at once, each with a folder and ports of its own.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Access } from './access.ts';
import { apiServerReady, startApiServer } from './apiserver.ts';
import { provide } from './binaries.ts';
import type { Say } from './build.ts';
import { startControllerManager } from './controllers.ts';
import { etcdReady, startEtcd } from './etcd.ts';
import type { Ground, Running } from './launch.ts';
import { onPassingGround } from './passing-ground.ts';
import { anyPort } from './ports.ts';
import type { Pki } from './pki.ts';
import { makePki } from './pki.ts';
import { endAll, signal } from './processes.ts';
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

/** Where a control plane is. */
export interface Site {
  readonly folder: string;
  /** Address that the API server listens on, in the network of the programs. */
  readonly address: string;
  readonly port: number;
  /** URL of the API server, from the machine. */
  readonly url: string;
  /** DNS names and addresses by which it is reached. */
  readonly hosts: readonly string[];
  /** There are nodes. */
  readonly nodes: boolean;
}

/** The machine's own network. */
export const LOOPBACK = '127.0.0.1';

/** The site of a control plane without a node. */
export function loopbackSite(folder: string, port: number): Site {
  const url = `https://${LOOPBACK}:${port}`;
  return { folder, address: LOOPBACK, port, url, hosts: [LOOPBACK, 'localhost'], nodes: false };
}

/**
 * Starts a control plane that ends with this process at the latest. It takes about three seconds.
 * @throws Error when a program is missing and can't be built, or doesn't become ready
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  return onPassingGround('spo-lab-', async ({ folder, ground, dispose }) => {
    const programs = controlPlanePrograms(options.controllerManager === true);
    await provide(programs, ground.bin, options.say ?? ((line) => console.error(`lab: ${line}`)));
    const site = loopbackSite(folder, await anyPort());
    const head = await raise(ground, site, options);
    return new ControlPlane(ground, site, head, options, dispose);
  });
}

/** A started API server and what it needs. */
export interface Head {
  readonly pki: Pki;
  readonly access: Access;
  readonly apiServer: Running;
  /** Where etcd is. */
  readonly etcd: string;
}

/**
 * Starts etcd, the API server and, if wanted, the controller manager at a site where the programs are.
 * @throws Error when one doesn't become ready
 */
export async function raise(ground: Ground, site: Site, options: ControlPlaneOptions): Promise<Head> {
  const { folder, url, hosts } = site;
  const etcd = await startEtcd(ground, path.join(folder, 'etcd'));
  const pki = await makePki(path.join(folder, 'pki'), hosts);
  const access = new Access(folder, url, pki);
  await writeFile(access.kubeconfig, access.identities.adminKubeconfig, { mode: 0o600 });
  await etcdReady(etcd);
  const apiServer = await serve(ground, site, pki, etcd.endpoint, options);
  await apiServerReady(apiServer, access.admin);
  if (options.controllerManager === true) await startControllerManager(ground, pki, insideUrl(site), folder);
  return { pki, access, apiServer, etcd: etcd.endpoint };
}

/** URL of the API server from where the programs run. */
export function insideUrl({ address, port }: Site): string {
  return `https://${address}:${port}`;
}

function serve(ground: Ground, site: Site, pki: Pki, etcd: string, options: ControlPlaneOptions): Promise<Running> {
  const { address, port, nodes } = site;
  return startApiServer(ground, pki, { address, port, nodes, etcd, extraArgs: options.apiServerArgs ?? [] });
}

/** A running control plane. */
export class ControlPlane extends Access {
  private readonly serve: () => Promise<Running>;
  private readonly dispose: () => Promise<void>;
  private apiServer: Running | undefined;

  /** For startControlPlane(). */
  constructor(ground: Ground, site: Site, head: Head, options: ControlPlaneOptions, dispose: () => Promise<void>) {
    super(site.folder, site.url, head.pki);
    this.serve = () => serve(ground, site, head.pki, head.etcd, options);
    this.dispose = dispose;
    this.apiServer = head.apiServer;
  }

  /** Starts the API server again after stopApiServer(), on the same port and with the same data. */
  async startApiServer(): Promise<void> {
    this.apiServer = await this.serve();
    await apiServerReady(this.apiServer, this.admin);
  }

  /**
   * Ends the API server alone: SIGKILL breaks all connections at once, SIGTERM lets it drain them, which may take long.
   */
  async stopApiServer(how: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (this.apiServer === undefined) return;
    await endAll([this.apiServer.id], how === 'SIGKILL' ? 0 : 120_000);
    this.apiServer = undefined;
  }

  /** Halts the API server without ending it: connections stay open and nothing answers, until `halted` is false. */
  haltApiServer(halted: boolean): void {
    if (this.apiServer !== undefined) signal(this.apiServer.id, halted ? 'SIGSTOP' : 'SIGCONT');
  }

  /** Ends everything and removes the folder. */
  async stop(): Promise<void> {
    this.admin.close();
    await this.dispose();
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
