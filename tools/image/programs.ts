// SPDX-License-Identifier: Apache-2.0
// The compiled programs of the image and what each may do. This table is the whole of the privilege that our image can
// give to anything: the files carry these capabilities, all other code of ours runs with none.
import path from 'node:path';
import { HOME } from './bundle.ts';
import { run } from './command.ts';
import type { Platform } from './platforms.ts';
import { strip } from './strip.ts';
import { place } from './tree.ts';

/** A compiled program and the capabilities of its file, in the words of setcap(8). */
export interface Program {
  readonly name: string;
  /** Path in the image; left out: beside our code. */
  readonly target?: string;
  /** Undefined for a program that needs none. */
  readonly capabilities?: string;
}

/** The privileges of each program, and the reasons. */
export const PROGRAMS: readonly Program[] = [
  // bpf(2) for maps and programs, perf events for attaching them. Nothing else, in particular no SYS_ADMIN.
  { name: 'recorder', capabilities: 'cap_bpf,cap_perfmon=ep' },
  // The same, for all containers of a node.
  { name: 'container_recorder', capabilities: 'cap_bpf,cap_perfmon=ep' },
  // Installs a seccomp filter for a command of the user's. no_new_privs is what it needs instead of a capability.
  { name: 'runner' },
  // Starts recorder, runner and Node.js for people; it gives nothing that its caller has not.
  { name: 'spoc', target: 'usr/bin/spoc' },
  // Reads logs and /proc/PID of any owner, and hears from the kernel which processes end. Writes nothing.
  { name: 'auditor', capabilities: 'cap_dac_read_search,cap_bpf,cap_perfmon=ep' },
  // Becomes root, without any capability then, to change the node's SELinux policy, whose files are root's.
  { name: 'selinux_policy', capabilities: 'cap_setuid,cap_setgid=ep' },
  // Loads AppArmor profiles, none but those of objects. MAC_ADMIN changes policy, and the kernel lets only root and its
  // group see it, which it joins.
  { name: 'apparmor_loader', capabilities: 'cap_mac_admin,cap_setgid=ep' },
  // Shows the seccomp filters of a process to spoc. SYS_ADMIN and the right to trace are its caller's, or it fails.
  { name: 'filter_reader' },
  // Takes memory, time and files away from a program that it runs.
  { name: 'bounded' },
  // Gives directories to uid 65535. The one container that runs it is root's; no other user gains by it.
  { name: 'non_root_enabler' },
];

/** Where Debian keeps setcap, which isn't on every user's PATH. */
const ADMINISTRATORS = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

/** Puts the programs of `folder` below `root`, with the capabilities of their files. */
export async function stagePrograms(platform: Platform, folder: string, root: string): Promise<void> {
  for (const { name, target, capabilities } of PROGRAMS) {
    const file = await place(root, target ?? `${HOME}/${name}`, 0o755, { file: path.join(folder, name) });
    await strip(platform, file);
    // After strip, which writes a new file.
    if (capabilities !== undefined) await run('setcap', [capabilities, file], { env: { PATH: ADMINISTRATORS } });
  }
}
