// SPDX-License-Identifier: Apache-2.0
// A whole cluster with one node, on this machine, in a network of its own. There is one at a time, because its kubelet
// uses places and kernel settings that a machine has only once.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Access } from './access.ts';
import { SERVICE_ADDRESS } from './apiserver.ts';
import { provide } from './binaries.ts';
import type { Say } from './build.ts';
import { compile } from './compile.ts';
import {
  containerdReady,
  importImage,
  PAUSE_IMAGE,
  removeOtherTags,
  socketOf,
  startContainerd,
  tagImage,
} from './containerd.ts';
import type { Head, Site } from './control-plane.ts';
import { insideUrl, LOOPBACK, raise } from './control-plane.ts';
import { startControllerManager, startScheduler } from './controllers.ts';
import { installPackages } from './debian.ts';
import { writeImage } from './images.ts';
import type { InstanceRecord } from './instance.ts';
import { Instance, DEFAULT_NAMES, isRunning } from './instance.ts';
import { startKubelet, startProxy, USUAL_KUBELET_FOLDER } from './kubelet.ts';
import type { Ground } from './launch.ts';
import { absentFolders, podGroups, saveSettings } from './machine.ts';
import { makeNetwork, NODE_ADDRESS } from './network.ts';
import { nodeReady } from './node-state.ts';
import { portFrom } from './ports.ts';
import type { Pki } from './pki.ts';
import { readPki } from './pki.ts';
import { clusterPrograms } from './programs.ts';
import { API_SERVER_PORT, startRelay } from './relay.ts';
import { takeDown } from './take-down.ts';

/** The place of the one cluster. */
export function clusterInstance(): Instance {
  return new Instance(DEFAULT_NAMES.cluster);
}

/**
 * Makes the cluster where no instance is.
 * @throws Error when this machine can't carry one, or a part doesn't become ready; then nothing but logs is left of it
 */
export async function makeCluster(instance: Instance, say: Say): Promise<Cluster> {
  if (process.geteuid?.() !== 0) throw new Error('a cluster with a node needs root: sudo, or up --control-plane');
  const [busy] = podGroups();
  if (busy !== undefined) throw new Error(`another kubelet runs on this machine, or has left ${busy}`);
  await installPackages(['iproute2', 'iptables', 'gcc', 'libc6-dev'], say);
  const port = await portFrom(API_SERVER_PORT);
  instance.create('cluster', `https://${LOOPBACK}:${port}`);
  try {
    await provide(clusterPrograms(), instance.file('bin'), say);
    await start(instance, port);
    instance.update({ ready: true });
  } catch (error) {
    await takeDown(instance, true);
    throw error;
  }
  return openCluster(instance);
}

/**
 * The cluster of an instance that is up.
 * @throws Error when it isn't
 */
export async function openCluster(instance: Instance): Promise<Cluster> {
  const record = instance.read();
  if (record?.type !== 'cluster' || !isRunning(record)) throw new Error('no cluster is up: npm run lab -- up');
  return new Cluster(instance, record, await readPki(instance.file('pki')));
}

async function start(instance: Instance, port: number): Promise<void> {
  const folders = absentFolders();
  const kubelet = folders.includes(USUAL_KUBELET_FOLDER) ? USUAL_KUBELET_FOLDER : instance.file('kubelet');
  instance.update({ folders, kubelet, settings: saveSettings() });
  const ground: Ground = {
    bin: instance.file('bin'),
    logs: instance.file('log'),
    network: instance.file('network'),
    dieWithParent: false,
    note: (id) => instance.note(id),
  };
  const [relay] = await Promise.all([compileInto(instance, 'relay'), makeNetwork(instance.file('network'))]);
  await startRelay(ground, relay, instance.file('network'), port);
  const site = siteOf(instance, port);
  const [head] = await Promise.all([raise(ground, site, {}), startRuntime(ground, instance)]);
  await startNode(ground, instance, site, head, kubelet);
}

function siteOf(instance: Instance, port: number): Site {
  const names = [
    'localhost',
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ];
  return {
    folder: instance.folder,
    address: NODE_ADDRESS,
    port: API_SERVER_PORT,
    url: `https://${LOOPBACK}:${port}`,
    hosts: [LOOPBACK, NODE_ADDRESS, SERVICE_ADDRESS, ...names],
    nodes: true,
  };
}

async function compileInto(instance: Instance, name: 'pause' | 'relay'): Promise<string> {
  const file = instance.file(name);
  await compile(name, file);
  return file;
}

async function startRuntime(ground: Ground, instance: Instance): Promise<void> {
  const folder = instance.file('containerd');
  const [containerd, archive] = await Promise.all([startContainerd(ground, folder), makePauseImage(instance)]);
  await containerdReady(containerd);
  await importImage(ground.bin, folder, archive);
}

async function makePauseImage(instance: Instance): Promise<string> {
  const folder = instance.file('pause-image');
  await mkdir(folder);
  await compile('pause', path.join(folder, 'pause'));
  const archive = instance.file('pause.tar');
  await writeImage({ name: PAUSE_IMAGE, folder, config: { Entrypoint: ['/pause'], User: '65535' } }, archive);
  return archive;
}

async function startNode(ground: Ground, instance: Instance, site: Site, head: Head, root: string): Promise<void> {
  const url = insideUrl(site);
  const { pki, access } = head;
  const place = { folder: instance.file('node'), url, root, containerd: socketOf(instance.file('containerd')) };
  const kubelet = await startKubelet(ground, pki, place);
  await startControllerManager(ground, pki, url, instance.folder);
  await startScheduler(ground, pki, url, instance.folder);
  await startProxy(ground, pki, place);
  await nodeReady(kubelet, access.admin);
  access.admin.close();
}

/** A running cluster. */
export class Cluster extends Access {
  /** Socket of containerd. */
  readonly containerd: string;
  /** Root directory of kubelet. */
  readonly kubelet: string;
  /** File of the network namespace that the node and its host network pods are in, for `nsenter --net=`. */
  readonly network: string;
  private readonly instance: Instance;
  private readonly containerdFolder: string;

  /** For openCluster(). */
  constructor(instance: Instance, record: InstanceRecord, pki: Pki) {
    super(instance.folder, record.url, pki);
    this.containerdFolder = instance.file('containerd');
    this.containerd = socketOf(this.containerdFolder);
    this.kubelet = record.kubelet ?? USUAL_KUBELET_FOLDER;
    this.network = instance.file('network');
    this.instance = instance;
  }

  /**
   * Imports an image archive, docker's or OCI's, so that pods find it. Returns what the import said.
   * @throws Error when there is no such file, or it is none
   */
  async load(archive: string): Promise<string> {
    if (!existsSync(archive)) throw new Error(`${archive} does not exist`);
    return importImage(this.bin, this.containerdFolder, archive);
  }

  /** Gives an image in the node one more name. */
  async tag(name: string, other: string): Promise<void> {
    await tagImage(this.bin, this.containerdFolder, name, other);
  }

  /** Removes all names of images in a repository but one from the node. */
  async keepOnly(repository: string, kept: string): Promise<void> {
    await removeOtherTags(this.bin, this.containerdFolder, repository, kept);
  }

  /** Ends everything and removes all of it. */
  async stop(): Promise<void> {
    this.admin.close();
    await takeDown(this.instance);
  }
}
