// SPDX-License-Identifier: Apache-2.0
// The endpoints that the kubelet probes: `/healthz` answers while the process lives, `/readyz` when its caches are
// filled.
import type { Log } from '../../core/log.ts';
import { probe, PROBE_LIMITS } from '../../io/http/probes.ts';
import { serve } from '../../io/http/server.ts';
import type { HttpServer } from '../../io/http/server.ts';

/** Serves the probes on a port. Rejects where the port is taken. */
export async function serveProbes(port: number, ready: () => boolean, log: Log): Promise<HttpServer> {
  return serve({
    port,
    limits: PROBE_LIMITS,
    routes: {
      '/healthz': probe(() => []),
      '/readyz': probe(() => (ready() ? [] : ['the caches are not filled yet'])),
    },
    onError: (error) => log.error('a probe could not be answered', { error }),
  });
}
