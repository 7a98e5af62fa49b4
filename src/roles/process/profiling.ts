// SPDX-License-Identifier: Apache-2.0
// Profiling of a process, where the spod object asks for it. A fault here never ends the process.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { ProfilingServer } from '../../io/http/profiling-server.ts';

/** Serves CPU and heap profiles. Returns the function that stops it; where it cannot be served, that is logged. */
export async function serveProfiling(port: number, log: Log): Promise<() => Promise<void>> {
  const server = new ProfilingServer({
    port,
    onTrouble: (error) => log.warn('a reader of profiles could not be accepted', { why: errorText(error) }),
  });
  log.info('Starting profiling server', { endpoint: `localhost:${String(port)}` });
  try {
    await server.start();
    return () => server.stop();
  } catch (error) {
    log.error('profiles cannot be served', { error });
    return () => Promise.resolve();
  }
}
