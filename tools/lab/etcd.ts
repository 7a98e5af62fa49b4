// SPDX-License-Identifier: Apache-2.0
// etcd for one cluster. It listens on sockets in a folder that only its user can enter, so that it needs no ports, no
// certificates and no thought about who else is on the machine.
import { mkdir } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import type { Ground, Running } from './launch.ts';
import { launch, untilReady } from './launch.ts';

const READY_SECONDS = 120;

/** A started etcd. */
export interface Etcd {
  readonly running: Running;
  /** Where the API server finds it. */
  readonly endpoint: string;
}

/** Starts etcd with its data in a folder of its own, and returns before it is ready. */
export async function startEtcd(ground: Ground, folder: string): Promise<Etcd> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const socket = path.join(folder, 'client.sock');
  const running = await launch(ground, {
    name: 'etcd',
    program: 'etcd',
    args: [
      '--name=lab',
      `--data-dir=${path.join(folder, 'data')}`,
      // The data are not needed after a crash of the machine, and each write is several times faster.
      '--unsafe-no-fsync',
      `--listen-client-urls=unix://${socket}`,
      `--listen-peer-urls=unix://${path.join(folder, 'peer.sock')}`,
      // An address for clients must be given, although none uses it.
      '--advertise-client-urls=http://localhost:2379',
      '--log-level=warn',
    ],
  });
  return { running, endpoint: `unix://${socket}` };
}

/**
 * Waits for etcd.
 * @throws Error when it ends, or isn't ready in time
 */
export async function etcdReady({ running, endpoint }: Etcd): Promise<void> {
  const socketPath = new URL(endpoint).pathname;
  const probe = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ socketPath, path: '/readyz', agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      outgoing.once('error', reject);
      outgoing.end();
    });
  await untilReady(running, probe, READY_SECONDS);
}
