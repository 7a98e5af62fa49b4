// SPDX-License-Identifier: Apache-2.0
// Free TCP ports on loopback. They are chosen below the range from which the kernel takes ports for outgoing
// connections (32768 and up, ip_local_port_range), so that no other process gets one between the choice and its use.
import { createServer } from 'node:net';

const LOWEST = 20_000;
const HIGHEST = 32_000;

/** The preferred port when it is free, else the next free one after it. */
export async function portFrom(preferred: number): Promise<number> {
  for (let port = preferred; port < 65_536; port++) if (await isFree(port)) return port;
  throw new Error(`no free port on 127.0.0.1 from ${preferred} on`);
}

/** Some free port. */
export async function anyPort(): Promise<number> {
  return portFrom(LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST)));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
