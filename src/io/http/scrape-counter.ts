// SPDX-License-Identifier: Apache-2.0
// Registries as a page that counts its readers, under the name that Prometheus' own library gives this counter: checks
// of the endpoint look for it.
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** The text of registries, one after the other; each call is counted in the first before it is answered. */
export function countedPage(registry: Registry, ...others: readonly Registry[]): () => Promise<string> {
  const scrapes = new Counter({
    name: 'promhttp_metric_handler_requests_total',
    help: 'Total number of scrapes by HTTP status code.',
    labelNames: ['code'],
    registers: [registry],
  });
  return async () => {
    scrapes.inc({ code: '200' });
    return (await Promise.all([registry, ...others].map((one) => one.metrics()))).join('');
  };
}
