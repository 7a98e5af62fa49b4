// SPDX-License-Identifier: Apache-2.0
// Routes that the kubelet probes. Every pod of a cluster can reach them, over plain HTTP, so they take nothing: no body
// is read, and each answer ends its connection.
import type { Limits, Route } from './server.ts';

/** Limits of a server of probes. The kubelet opens a connection for each probe, and closes it. */
export const PROBE_LIMITS: Limits = { connections: 64, body: 0, requestMs: 5000, keepAliveMs: 0 };

/** A route that answers `ok`, or 500 with what is wrong, as Kubernetes probes and people with curl expect it. */
export function probe(faults: () => readonly string[]): Route {
  return () => {
    const wrong = faults();
    return wrong.length === 0 ? { status: 200, body: 'ok' } : { status: 500, body: `${wrong.join('\n')}\n` };
  };
}
