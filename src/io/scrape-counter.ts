// SPDX-License-Identifier: Apache-2.0
// A registry as a page that counts its readers, under the name that Prometheus' own library gives this counter: checks of
// the endpoint look for it.
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** The text of a registry; each call is counted before it is answered. */
export function countedPage(registry: Registry): () => Promise<string> {
  const scrapes = new Counter({
    name: 'promhttp_metric_handler_requests_total',
    help: 'Total number of scrapes by HTTP status code.',
    labelNames: ['code'],
    registers: [registry],
  });
  return () => {
    scrapes.inc({ code: '200' });
    return registry.metrics();
  };
}
