// SPDX-License-Identifier: Apache-2.0
// The manager: the spod object becomes the DaemonSet, and what all nodes say becomes the status of profiles. Wiring
// only; what happens is in the handlers.
import { parseManagerSettings } from '../core/config.ts';
import type { Environment } from '../core/env.ts';
import { authorityValidity, issueServer, makeAuthority, validityOf } from '../io/http/certificates.ts';
import { SeccompCounters } from '../io/counters.ts';
import { GateCounters } from '../io/gate-counters.ts';
import { aborted } from '../runtime/clock.ts';
import { beginProcess, instanceName } from './process/cluster-process.ts';
import { wireManager } from './wiring/manager.ts';

/** Runs the manager until the signal aborts; the exit status. */
export async function manager(args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseManagerSettings(args, env);
  const process = await beginProcess('manager', instanceName(settings.podName), settings);
  const wiring = wireManager(settings, process.parts, {
    certificates: { makeAuthority, issueServer, validityOf, authorityValidity },
    counters: new SeccompCounters(process.ownRegistry),
    gates: new GateCounters(process.ownRegistry),
    onCertificate: (pair) => void process.serveMetrics(pair),
  });
  await process.serveProbes(() => wiring.operator.ready);
  const stopped = aborted(signal).then(() => wiring.operator.stop());
  await wiring.operator.start();
  if (!signal.aborted) wiring.started();
  await stopped;
  await process.close();
  process.log.info('stopped');
  return 0;
}
