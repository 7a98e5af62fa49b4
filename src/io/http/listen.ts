// SPDX-License-Identifier: Apache-2.0
// How our servers begin to listen: on all addresses that the machine has, whether or not its kernel knows IPv6.
import type { AddressInfo, Server } from 'node:net';

/** Where to listen. */
export interface Place {
  /** 0 takes a free port. */
  readonly port: number;
  /** Left out: all addresses. */
  readonly host?: string;
}

/** Begins to listen; the port. Rejects where it is taken. Errors that come later are the caller's. */
export function listen(server: Server, { port, host }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Without a host Node.js takes `::`, which serves IPv4 as well, and falls back to 0.0.0.0 where there is no IPv6.
    // Asked for `::` by name it fails there (EAFNOSUPPORT).
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
