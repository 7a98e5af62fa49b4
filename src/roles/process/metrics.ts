// SPDX-License-Identifier: Apache-2.0
// The metrics of a process: its registries as pages, behind the API server's word on who may read them.
import type { Registry } from 'prom-client';
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { METRICS_PATH } from '../../core/names.ts';
import { SYSTEM_CLOCK } from '../../io/clock.ts';
import { AccessControl } from '../../io/http/access.ts';
import { METRICS_LIMITS, metricsRoutes } from '../../io/http/metrics.ts';
import { countedPage } from '../../io/http/scrape-counter.ts';
import type { KubeTransport } from '../../io/kube/transport.ts';
import { TlsEndpoint } from './tls-endpoint.ts';
import { reviewer } from './token-review.ts';

/** The registries of a process. */
export interface Registries {
  /** Metrics of the runtime, for `/metrics`. */
  readonly runtime: Registry;
  /** Our own counters, for `/metrics-spod`. */
  readonly own: Registry;
  /** Memory, file descriptors and the like, which both pages show. */
  readonly process: Registry;
  /** Text that follows on `/metrics-spod`. */
  readonly more?: () => Promise<string>;
}

/** The endpoint of both pages; it serves when it gets a certificate. */
export function metricsEndpoint(
  port: number,
  log: Log,
  registries: Registries,
  transport: Pick<KubeTransport, 'request'>,
): TlsEndpoint {
  const more = registries.more ?? (() => Promise.resolve(''));
  const own = countedPage(registries.own, registries.process);
  const access = new AccessControl(reviewer(transport));
  const routes = metricsRoutes({
    pages: new Map([
      [METRICS_PATH.runtime, countedPage(registries.runtime, registries.process)],
      [METRICS_PATH.spod, async () => (await own()) + (await more())],
    ]),
    check: (token, path, from) => access.check(token, path, from),
    onUnknown: (error) => log.warn('permission to read metrics could not be asked for', { why: errorText(error) }),
  });
  return new TlsEndpoint({ what: 'metrics', port, routes, limits: METRICS_LIMITS, log, clock: SYSTEM_CLOCK });
}
