// SPDX-License-Identifier: Apache-2.0
// Guests join a cluster that is up, and are found again by its record.
import type { Say } from '../build.ts';
import { Access } from '../access.ts';
import type { Instance } from '../instance.ts';
import type { Ground } from '../launch.ts';
import { nodeReady } from '../node-state.ts';
import type { Pki } from '../pki.ts';
import { guestNodeName, startGuestNode } from './node.ts';
import { Guest } from './remote.ts';
import type { SecurityModule } from './security-module.ts';

/** Half a minute is usual; on a machine with much else to do it takes many times as long. */
const READY_SECONDS = 600;

/** A cluster for guests to join. */
export interface Host {
  readonly instance: Instance;
  readonly ground: Ground;
  readonly pki: Pki;
  /** URL of the API server in the network. */
  readonly url: string;
  /** Root directory of kubelet. */
  readonly kubelet: string;
  /** Archive of the image that every pod needs. */
  readonly pauseArchive: string;
}

/** The guest of a cluster that is its node with a security module. */
export function guestOf(instance: Instance, module: SecurityModule): Guest {
  return new Guest(module, instance.file('network'), folderOf(instance, module), instance.file('bin'));
}

/**
 * Starts guests and waits until they are nodes that take pods.
 * @throws Error when one doesn't become Ready, with the end of its console
 */
export async function joinGuests(host: Host, modules: readonly SecurityModule[], say: Say): Promise<void> {
  const { instance } = host;
  instance.update({ guests: [...(instance.read()?.guests ?? []), ...modules] });
  // One after the other: what they are made of is prepared once, and only their start takes time.
  const running = [];
  for (const module of modules) {
    const site = { ...host, folder: folderOf(instance, module) };
    running.push({ module, guest: await startGuestNode(host.ground, site, module, say) });
  }
  const access = new Access(instance.folder, instance.read()?.url ?? '', host.pki);
  try {
    await Promise.all(
      running.map(async ({ module, guest }) => {
        await nodeReady(guest, access.admin, guestNodeName(module), READY_SECONDS);
        await guestOf(instance, module).load(host.pauseArchive);
      }),
    );
  } finally {
    access.admin.close();
  }
}

function folderOf(instance: Instance, module: SecurityModule): string {
  return instance.file('guests', guestNodeName(module));
}
