// SPDX-License-Identifier: Apache-2.0
// Programs of another processor, run by qemu's emulation of it. The kernel is not told of the emulator (binfmt_misc is
// the whole machine's), so a program that starts another one cannot be run to its end.
import { spawnSync } from 'node:child_process';
import { chmod, copyFile } from 'node:fs/promises';
import path from 'node:path';
import { unpackDebian } from '../../tools/image/debian.ts';
import type { Platform } from '../../tools/image/platforms.ts';
import { ownPlatform } from '../../tools/image/platforms.ts';
import type { Finished } from './container.ts';

/** Processors in the words of qemu. */
const PROCESSORS = { amd64: 'x86_64', arm64: 'aarch64' } as const;

/** A static program, for there is nothing of this machine in the root directory. */
const PACKAGE = 'qemu-user-static';

/** Runs a program, named by its path in the root directory, with its arguments and an empty environment. */
export type Emulated = (...words: readonly string[]) => Finished;

/**
 * Puts the emulator of a platform's processor into a root directory of it, where only root can run programs then.
 * @throws Error with apt's own words when the emulator cannot be fetched
 */
export async function emulate({ arch }: Platform, root: string): Promise<Emulated> {
  const { root: unpacked } = await unpackDebian(ownPlatform(), [PACKAGE]);
  const emulator = path.join(root, 'emulator');
  await copyFile(path.join(unpacked, 'usr/bin', `qemu-${PROCESSORS[arch]}-static`), emulator);
  await chmod(emulator, 0o755);
  return (...words) => {
    const options = { encoding: 'utf8', env: {}, timeout: 300_000 } as const;
    const ended = spawnSync('/usr/sbin/chroot', [root, '/emulator', ...words], options);
    const { error, status, signal, stdout, stderr } = ended;
    if (error !== undefined) throw error;
    if (status === null) throw new Error(`${words.join(' ')} ended by ${String(signal)}: ${stderr}`);
    return { status, stdout, stderr };
  };
}
