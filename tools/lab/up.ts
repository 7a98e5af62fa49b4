// SPDX-License-Identifier: Apache-2.0
// Brings instances up and down, one command at a time, and clears away what an interrupted or crashed one has left.
import { rmdirSync } from 'node:fs';
import path from 'node:path';
import { provide } from './binaries.ts';
import type { Say } from './build.ts';
import { buildCache } from './build.ts';
import type { Cluster } from './cluster.ts';
import { addNodes, clusterInstance, makeCluster, openCluster } from './cluster.ts';
import { LOOPBACK, loopbackSite, raise } from './control-plane.ts';
import type { SecurityModule } from './guest/security-module.ts';
import type { InstanceRecord, InstanceType } from './instance.ts';
import { DEFAULT_NAMES, Instance, instanceNames, isRunning, labFolder, liveProcesses } from './instance.ts';
import { withLock } from './lock.ts';
import { portFrom } from './ports.ts';
import { ARTIFACT_PROGRAMS, controlPlanePrograms } from './programs.ts';
import { REGISTRY_PORT, serveRegistry } from './registry.ts';
import { API_SERVER_PORT } from './relay.ts';
import { takeDown } from './take-down.ts';

/** A cluster, and whether it was made just now. */
export interface EnsuredCluster {
  readonly cluster: Cluster;
  /** False when it ran already, so that the caller should leave it running. */
  readonly fresh: boolean;
}

/**
 * The one cluster: the running one, or a new one. It goes on when this process has ended.
 * @param modules - for each there is a node that has it; the running cluster gets those that it lacks
 * @throws Error when this machine can't carry one, or a part doesn't become ready
 */
export async function ensureCluster(say: Say, modules: readonly SecurityModule[] = []): Promise<EnsuredCluster> {
  const instance = clusterInstance();
  return locked(say, async () => {
    const fresh = (await runningRecord(instance, 'cluster', say)) === undefined;
    if (fresh) await makeCluster(instance, say);
    await addNodes(instance, modules, say);
    return { cluster: await openCluster(instance), fresh };
  });
}

/**
 * A control plane that goes on when this process has ended: the running one of that name, or a new one.
 * @returns whether it was made just now
 */
export async function ensureControlPlane(instance: Instance, say: Say): Promise<boolean> {
  return locked(say, async () => {
    if ((await runningRecord(instance, 'control-plane', say)) !== undefined) return false;
    await makeControlPlane(instance, say);
    return true;
  });
}

/** Takes an instance down. Returns false when there was none. */
export async function bringDown(instance: Instance, say: Say): Promise<boolean> {
  return locked(say, async () => {
    const existed = await takeDown(instance);
    if (instanceNames().length === 0) removeEmpty(labFolder());
    return existed;
  });
}

/**
 * The one registry: the running one, or a new one. It goes on when this process has ended.
 * @returns whether it was made just now
 */
export async function ensureRegistry(say: Say): Promise<boolean> {
  const instance = new Instance(DEFAULT_NAMES.registry);
  return locked(say, async () => {
    if ((await runningRecord(instance, 'registry', say)) !== undefined) return false;
    await makeRegistry(instance, say);
    return true;
  });
}

async function makeRegistry(instance: Instance, say: Say): Promise<void> {
  const address = `${LOOPBACK}:${await portFrom(REGISTRY_PORT)}`;
  instance.create('registry', `http://${address}`);
  try {
    const note = instance.note.bind(instance);
    const ground = { bin: instance.file('bin'), logs: instance.file('log'), dieWithParent: false, note };
    await provide(ARTIFACT_PROGRAMS, ground.bin, say);
    await serveRegistry(ground, instance.file('registry'), address);
    instance.update({ ready: true });
  } catch (error) {
    await takeDown(instance, true);
    throw error;
  }
}

async function makeControlPlane(instance: Instance, say: Say): Promise<void> {
  const port = await portFrom(API_SERVER_PORT);
  instance.create('control-plane', `https://${LOOPBACK}:${port}`);
  try {
    const note = instance.note.bind(instance);
    const ground = { bin: instance.file('bin'), logs: instance.file('log'), dieWithParent: false, note };
    await provide(controlPlanePrograms(false), ground.bin, say);
    const { access } = await raise(ground, loopbackSite(instance.folder, port), {});
    access.admin.close();
    instance.update({ ready: true });
  } catch (error) {
    await takeDown(instance, true);
    throw error;
  }
}

/** The record of an instance when it runs; what is left of one that doesn't is taken down. */
async function runningRecord(instance: Instance, type: InstanceType, say: Say): Promise<InstanceRecord | undefined> {
  const record = instance.read();
  if (record === undefined) return undefined;
  if (isRunning(record) && record.type === type) return record;
  if (record.type !== type) throw new Error(`${instance.name} is the name of a ${record.type} that is up`);
  const live = new Set(liveProcesses(record));
  const dead = record.processes.filter((id) => !live.has(id)).map(({ name }) => name);
  const reason = dead.length === 0 ? 'never came up in full' : `has lost ${dead.join(', ')}`;
  say(`an earlier ${record.type} ${reason}: taking it down first`);
  await takeDown(instance);
  return undefined;
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // Logs of a failed start are worth keeping, and a folder that is not there needs no removing.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'ENOENT')))
      throw error;
  }
}

function locked<T>(say: Say, action: () => Promise<T>): Promise<T> {
  return withLock(path.join(buildCache(), 'instances.lock'), action, () =>
    say('another command starts or stops a lab, waiting for it'),
  );
}
