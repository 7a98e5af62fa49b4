// SPDX-License-Identifier: Apache-2.0
// A cluster that outlives the command which made it: the folder where it is, and the record by which a later command
// finds it, tells about it and takes it down. The record is written before what it tells of happens, so that it is
// never short.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { SecurityModule } from './guest/security-module.ts';
import type { ProcessId } from './processes.ts';
import { isAlive } from './processes.ts';

/** A cluster with a node, an API server alone, or a registry of artifacts. */
export type InstanceType = 'cluster' | 'control-plane' | 'registry';

/** The record of an instance. */
export interface InstanceRecord {
  readonly type: InstanceType;
  /** Which start of the machine it belongs to: after another one no process of it is left. */
  readonly boot: string;
  /** Everything was up. */
  readonly ready: boolean;
  /** URL of the API server or the registry, from the machine. */
  readonly url: string;
  readonly processes: readonly ProcessId[];
  /** Folders outside of the instance's own that were not there before. */
  readonly folders: readonly string[];
  /** Kernel settings as they were before. */
  readonly settings: Readonly<Record<string, string>>;
  /** Root directory of kubelet. */
  readonly kubelet?: string;
  /** Security modules that guests have which are nodes of the cluster. */
  readonly guests?: readonly SecurityModule[];
}

/**
 * Names of the one cluster with a node, of the control plane that `up --control-plane` makes without a name, and of the
 * registry.
 */
export const DEFAULT_NAMES: Readonly<Record<InstanceType, string>> = {
  cluster: 'lab',
  'control-plane': 'control-plane',
  registry: 'registry',
};

const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Folder of all instances of this user. Short, because sockets in it may have no more than 107 bytes. */
export function labFolder(): string {
  const own = process.env['SPO_LAB_FOLDER'];
  if (own !== undefined) return path.resolve(own);
  if (process.geteuid?.() === 0) return '/var/lib/spo-lab';
  return path.join(process.env['XDG_STATE_HOME'] ?? path.join(homedir(), '.local', 'state'), 'spo-lab');
}

/** Names of the instances that left a record. */
export function instanceNames(): readonly string[] {
  if (!existsSync(labFolder())) return [];
  return readdirSync(labFolder()).filter((name) => existsSync(path.join(labFolder(), name, 'record.json')));
}

/** One instance, whether it exists or not. */
export class Instance {
  readonly name: string;
  readonly folder: string;

  /** @throws RangeError when the name can't be that of a folder */
  constructor(name: string) {
    if (!NAME_PATTERN.test(name)) {
      throw new RangeError(`name '${name}': up to 31 lower case letters, digits and hyphens, not a hyphen first`);
    }
    this.name = name;
    this.folder = path.join(labFolder(), name);
  }

  /** Path of a file or folder of it. */
  file(...segments: readonly string[]): string {
    return path.join(this.folder, ...segments);
  }

  /** The record; undefined when the instance does not exist. */
  read(): InstanceRecord | undefined {
    const file = this.file('record.json');
    return existsSync(file) ? parseRecord(JSON.parse(readFileSync(file, 'utf8')), file) : undefined;
  }

  /** Starts a record. */
  create(type: InstanceType, url: string): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o711 });
    this.write({ type, boot: currentBoot(), ready: false, url, processes: [], folders: [], settings: {} });
  }

  /** Changes the record. */
  update(change: Partial<InstanceRecord>): void {
    const record = this.read();
    if (record === undefined) throw new Error(`${this.file('record.json')} has vanished`);
    this.write({ ...record, ...change });
  }

  /** Adds a process to the record. */
  note(id: ProcessId): void {
    this.update({ processes: [...(this.read()?.processes ?? []), id] });
  }

  private write(record: InstanceRecord): void {
    const draft = this.file('record.json.part');
    writeFileSync(draft, JSON.stringify(record, undefined, 2));
    renameSync(draft, this.file('record.json'));
  }
}

/** Whether the machine has not been restarted since. */
export function isOfThisBoot(record: InstanceRecord): boolean {
  return record.boot === currentBoot();
}

/** The processes of a record that still run. */
export function liveProcesses(record: InstanceRecord): readonly ProcessId[] {
  return isOfThisBoot(record) ? record.processes.filter(isAlive) : [];
}

/** Whether all of an instance is up. */
export function isRunning(record: InstanceRecord): boolean {
  return record.ready && liveProcesses(record).length === record.processes.length;
}

function currentBoot(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function parseRecord(value: unknown, file: string): InstanceRecord {
  if (isRecord(value)) return value;
  throw new Error(`${file} is not a record of the lab: remove ${path.dirname(file)}, after a look at what still runs`);
}

/** The lab is the only writer; the fields that tell it from a file of something else are enough. */
function isRecord(value: unknown): value is InstanceRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const texts = ['type', 'boot', 'url'].every((name) => typeof fields.get(name) === 'string');
  const lists = ['processes', 'folders'].every((name) => Array.isArray(fields.get(name)));
  return texts && lists && typeof fields.get('ready') === 'boolean' && typeof fields.get('settings') === 'object';
}
