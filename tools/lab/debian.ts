// SPDX-License-Identifier: Apache-2.0
// The distribution's programs that the lab needs beside Go. Missing ones are installed where that is possible;
// otherwise the command that installs them is printed. They are found by their files, not by dpkg, so that other
// distributions serve too.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../image/command.ts';

/** A Debian package that the lab knows of. */
export type DebianPackage = keyof typeof PROBES;

const PROBES = {
  'busybox-static': () => existsSync('/bin/busybox') && isStatic('/bin/busybox'),
  crun: () => onPath('crun') !== undefined,
  e2fsprogs: () => onPath('mkfs.ext4') !== undefined,
  gcc: () => onPath('gcc') !== undefined,
  iproute2: () => onPath('ip') !== undefined,
  iptables: () => onPath('iptables') !== undefined,
  jq: () => onPath('jq') !== undefined,
  'libc6-dev': () => existsSync('/usr/include/stdio.h'),
  'libseccomp-dev': () => succeeds('pkg-config', ['--exists', 'libseccomp']),
  'qemu-system-x86': () => onPath('qemu-system-x86_64') !== undefined,
  'pkg-config': () => onPath('pkg-config') !== undefined,
};

/** First file of that name in the folders of PATH and the two where Debian keeps what only root runs. */
export function onPath(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

/** Debian's other busybox is at the same place; a static program names no dynamic loader. */
function isStatic(file: string): boolean {
  return spawnSync('ldd', [file], { encoding: 'utf8' }).status !== 0;
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/**
 * Sees to it that packages are there: installs what is missing when this process is root and there is apt-get.
 * @throws Error with the command that installs them, otherwise
 */
export async function installPackages(packages: readonly DebianPackage[], say: (line: string) => void): Promise<void> {
  const missing = packages.filter((name) => !PROBES[name]());
  if (missing.length === 0) return;
  const names = missing.join(' ');
  if (onPath('apt-get') === undefined) throw new Error(`the lab needs what Debian packages as: ${names}`);
  if (process.geteuid?.() !== 0) {
    throw new Error(
      `run this first: sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${names}`,
    );
  }
  say(`installing Debian packages: ${names}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '--yes', '--no-install-recommends', '-qq', ...missing], { env });
}
