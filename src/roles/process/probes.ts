// SPDX-License-Identifier: Apache-2.0
// The endpoints that the kubelet probes: `/healthz` answers while the process lives, `/readyz` when its caches are
// filled, and `/startz` once that has been so. The kubelet asks for readiness at once when a process has started, and
// seldom afterwards: one that had started before it was ready would be taken for unready for as long as ten seconds.
import type { Log } from '../../core/log.ts';
import { SYSTEM_CLOCK } from '../../io/clock.ts';
import { probe, PROBE_LIMITS } from '../../io/http/probes.ts';
import { serve } from '../../io/http/server.ts';
import type { HttpServer } from '../../io/http/server.ts';
import type { Clock } from '../../runtime/clock.ts';

/**
 * One that is not ready after so many milliseconds waits for something else, such as an API server, and has started all
 * the same: the kubelet would end it otherwise.
 */
const STARTING_MS = 30_000;

const FAULT = 'the caches are not filled yet';

/** Serves the probes on a port. Rejects where the port is taken. */
export async function serveProbes(
  port: number,
  ready: () => boolean,
  log: Log,
  clock: Pick<Clock, 'monotonic'> = SYSTEM_CLOCK,
): Promise<HttpServer> {
  const begun = clock.monotonic();
  let hasStarted = false;
  const started = (): boolean => (hasStarted ||= ready() || clock.monotonic() - begun >= STARTING_MS);
  return serve({
    port,
    limits: PROBE_LIMITS,
    routes: {
      '/healthz': probe(() => []),
      '/readyz': probe(() => (ready() ? [] : [FAULT])),
      '/startz': probe(() => (started() ? [] : [FAULT])),
    },
    onError: (error) => log.error('a probe could not be answered', { error }),
  });
}
