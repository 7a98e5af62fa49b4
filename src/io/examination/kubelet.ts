// SPDX-License-Identifier: Apache-2.0
// The kubelet's directory of a machine, and the files that the operator keeps there.
import { readdir, readFile, readlink, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { KubeletFacts, Room } from '../../core/doctor/node-facts.ts';
import { OPERATOR_ROOT } from '../../core/names.ts';
import { ifThere, isThere, observe } from './reading.ts';

/** Files by which a kubelet's directory is known. */
const KUBELET_FILES = ['pki', 'pods', 'config.yaml'];

/** Looks at the directories below a root. */
export async function kubeletFacts(root: string, directory: string): Promise<KubeletFacts> {
  const [kubelet, own] = [path.join(root, directory), path.join(root, OPERATOR_ROOT)];
  const link = path.join(kubelet, 'seccomp', 'operator');
  const signs = await Promise.all(KUBELET_FILES.map((name) => isThere(path.join(kubelet, name))));
  return {
    directory,
    isThere: signs.includes(true),
    room: await observe(() => roomOf(own)),
    link: await observe(() => ifThere('read', link, readlink(link))),
    profiles: await observe(() => countProfiles(own)),
    daemonRuns: await observe(() => daemonRuns(path.join(root, 'proc'))),
  };
}

/** Room where a directory is, or will be made. */
async function roomOf(directory: string): Promise<Room> {
  const found = await ifThere('look at', directory, statfs(directory));
  if (found === undefined) return roomOf(path.dirname(directory));
  return { bytes: found.bavail * found.bsize, inodes: found.ffree, allInodes: found.files };
}

async function countProfiles(directory: string): Promise<number | undefined> {
  const entries = await ifThere('read', directory, readdir(directory, { recursive: true, withFileTypes: true }));
  if (entries === undefined) return undefined;
  const isProfile = (entry: (typeof entries)[number]): boolean => entry.isFile() && entry.parentPath !== directory;
  return entries.filter((entry) => isProfile(entry) && entry.name.endsWith('.json')).length;
}

/** Whether a process was started as the role `daemon` of our bundle. */
async function daemonRuns(proc: string): Promise<boolean> {
  for (const pid of (await readdir(proc)).filter((name) => /^\d+$/.test(name))) {
    const words = (await readFile(path.join(proc, pid, 'cmdline'), 'utf8').catch(() => '')).split('\0');
    const main = words.findIndex((word) => word.endsWith('/main.cjs'));
    if (main >= 0 && words[main + 1] === 'daemon') return true;
  }
  return false;
}
