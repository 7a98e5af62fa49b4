// SPDX-License-Identifier: Apache-2.0
// The pages about metrics and about the reasons of events and errors, from the tables that processes count by.
import { Registry } from 'prom-client';
import { REASONS } from '../../../src/core/errors.ts';
import {
  ALL_METRICS,
  ENRICHER_COUNTERS,
  ENRICHER_DROPS,
  GATE_METRICS,
  GATE_OUTCOMES,
  KIND_COUNTERS,
  METRIC_PREFIX,
  RECORDER_COUNTERS,
  RECORDER_DROPS,
  REVIEW_OUTCOMES,
  WEBHOOK_METRICS,
} from '../../../src/core/metrics.ts';
import { RuntimeMetrics } from '../../../src/runtime/metrics.ts';
import { REASON_MEANINGS } from './reason-meanings.ts';
import { code, printedPage, table } from './table.ts';

function ownRows(): readonly (readonly string[])[] {
  return ALL_METRICS.map(({ name, labels, help }) => [code(METRIC_PREFIX + name), labels.map(code).join(', '), help]);
}

function valueRows(): readonly (readonly string[])[] {
  const kinds = Object.values(KIND_COUNTERS);
  const names = (of: readonly { readonly name: string }[]): string => of.map(({ name }) => code(name)).join(', ');
  const values = (of: readonly string[]): string => of.map(code).join(', ');
  return [
    [names(kinds.map(({ operations }) => operations)), code('operation'), values(['update', 'delete'])],
    [names(kinds.map(({ errors }) => errors)), code('reason'), 'see [Reasons](reasons.md)'],
    [names([WEBHOOK_METRICS.reviews]), code('outcome'), values(REVIEW_OUTCOMES)],
    [names([GATE_METRICS.waits]), code('outcome'), values(GATE_OUTCOMES)],
    [names([ENRICHER_COUNTERS.dropped]), code('reason'), values(ENRICHER_DROPS)],
    [names([RECORDER_COUNTERS.dropped]), code('reason'), values(RECORDER_DROPS)],
  ];
}

/** The page about metrics by its path. */
export async function metricsPage(): Promise<ReadonlyMap<string, string>> {
  const registry = new Registry();
  new RuntimeMetrics(registry);
  const runtime = await registry.getMetricsAsJSON();
  const page = printedPage('src/core/metrics.ts and src/runtime/metrics.ts', [
    '# Metrics',
    'Both paths are served by the manager and by every daemon, over TLS, for whoever may read them ([how to](../how-to/read-metrics.md)). Node.js and process metrics of prom-client are on `/metrics`, too.',
    '## Of profiles: /metrics-spod',
    table(['metric', 'labels', 'meaning'], ownRows()),
    'Values of labels, where they are ours:',
    table(['metric', 'label', 'values'], valueRows()),
    '## Of the runtime: /metrics',
    'Under the names of controller-runtime and client-go, so that dashboards for operators work.',
    table(
      ['metric', 'type', 'meaning'],
      runtime.map(({ name, type, help }) => [code(name), String(type), help]),
    ),
  ]);
  return new Map([['docs/reference/metrics.md', page]]);
}

/** The page about reasons by its path. */
export function reasonsPage(): ReadonlyMap<string, string> {
  const counted = (reason: string): string =>
    Object.values(KIND_COUNTERS)
      .filter(({ reasons }) => reasons.some((known) => known === reason))
      .map(({ errors }) => code(errors.name))
      .join(', ');
  const page = printedPage('src/core/errors.ts', [
    '# Reasons',
    'The same word is the reason of a Kubernetes event, of an entry in a node’s report and of an error counter (without the prefix `security_profiles_operator_`).',
    table(
      ['reason', 'meaning', 'counted in'],
      REASONS.map((reason) => [code(reason), REASON_MEANINGS[reason], counted(reason)]),
    ),
  ]);
  return new Map([['docs/reference/reasons.md', page]]);
}
