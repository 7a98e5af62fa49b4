// SPDX-License-Identifier: Apache-2.0
// What needs root on a node, done once by the init container: the directories, their owner, the link from the kubelet's
// directory, and the copies of our own profiles. Everything after it runs as uid 65535. Every step may be repeated.
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  rmdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { DIRECTORY_MODE, FILE_MODE, KUBELET_CONFIG_FILE, NON_ROOT_ID, OPERATOR_ROOT } from '../core/names.ts';
import { profilesRoot, seccompRoot } from '../core/names.ts';

/** Where the node is seen, and what its directories are. */
export interface Host {
  /** The node's root as this process sees it: `/host`, or `/` when it runs on the node itself. */
  readonly mount: string;
  readonly kubeletDir: string;
  /** Directory with our own profiles; they are copied beside the operator's link. */
  readonly ownProfiles: string;
  /** Owner of the directories: 65535, another one only in tests without root. */
  readonly owner?: number;
}

/** Prepares a node; returns what was done, as sentences for the log. */
export async function prepareHost(host: Host): Promise<readonly string[]> {
  const owner = host.owner ?? NON_ROOT_ID;
  const seccomp = path.join(host.mount, seccompRoot(host.kubeletDir));
  const operator = path.join(host.mount, OPERATOR_ROOT);
  for (const directory of [seccomp, operator]) await makeOwned(directory, owner);
  await handOver(operator, owner);
  await link(path.join(host.mount, profilesRoot(host.kubeletDir)), OPERATOR_ROOT);
  await replace(path.join(operator, KUBELET_CONFIG_FILE), JSON.stringify({ kubeletDir: host.kubeletDir }), owner);
  const copied = await copyProfiles(host.ownProfiles, seccomp, owner);
  return [
    `directory ${OPERATOR_ROOT} belongs to ${String(owner)}`,
    `link ${profilesRoot(host.kubeletDir)} leads to ${OPERATOR_ROOT}`,
    ...copied.map((name) => `profile ${seccompRoot(host.kubeletDir)}/${name} is in place`),
  ];
}

async function makeOwned(directory: string, owner: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  await chmod(directory, DIRECTORY_MODE);
  await chown(directory, owner, owner);
}

/** Profiles that an earlier operator wrote as another user must become ours, or they could never be changed. */
async function handOver(directory: string, owner: number): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isDirectory() && !entry.isFile()) continue;
    const item = path.join(entry.parentPath, entry.name);
    const stats = await lstat(item);
    if (stats.uid !== owner || stats.gid !== owner) await chown(item, owner, owner);
  }
}

/** Makes `place` a link to `target`, in one step, so that no pod finds it missing. */
async function link(place: string, target: string): Promise<void> {
  const stats = await lstat(place).catch(() => undefined);
  if (stats?.isSymbolicLink() === true && (await readlink(place)) === target) return;
  if (stats?.isDirectory() === true) await removeEmpty(place, target);
  else if (stats !== undefined && !stats.isSymbolicLink())
    throw new Error(`${place} is neither a link nor a directory`);
  const temporary = `${place}.new-${String(process.pid)}`;
  await symlink(target, temporary);
  await rename(temporary, place);
}

async function removeEmpty(place: string, target: string): Promise<void> {
  await rmdir(place).catch((error: unknown) => {
    const advice = `move its content to ${target} and remove it`;
    throw new Error(`${place} is a directory where the link to ${target} belongs; ${advice}`, { cause: error });
  });
}

async function copyProfiles(from: string, to: string, owner: number): Promise<readonly string[]> {
  const names = await readdir(from).catch((error: unknown) => {
    throw new Error(`our own profiles cannot be read from ${from}`, { cause: error });
  });
  const profiles = names.filter((name) => name.endsWith('.json')).sort();
  for (const name of profiles) await replace(path.join(to, name), await readFile(path.join(from, name), 'utf8'), owner);
  return profiles;
}

/** Writes a file aside and renames it: a container may be starting with the old one at this moment. */
async function replace(file: string, text: string, owner: number): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.new-${String(process.pid)}`);
  await writeFile(temporary, text, { mode: FILE_MODE, flush: true });
  await chmod(temporary, FILE_MODE);
  await chown(temporary, owner, owner);
  await rename(temporary, file);
}
