// SPDX-License-Identifier: Apache-2.0
// Makes the API server of a cluster reachable from the machine, on a port of 127.0.0.1.
import { connect } from 'node:net';
import type { Ground, Running } from './launch.ts';
import { launch, untilReady } from './launch.ts';
import { NODE_ADDRESS } from './network.ts';

/** Port of the API server inside of the cluster's network, and from outside when it is free there. */
export const API_SERVER_PORT = 6443;

const READY_SECONDS = 120;

/**
 * Starts the relay, which runs on the machine and enters the network by itself.
 * @param program - the compiled relay
 * @param port - on 127.0.0.1 of the machine
 * @throws Error when it ends at once, because another has taken the port for one
 */
export async function startRelay(ground: Ground, program: string, network: string, port: number): Promise<Running> {
  const { bin, logs, dieWithParent, note } = ground;
  const args = [String(port), network, NODE_ADDRESS, String(API_SERVER_PORT)];
  const running = await launch({ bin, logs, dieWithParent, note }, { name: 'relay', program, args });
  await untilReady(running, () => accepts(port), READY_SECONDS);
  return running;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', reject);
  });
}
