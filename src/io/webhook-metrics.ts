// SPDX-License-Identifier: Apache-2.0
// The metrics of the webhooks in a Prometheus registry. Each outcome of each webhook is shown from the start, so that
// the first failure already is a change of a rate.
import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { METRIC_PREFIX, REVIEW_BUCKETS, REVIEW_OUTCOMES, WEBHOOK_METRICS } from '../core/metrics.ts';
import type { CountedOutcome } from '../core/metrics.ts';

/** Counts reviews. */
export class WebhookMetrics {
  private readonly reviews: Counter<'webhook' | 'outcome'>;
  private readonly duration: Histogram<'webhook'>;
  private readonly onReview: () => void;

  /**
   * @param webhooks - names of the webhooks that the process serves
   * @param onReview - called after each review
   */
  constructor(registry: Registry, webhooks: readonly string[], onReview: () => void = () => undefined) {
    this.onReview = onReview;
    const { reviews, duration } = WEBHOOK_METRICS;
    this.reviews = new Counter({
      name: METRIC_PREFIX + reviews.name,
      help: reviews.help,
      labelNames: reviews.labels,
      registers: [registry],
    });
    this.duration = new Histogram({
      name: METRIC_PREFIX + duration.name,
      help: duration.help,
      labelNames: duration.labels,
      buckets: [...REVIEW_BUCKETS],
      registers: [registry],
    });
    for (const webhook of webhooks) {
      for (const outcome of REVIEW_OUTCOMES) this.reviews.inc({ webhook, outcome }, 0);
      this.duration.zero({ webhook });
    }
  }

  /** A review was answered after so many milliseconds. */
  reviewed(webhook: string, outcome: CountedOutcome, ms: number): void {
    this.reviews.inc({ webhook, outcome });
    this.duration.observe({ webhook }, ms / 1000);
    this.onReview();
  }
}
