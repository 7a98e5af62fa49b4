// SPDX-License-Identifier: Apache-2.0
// Takes an instance down, whatever state it is in: complete, half made, or left by a crash of the lab or of the
// machine. Goes by the record and by what it finds, and can be repeated.
import { existsSync, rmSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import type { Instance, InstanceRecord } from './instance.ts';
import { isOfThisBoot, liveProcesses } from './instance.ts';
import { until } from './launch.ts';
import { podGroups, podProcesses, removePodGroups, restoreSettings, unmountUnder } from './machine.ts';
import { processesIn } from './network.ts';
import { endAll, processesFrom } from './processes.ts';

const EMPTY_SECONDS = 60;

/**
 * Ends an instance and removes all that it made.
 * @param keepLogs - leaves the folder of logs
 * @returns false when there was nothing
 * @throws Error when something can't be ended or removed
 */
export async function takeDown(instance: Instance, keepLogs = false): Promise<boolean> {
  const record = instance.read();
  if (record === undefined) {
    const existed = existsSync(instance.folder);
    rmSync(instance.folder, { recursive: true, force: true });
    return existed;
  }
  await endAll([...liveProcesses(record), ...processesFrom(instance.file('bin'))], 0);
  if (record.type === 'cluster') await clearMachine(instance, record);
  await removeFolder(instance, keepLogs);
  return true;
}

/** In this order: nothing may start anything new while its work is being undone. */
async function clearMachine(instance: Instance, record: InstanceRecord): Promise<void> {
  // After a restart of the machine no pod and no setting is the lab's any more, only folders are.
  const ofThisBoot = isOfThisBoot(record);
  const [foreign] = ofThisBoot ? [] : podGroups();
  if (foreign !== undefined) {
    const folders = record.folders.join(', ');
    throw new Error(`${foreign} is not the lab's: see what runs there before removing ${instance.folder}, ${folders}`);
  }
  await endAll([...podProcesses(), ...processesIn(instance.file('network'))], 0);
  const places = [instance.folder, ...record.folders, ...(record.kubelet === undefined ? [] : [record.kubelet])];
  for (const place of places) await unmountUnder(place);
  await until(groupsRemoved, EMPTY_SECONDS, () => 'control groups of pods can not be removed');
  if (ofThisBoot) restoreSettings(record.settings);
  for (const folder of record.folders) await rm(folder, { recursive: true, force: true });
}

/** A group stays busy for a moment after its last process has gone. */
async function groupsRemoved(): Promise<boolean> {
  try {
    removePodGroups();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBUSY') return false;
    throw error;
  }
}

/** The record goes last: until then the next `down` knows what there is to do. */
async function removeFolder(instance: Instance, keepLogs: boolean): Promise<void> {
  const kept = new Set(['record.json', ...(keepLogs ? ['log'] : [])]);
  for (const entry of await readdir(instance.folder)) {
    if (!kept.has(entry)) await rm(instance.file(entry), { recursive: true, force: true });
  }
  await rm(instance.file('record.json'));
  if ((await readdir(instance.folder)).length === 0) await rmdir(instance.folder);
}
