// SPDX-License-Identifier: Apache-2.0
// The parts that manager and daemon have in common as processes: log, connection to the API server, probes, metrics,
// profiling, and an orderly end. Everything that is opened here is closed in the opposite order.
import { randomUUID } from 'node:crypto';
import { hostname, release } from 'node:os';
import { Registry } from 'prom-client';
import type { Log } from '../../core/log.ts';
import type { Settings } from '../../core/config.ts';
import { BUILD_TAGS, VERSION } from '../../core/version.ts';
import { SYSTEM_CLOCK } from '../../io/clock.ts';
import type { KeyPair } from '../../core/certificates.ts';
import { ServerTime } from '../../io/server-time.ts';
import { IdleMemory } from '../../io/idle-memory.ts';
import { KubeConnection, loadKubeConfig } from '../../io/kube/connection.ts';
import { KubeTransport } from '../../io/kube/transport.ts';
import { createLog } from '../../io/log.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import type { Clock } from '../../runtime/clock.ts';
import { RuntimeMetrics } from '../../runtime/metrics.ts';
import { metricsEndpoint } from './metrics.ts';
import { serveProbes } from './probes.ts';
import { collectProcessMetrics } from './process-metrics.ts';
import { serveProfiling } from './profiling.ts';

/** A process of the operator, as far as it is the same for every role. */
export interface ClusterProcess {
  readonly log: Log;
  /** Our own counters, for `/metrics-spod`. */
  readonly ownRegistry: Registry;
  /** The parts of the runtime's operator. */
  readonly parts: ControllerManagerParts;
  /** The machine's clock, set to the time of the API server, which is that of all objects. */
  readonly serverClock: Clock;
  /** Serves both metrics endpoints with a certificate, or changes the certificate. Never rejects: trouble is logged. */
  serveMetrics(certificate: KeyPair): Promise<void>;
  /** Work was done that no answer of the API server tells of: what it leaves behind is collected later. */
  worked(): void;
  /** Begins to answer probes; `ready` decides over `/readyz`. */
  serveProbes(ready: () => boolean): Promise<void>;
  /** Closes what was opened. */
  close(): Promise<void>;
}

/**
 * The identity in an election and in events: the pod's name, under which a restarted container goes on leading. Outside
 * of a pod the host's name is not enough: two processes on one host would both lead.
 */
export function instanceName(podName: string): string {
  return podName === '' ? `${hostname()}-${randomUUID().slice(0, 8)}` : podName;
}

/** Text that follows our own counters on their page: those of another process of the pod. Must not reject. */
export type MorePages = (log: Log) => Promise<string>;

/** Begins a process: its first log lines, its connection, and profiling where it is asked for. */
export async function beginProcess(
  role: string,
  instance: string,
  settings: Settings,
  morePages: MorePages = () => Promise.resolve(''),
): Promise<ClusterProcess> {
  const log = createLog({ stream: process.stdout, verbosity: settings.verbosity });
  if (settings.verbosity > 0) log.info(`Set logging verbosity to ${String(settings.verbosity)}`);
  log.named('setup').info('starting security-profiles-operator', {
    role,
    version: VERSION,
    buildTags: BUILD_TAGS,
    node: process.version,
    platform: `linux/${process.arch}`,
    kernel: release(),
  });
  const registries = { runtime: new Registry(), own: new Registry(), process: new Registry() };
  collectProcessMetrics(registries.process);
  const metrics = new RuntimeMetrics(registries.runtime);
  const memory = new IdleMemory();
  const serverTime = new ServerTime();
  const connection = new KubeConnection(loadKubeConfig());
  const transport = new KubeTransport(connection, {
    userAgent: `security-profiles-operator-${role}/${VERSION}`,
    onAnswer: (answer) => {
      metrics.requested(answer);
      serverTime.heard(answer.date);
      memory.worked();
    },
  });
  const closers: (() => void | Promise<void>)[] = [() => connection.close(), () => memory.stop()];
  if (settings.profilingPort !== undefined) closers.push(await serveProfiling(settings.profilingPort, log));
  const endpoint = metricsEndpoint(
    settings.ports.metrics,
    log,
    { ...registries, more: () => morePages(log) },
    transport,
  );
  closers.push(() => endpoint.close());
  return {
    log,
    ownRegistry: registries.own,
    parts: { transport, clock: SYSTEM_CLOCK, log, metrics, instance, kinds: [], namespaces: settings.restrictTo },
    serverClock: { ...SYSTEM_CLOCK, now: () => serverTime.now() },
    serveMetrics: (certificate) => endpoint.use(certificate),
    worked: () => memory.worked(),
    serveProbes: async (ready) => {
      const server = await serveProbes(settings.ports.health, ready, log);
      closers.push(() => server.close());
    },
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}
