// SPDX-License-Identifier: Apache-2.0
// `npm run lab -- guest` and `exec`: commands on a kernel with AppArmor or SELinux, from the terminal.
import type { Say } from '../build.ts';
import type { Cluster } from '../cluster.ts';
import type { GuestAnswer } from './answer.ts';
import { runInGuest } from './run.ts';
import type { SecurityModule } from './security-module.ts';

/** Runs a command in a guest of its own, prints what it printed, and returns its status. */
export async function guestCommand(module: SecurityModule, command: readonly string[], say: Say): Promise<number> {
  return print(await runInGuest({ module, command, say }));
}

/**
 * Runs a command in a guest that is a node, prints what it printed, and returns its status.
 * @throws RangeError when there is no such guest
 */
export async function execCommand(cluster: Cluster, node: string, command: readonly string[]): Promise<number> {
  const guest = cluster.guests.find(({ name }) => name === node);
  if (guest === undefined) {
    const names = cluster.guests.map(({ name }) => name).join(', ');
    throw new RangeError(`no node '${node}' is a guest; there are: ${names === '' ? 'none' : names}`);
  }
  return print(await guest.exec(command));
}

function print({ status, stdout, stderr }: GuestAnswer): number {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return status;
}
