// SPDX-License-Identifier: Apache-2.0
// Guests as nodes of the lab's cluster: one with AppArmor, one with SELinux. The programs of a node are the ones of
// this machine's node, and started alike; they run in the guest.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../image/command.ts';
import type { Say } from '../build.ts';
import { prepareContainerd, socketOf } from '../containerd.ts';
import { installPackages, onPath } from '../debian.ts';
import type { NodePlace } from '../kubelet.ts';
import { prepareKubelet, prepareProxy } from '../kubelet.ts';
import type { Ground, Launch, Running } from '../launch.ts';
import { launch } from '../launch.ts';
import type { GuestAddresses } from '../network.ts';
import { addGuest, guestAddresses } from '../network.ts';
import type { Pki } from '../pki.ts';
import { shellCommand, shellWord } from './answer.ts';
import { QEMU, qemuArguments } from './qemu.ts';
import type { SecurityModule } from './security-module.ts';
import { SECURITY_MODULES } from './security-module.ts';
import { favour } from './priority.ts';
import { guestSystem, script } from './system.ts';

/** Folder of containerd's data in a guest. */
export const GUEST_DATA = '/run/disk/containerd';

const MEMORY_MIB = 2048;
const DISK_GIB = 8;

/** Where a guest's files are, and how it finds the cluster. */
export interface GuestSite {
  /** Folder of the guest on this machine; it is there under the same path in the guest. */
  readonly folder: string;
  /** URL of the API server in the network. */
  readonly url: string;
  /** Root directory of kubelet. */
  readonly kubelet: string;
  readonly pki: Pki;
}

/** Name of the node with a security module. */
export function guestNodeName(module: SecurityModule): string {
  return `lab-${module}`;
}

/** Addresses of the node with a security module. */
export function guestNodeAddresses(module: SecurityModule): GuestAddresses {
  return guestAddresses(SECURITY_MODULES.indexOf(module) + 1);
}

/**
 * Starts a guest that will be a node, and returns before it is Ready.
 * @param ground - with the network that the cluster is in
 */
export async function startGuestNode(
  ground: Ground,
  site: GuestSite,
  module: SecurityModule,
  say: Say,
): Promise<Running> {
  await installPackages(['e2fsprogs'], say);
  const system = await guestSystem(module, say);
  const addresses = guestNodeAddresses(module);
  const exchange = path.join(site.folder, 'exchange');
  await mkdir(exchange, { recursive: true });
  await writeNode(ground.bin, site, module, exchange);
  const disk = path.join(site.folder, 'disk');
  await run('truncate', ['-s', `${DISK_GIB}G`, disk]);
  await run(onPath('mkfs.ext4') ?? 'mkfs.ext4', ['-q', '-E', 'lazy_itable_init=1,lazy_journal_init=1', disk]);
  await addGuest(ground.network ?? '', addresses);
  const console = path.join(ground.logs, `${guestNodeName(module)}-console.log`);
  const { device } = addresses;
  const args = qemuArguments({ module, system, exchange, console, memoryMiB: MEMORY_MIB, disk, device });
  const running = await launch(ground, { name: guestNodeName(module), program: onPath(QEMU) ?? QEMU, args });
  await favour(running.id.pid);
  return running;
}

async function writeNode(bin: string, site: GuestSite, module: SecurityModule, exchange: string): Promise<void> {
  const { address, gateway, podRange } = guestNodeAddresses(module);
  const place: NodePlace = {
    name: guestNodeName(module),
    address,
    folder: path.join(site.folder, 'node'),
    url: site.url,
    root: site.kubelet,
    containerd: socketOf(GUEST_DATA),
    // Tests kill containers, often.
    restartPeriod: '1s',
  };
  const containerd = await prepareContainerd({
    config: path.join(site.folder, 'containerd'),
    data: GUEST_DATA,
    bin,
    podRange,
    modules: { apparmor: module === 'apparmor', selinux: module === 'selinux' },
    lowersScores: true,
  });
  const programs = [containerd, await prepareKubelet(site.pki, place), await prepareProxy(site.pki, place)];
  for (const program of programs) await writeProgram(bin, program, exchange);
  const settings = { name: place.name, address, gateway, bin, kubelet: site.kubelet };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${shellWord(value)}\n`);
  await writeFile(path.join(exchange, 'settings.sh'), lines.join(''));
  await copyFile(script('start.sh'), path.join(exchange, 'start.sh'));
  await copyFile(script('serve.sh'), path.join(exchange, 'serve.sh'));
  await copyFile(script('node.sh'), path.join(exchange, 'role.sh'));
}

async function writeProgram(bin: string, { name, program, args }: Launch, exchange: string): Promise<void> {
  const command = shellCommand([path.join(bin, program), ...args]);
  const text = `#!/bin/sh\nexport PATH=${shellWord(bin)}:"$PATH"\nexec ${command}\n`;
  await writeFile(path.join(exchange, `${name}.sh`), text, { mode: 0o755 });
}
