// SPDX-License-Identifier: Apache-2.0
// What manager and daemon have in common as processes: log, connection to the API server, probes, metrics, profiling, and
// an orderly end. Everything that is opened here is closed in the opposite order.
import { randomUUID } from 'node:crypto';
import { hostname, release } from 'node:os';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Settings } from '../../core/config.ts';
import { METRICS_PATH } from '../../core/names.ts';
import { VERSION } from '../../core/version.ts';
import { AccessControl } from '../../io/access.ts';
import type { KeyPair } from '../../io/certificates.ts';
import { systemClock } from '../../io/clock.ts';
import { IdleMemory } from '../../io/idle-memory.ts';
import { KubeConnection, loadKubeConfig } from '../../io/kube-connection.ts';
import { KubeTransport } from '../../io/kube-transport.ts';
import { createLog } from '../../io/log.ts';
import { ProfilingServer } from '../../io/profiling-server.ts';
import { countedPage } from '../../io/scrape-counter.ts';
import { probe, serve } from '../../io/server.ts';
import type { MachineParts } from '../../runtime/machine.ts';
import { RuntimeMetrics } from '../../runtime/metrics.ts';
import { MetricsEndpoint } from './metrics-endpoint.ts';
import { reviewer } from './reviewer.ts';

/** A process of the operator, as far as it is the same for every role. */
export interface ClusterProcess {
  readonly log: Log;
  /** Our own counters, for `/metrics-spod`. */
  readonly ownRegistry: Registry;
  /** What an operator of the runtime is made of. */
  readonly parts: MachineParts;
  /** Serves both metrics endpoints with a certificate, or changes the certificate. Never rejects: trouble is logged. */
  serveMetrics(certificate: KeyPair): Promise<void>;
  /** Begins to answer probes; `ready` decides over `/readyz`. */
  serveProbes(ready: () => boolean): Promise<void>;
  /** Closes what was opened. */
  close(): Promise<void>;
}

/**
 * Who we are in an election and in events: the pod's name, which a restarted container leads on under. Outside of a pod
 * the host's name is not enough: two processes on one host would both lead.
 */
export function instanceName(podName: string): string {
  return podName === '' ? `${hostname()}-${randomUUID().slice(0, 8)}` : podName;
}

/** Begins a process: its first log lines, its connection, and profiling where it is asked for. */
export async function beginProcess(role: string, instance: string, settings: Settings): Promise<ClusterProcess> {
  const log = createLog({ stream: process.stdout, verbosity: settings.verbosity });
  if (settings.verbosity > 0) log.info(`Set logging verbosity to ${String(settings.verbosity)}`);
  log.named('setup').info('starting security-profiles-operator', {
    role,
    version: VERSION,
    node: process.version,
    platform: `linux/${process.arch}`,
    kernel: release(),
  });
  const registries = { runtime: new Registry(), own: new Registry(), process: new Registry() };
  collectDefaultMetrics({ register: registries.process });
  const metrics = new RuntimeMetrics(registries.runtime);
  const memory = new IdleMemory();
  const connection = new KubeConnection(loadKubeConfig());
  const transport = new KubeTransport(connection, {
    userAgent: `security-profiles-operator-${role}/${VERSION}`,
    onAnswer: (answer) => {
      metrics.requested(answer);
      memory.worked();
    },
  });
  const closers: (() => void | Promise<void>)[] = [() => connection.close(), () => memory.stop()];
  if (settings.profilingPort !== undefined) await startProfiling(settings.profilingPort, log, closers);
  const endpoint = metricsEndpoint(settings.ports.metrics, log, registries, transport);
  closers.push(() => endpoint.close());
  return {
    log,
    ownRegistry: registries.own,
    parts: { transport, clock: systemClock, log, metrics, instance, kinds: [], namespaces: settings.restrictTo },
    serveMetrics: (certificate) => endpoint.use(certificate),
    serveProbes: (ready) => startProbes(settings.ports.health, ready, log, closers),
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** Profiles are for people who look for a fault: that they cannot be served is none that ends the process. */
async function startProfiling(port: number, log: Log, closers: (() => void | Promise<void>)[]): Promise<void> {
  const server = new ProfilingServer({
    port,
    onTrouble: (error) => log.warn('a reader of profiles could not be accepted', { why: errorText(error) }),
  });
  log.info('Starting profiling server', { endpoint: `localhost:${String(port)}` });
  try {
    await server.start();
    closers.push(() => server.stop());
  } catch (error) {
    log.error('profiles cannot be served', { error });
  }
}

async function startProbes(
  port: number,
  ready: () => boolean,
  log: Log,
  closers: (() => void | Promise<void>)[],
): Promise<void> {
  const server = await serve({
    port,
    routes: {
      '/healthz': probe(() => []),
      '/readyz': probe(() => (ready() ? [] : ['the caches are not filled yet'])),
    },
    onError: (error) => log.error('a probe could not be answered', { error }),
  });
  closers.push(() => server.close());
}

interface Registries {
  readonly runtime: Registry;
  readonly own: Registry;
  /** Memory, file descriptors and the like, which both endpoints show. */
  readonly process: Registry;
}

function metricsEndpoint(port: number, log: Log, registries: Registries, transport: KubeTransport): MetricsEndpoint {
  const access = new AccessControl(reviewer(transport));
  return new MetricsEndpoint({
    port,
    pages: new Map([
      [METRICS_PATH.runtime, countedPage(registries.runtime, registries.process)],
      [METRICS_PATH.spod, countedPage(registries.own, registries.process)],
    ]),
    check: (token, path) => access.check(token, path),
    log,
    clock: systemClock,
  });
}
