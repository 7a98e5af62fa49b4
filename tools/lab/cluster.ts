// SPDX-License-Identifier: Apache-2.0
// A whole cluster with one node, on this machine, in a network of its own. There is one at a time, because its kubelet
// uses places and kernel settings that a machine has only once.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Access } from './access.ts';
import { SERVICE_ADDRESS } from './apiserver.ts';
import { run } from '../image/command.ts';
import { linkPrograms, prepareMissing } from './binaries.ts';
import type { Say } from './build.ts';
import { compile } from './compile.ts';
import { containerdReady, PAUSE_IMAGE, socketOf, startContainerd } from './containerd.ts';
import type { Head, Site } from './control-plane.ts';
import { insideUrl, LOOPBACK, raise } from './control-plane.ts';
import { startControllerManager, startScheduler } from './controllers.ts';
import { makeRuntimeClass } from './crun.ts';
import { installPackages } from './debian.ts';
import { guestOf, joinGuests } from './guest/join.ts';
import type { Guest } from './guest/remote.ts';
import type { SecurityModule } from './guest/security-module.ts';
import { ImageStore } from './image-store.ts';
import { writeImage } from './images.ts';
import type { InstanceRecord } from './instance.ts';
import { Instance, DEFAULT_NAMES, isRunning } from './instance.ts';
import { NODE_NAME, prepareKubelet, prepareProxy, USUAL_KUBELET_FOLDER } from './kubelet.ts';
import type { Ground } from './launch.ts';
import { launch } from './launch.ts';
import { absentFolders, podGroups, saveSettings } from './machine.ts';
import { makeNetwork, NODE_ADDRESS } from './network.ts';
import { nodeReady } from './node-state.ts';
import { portFrom } from './ports.ts';
import type { Pki } from './pki.ts';
import { readPki } from './pki.ts';
import { clusterPrograms } from './programs.ts';
import { API_SERVER_PORT, startRelay } from './relay.ts';
import { takeDown } from './take-down.ts';

/** File of an instance: the image that every pod needs. */
const PAUSE_ARCHIVE = 'pause.tar';

/** The place of the one cluster. */
export function clusterInstance(): Instance {
  return new Instance(DEFAULT_NAMES.cluster);
}

/**
 * Makes the cluster where no instance is.
 * @throws Error when this machine can't carry one, or a part doesn't become ready; then nothing but logs is left of it
 */
export async function makeCluster(instance: Instance, say: Say): Promise<void> {
  if (process.geteuid?.() !== 0) throw new Error('a cluster with a node needs root: sudo, or up --control-plane');
  requireNoKubelet();
  await installPackages(['iproute2', 'iptables', 'gcc', 'libc6-dev', 'crun', 'jq'], say);
  // No record yet: building takes minutes, and an interruption of what has a record ends all pods of the machine.
  const programs = await prepareMissing(clusterPrograms(), say);
  requireNoKubelet();
  const port = await portFrom(API_SERVER_PORT);
  instance.create('cluster', `https://${LOOPBACK}:${port}`);
  try {
    await linkPrograms(clusterPrograms(), programs, instance.file('bin'));
    await start(instance, port);
    instance.update({ ready: true });
  } catch (error) {
    await takeDown(instance, true);
    throw error;
  }
}

function requireNoKubelet(): void {
  const [busy] = podGroups();
  if (busy !== undefined) throw new Error(`another kubelet runs on this machine, or has left ${busy}`);
}

/**
 * Gives a cluster that is up the nodes with these security modules that it lacks.
 * @throws Error when one doesn't become Ready; the cluster counts as incomplete then
 */
