// SPDX-License-Identifier: Apache-2.0
// The parts that all guests share, made once and cached: a kernel of Debian's, an initrd with its drivers, and a folder
// of Debian's packages that lies over the machine's root directory in the guest. Nothing of it is installed on the
// machine but qemu.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from '../../image/cache.ts';
import { run } from '../../image/command.ts';
import { unpackDebian } from '../../image/debian.ts';
import { ownPlatform } from '../../image/platforms.ts';
import type { Say } from '../build.ts';
import { installPackages } from '../debian.ts';
import type { SecurityModule } from './security-module.ts';
import { buildPolicy, POLICY_SOURCES } from './policy.ts';

/** Files that a guest is started from. None of them is ever changed. */
export interface GuestSystem {
  readonly kernel: string;
  readonly initrd: string;
  /** Folder over the machine's root directory. */
  readonly root: string;
}

/** Debian's names; what they depend on comes with them. */
const PACKAGES = [
  'linux-image-amd64',
  'kmod',
  'iproute2',
  'iptables',
  'apparmor',
  'selinux-policy-default',
  'policycoreutils',
  'selinux-utils',
  'semodule-utils',
];

/** Drivers in the order in which they need each other. */
const DRIVERS = (
  'virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk failover net_failover virtio_net ' +
  'virtio-rng crc32c_generic jbd2 mbcache crc16 ext4 netfs fscache 9pnet 9p 9pnet_virtio overlay'
).split(' ');

/** Folders of the root directory that Debian merges into /usr, though packages of this release still name them. */
const MERGED = ['bin', 'sbin', 'lib', 'lib64'];

/** The sources of the parts besides packages: when one changes, they are made anew. */
const BASE_SOURCES: readonly string[] = [import.meta.filename, script('init.sh')];

/**
 * The parts of a guest, made where they are missing.
 * @throws Error when this machine can't carry guests, or a part can't be made
 */
export async function guestSystem(module: SecurityModule, say: Say): Promise<GuestSystem> {
  if (process.arch !== 'x64') throw new Error(`guests are made for x86-64 only, this machine is ${process.arch}`);
  if (process.geteuid?.() !== 0) throw new Error('guests need root, because they show the whole machine: sudo');
  await installPackages(['qemu-system-x86', 'busybox-static'], say);
  const packages = await unpackDebian(ownPlatform(), PACKAGES);
  const base = await cached(`guest-${await markOf(packages.versions, BASE_SOURCES)}`, (draft) => {
    say('preparing what guests start from, once: about 15 s');
    return makeBase(packages.root, draft);
  });
  return {
    kernel: path.join(base, 'kernel'),
    initrd: path.join(base, 'initrd'),
    root: module === 'selinux' ? await withPolicy(base, packages.versions, say) : path.join(base, 'root'),
  };
}

/** Path of a script beside this file. */
export function script(name: string): string {
  return path.join(import.meta.dirname, name);
}

async function markOf(versions: readonly string[], sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(versions.join(' '));
  for (const source of sources) hash.update(await readFile(source));
  return hash.digest('hex').slice(0, 12);
}

async function makeBase(unpacked: string, draft: string): Promise<void> {
  const root = path.join(draft, 'root');
  await mergeFolders(unpacked, root);
  const [release = ''] = await readdir(path.join(root, 'usr', 'lib', 'modules'));
  // As installed packages have it done: modprobe, which the kernel calls as well, reads nothing else.
  await run('chroot', [root, 'depmod', release]);
  await run('cp', ['-l', path.join(unpacked, 'boot', `vmlinuz-${release}`), path.join(draft, 'kernel')]);
  await makeInitrd(path.join(root, 'usr', 'lib', 'modules', release), draft);
}

/** The packages as hard links in the layout of an installed system. */
async function mergeFolders(unpacked: string, root: string): Promise<void> {
  await mkdir(path.join(root, 'usr'), { recursive: true });
  await run('cp', ['-al', path.join(unpacked, 'etc'), path.join(unpacked, 'var'), path.join(unpacked, 'usr'), root]);
  for (const name of MERGED) {
    const target = path.join(root, 'usr', name);
    await mkdir(target, { recursive: true });
    await run('cp', ['-al', `${path.join(unpacked, name)}/.`, target]);
    await symlink(`usr/${name}`, path.join(root, name));
  }
}

async function makeInitrd(modules: string, draft: string): Promise<void> {
  const folder = path.join(draft, 'initrd.d');
  const folders = ['bin', 'modules', 'proc', 'sys', 'dev', 'lower/machine', 'lower/system', 'exchange', 'disk', 'root'];
  for (const name of folders) await mkdir(path.join(folder, name), { recursive: true });
  await copyFile('/bin/busybox', path.join(folder, 'bin', 'busybox'));
  await copyFile(script('init.sh'), path.join(folder, 'init'));
  await run('chmod', ['755', path.join(folder, 'init')]);
  await symlink('busybox', path.join(folder, 'bin', 'sh'));
  const files = await readdir(path.join(modules, 'kernel'), { recursive: true });
  for (const driver of DRIVERS) {
    const file = files.find((name) => path.basename(name) === `${driver}.ko`);
    if (file === undefined) throw new Error(`Debian's kernel has no driver ${driver}: ${modules}`);
    await copyFile(path.join(modules, 'kernel', file), path.join(folder, 'modules', `${driver}.ko`));
  }
  await writeFile(path.join(folder, 'modules', 'order'), `${DRIVERS.join('\n')}\n`);
  const pack = 'cd "$1" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 >"$2"';
  await run('sh', ['-c', pack, 'sh', folder, path.join(draft, 'initrd')]);
  await run('rm', ['-r', folder]);
}

/** SELinux's policy is compiled here, because that takes four times as long in a guest. */
async function withPolicy(base: string, versions: readonly string[], say: Say): Promise<string> {
  const mark = await markOf(versions, [...BASE_SOURCES, ...POLICY_SOURCES]);
  const folder = await cached(`guest-selinux-${mark}`, async (draft) => {
    say('compiling the SELinux policy of guests, once: about 20 s');
    const root = path.join(draft, 'root');
    await mkdir(root);
    const from = (name: string): string => path.join(base, 'root', name);
    // Its tools write in these two folders, and what is linked belongs to the other guest as well.
    await run('cp', ['-a', from('etc'), from('var'), root]);
    await run('cp', ['-al', from('usr'), ...MERGED.map(from), root]);
    await buildPolicy(root);
  });
  return path.join(folder, 'root');
}