export async function addNodes(instance: Instance, modules: readonly SecurityModule[], say: Say): Promise<void> {
  const record = instance.read();
  const missing = modules.filter((module) => record?.guests?.includes(module) !== true);
  if (record === undefined || missing.length === 0) return;
  say(`starting ${missing.length} guests as nodes, in about half a minute`);
  const host = {
    instance,
    ground: clusterGround(instance),
    pki: await readPki(instance.file('pki')),
    url: `https://${NODE_ADDRESS}:${API_SERVER_PORT}`,
    kubelet: record.kubelet ?? USUAL_KUBELET_FOLDER,
    pauseArchive: instance.file(PAUSE_ARCHIVE),
  };
  await joinGuests(host, missing, say);
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
  const ground = clusterGround(instance);
  const [relay] = await Promise.all([compileInto(instance, 'relay'), makeNetwork(instance.file('network'))]);
  await startRelay(ground, relay, instance.file('network'), port);
  const site = siteOf(instance, port);
  const [head] = await Promise.all([raise(ground, site, {}), startRuntime(ground, instance)]);
  await startNode(ground, instance, site, head, kubelet);
}

/** Ground for the programs of a cluster. */
export function clusterGround(instance: Instance): Ground {
  return {
    bin: instance.file('bin'),
    logs: instance.file('log'),
    network: instance.file('network'),
    dieWithParent: false,
    note: (id) => instance.note(id),
  };
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
  await localImages(instance).import(archive);
}

function localImages(instance: Instance): ImageStore {
  return new ImageStore(run, instance.file('bin', 'ctr'), instance.file('containerd'));
}

async function makePauseImage(instance: Instance): Promise<string> {
  const folder = instance.file('pause-image');
  await mkdir(folder);
  await compile('pause', path.join(folder, 'pause'));
  const archive = instance.file(PAUSE_ARCHIVE);
  await writeImage({ name: PAUSE_IMAGE, folder, config: { Entrypoint: ['/pause'], User: '65535' } }, archive);
  return archive;
}

async function startNode(ground: Ground, instance: Instance, site: Site, head: Head, root: string): Promise<void> {
  const url = insideUrl(site);
  const { pki, access } = head;
  const containerd = socketOf(instance.file('containerd'));
  const place = { name: NODE_NAME, address: NODE_ADDRESS, folder: instance.file('node'), url, root, containerd };
  const kubelet = await launch(ground, await prepareKubelet(pki, place));
  await startControllerManager(ground, pki, url, instance.folder);
  await startScheduler(ground, pki, url, instance.folder);
  await launch(ground, await prepareProxy(pki, place));
  await makeRuntimeClass(access.admin);
  await nodeReady(kubelet, access.admin, NODE_NAME);
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
  /** Nodes beside this machine. */
  readonly guests: readonly Guest[];
  private readonly instance: Instance;

  /** For openCluster(). */
  constructor(instance: Instance, record: InstanceRecord, pki: Pki) {
    super(instance.folder, record.url, pki);
    this.containerd = socketOf(instance.file('containerd'));
    this.kubelet = record.kubelet ?? USUAL_KUBELET_FOLDER;
    this.network = instance.file('network');
    this.guests = (record.guests ?? []).map((module) => guestOf(instance, module));
    this.instance = instance;
  }

  /**
   * Imports an image archive, docker's or OCI's, so that pods find it on every node. Returns what the import said.
   * @throws Error when there is no such file, or it is none
   */
  async load(archive: string): Promise<string> {
    if (!existsSync(archive)) throw new Error(`${archive} does not exist`);
    const local = localImages(this.instance).import(path.resolve(archive));
    const [said] = await Promise.all([local, ...this.guests.map((guest) => guest.load(path.resolve(archive)))]);
    return said;
  }

  /** Whether all nodes have an image of that name. */
  async has(name: string): Promise<boolean> {
    return (await Promise.all(this.stores().map((store) => store.has(name)))).every((isThere) => isThere);
  }

  /** Gives an image in the nodes one more name. */
  async tag(name: string, other: string): Promise<void> {
    await Promise.all(this.stores().map((store) => store.tag(name, other)));
  }

  /** Removes all names of images in a repository but one from the nodes. */
  async keepOnly(repository: string, kept: string): Promise<void> {
    await Promise.all(this.stores().map((store) => store.removeOtherTags(repository, kept)));
  }

  /** Ends everything and removes all of it. */
  async stop(): Promise<void> {
    this.admin.close();
    await takeDown(this.instance);
  }

  private stores(): readonly ImageStore[] {
    return [localImages(this.instance), ...this.guests.map(({ images }) => images)];
  }
}
