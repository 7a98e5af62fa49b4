// SPDX-License-Identifier: Apache-2.0
// The endpoint of the webhooks: a route for each, from the body of a review to the body of its answer. The API server
// shows our words to the user only in an answer, so our own failures are answers, too.
import type { AdmissionAnswer, AdmissionRequest, Webhook } from '../../admission/review.ts';
import { InvalidReview, parseReview, printReview } from '../../admission/review.ts';
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { CountedOutcome } from '../../core/metrics.ts';
import { SYSTEM_CLOCK } from '../../io/clock.ts';
import type { BodyLimits } from '../../io/http/bodies.ts';
import type { Limits, Route, ServerRequest, ServerResponse } from '../../io/http/server.ts';
import { TlsEndpoint } from './tls-endpoint.ts';
import type { EndpointParts } from './tls-endpoint.ts';

/** Webhooks, and where their answers are counted. */
export interface WebhookService {
  readonly webhooks: readonly Webhook[];
  readonly metrics: { reviewed(webhook: string, outcome: CountedOutcome, ms: number): void };
  readonly log: Log;
  /** Says whether pods are refused or admitted where a webhook fails, as its configuration does. */
  readonly failurePolicy: (webhook: string) => 'Fail' | 'Ignore';
}

/**
 * How bodies share a few MiB of the container's 192. A review of an ordinary pod has 10 to 20 KB. An API server sends
 * one of 8 MB without a pause, and takes a tenth of a second for it; what arrives more slowly than this is too late for
 * it, too.
 */
const BODIES: BodyLimits = {
  small: 64 << 10,
  smallRoom: 4 << 20,
  waiting: 16,
  silenceMs: 250,
  turnMs: 1000,
  arrivalMs: 5000,
};

/**
 * Limits of a server of webhooks. API servers open many connections in a burst (153 for 300 reviews of 60 clients were
 * seen) and send up to 3 MB, of which an update holds two objects. Every pod of the cluster reaches the port: an API
 * server comes from the address of its node, which no selector of a NetworkPolicy names.
 */
const LIMITS: Limits = { connections: 1024, body: 8 << 20, bodies: BODIES, requestMs: 10_000, keepAliveMs: 90_000 };

const JSON_TYPE = 'application/json';

/** The endpoint; it serves when it gets a certificate. */
export function webhookEndpoint(
  service: WebhookService,
  place: Pick<EndpointParts, 'port' | 'host' | 'minVersion' | 'onServing'>,
): TlsEndpoint {
  const { log } = service;
  const routes = reviewRoutes(service);
  return new TlsEndpoint({ ...place, what: 'webhooks', routes, limits: LIMITS, log, clock: SYSTEM_CLOCK });
}

/** A route for each webhook. */
export function reviewRoutes(service: WebhookService): Readonly<Record<string, Route>> {
  const routes = service.webhooks.map((webhook) => {
    const route: Route = (request) => respond(request, webhook, service);
    return [webhook.path, route] as const;
  });
  return Object.fromEntries(routes);
}

function respond(request: ServerRequest, webhook: Webhook, service: WebhookService): ServerResponse {
  if (request.method !== 'POST') return { status: 405, body: 'only POST is served\n' };
  if (request.headers['content-type']?.startsWith(JSON_TYPE) !== true) {
    return { status: 400, body: `the content type must be ${JSON_TYPE}\n` };
  }
  const started = performance.now();
  const count = (outcome: CountedOutcome): void =>
    service.metrics.reviewed(webhook.name, outcome, performance.now() - started);
  try {
    const review = parseReview(JSON.parse(request.body));
    const answer = answerOf(webhook, review, service.log);
    count(answer.outcome);
    // Without an answer the API server does as the configuration says, and shows the user nothing of ours.
    if (answer.outcome === 'failed' && service.failurePolicy(webhook.name) === 'Ignore') {
      return { status: 500, body: `the webhook ${webhook.name} failed\n` };
    }
    return { status: 200, body: printReview(review.uid, answer), contentType: JSON_TYPE };
  } catch (error) {
    if (!(error instanceof InvalidReview || error instanceof SyntaxError)) throw error;
    count('invalid');
    return { status: 400, body: `this is no review that can be answered: ${error.message}\n` };
  }
}

/** The webhook's answer; where it throws, a refusal that says so. */
function answerOf(webhook: Webhook, review: AdmissionRequest, log: Log): AdmissionAnswer {
  const { namespace, name } = review;
  try {
    return webhook.review(review);
  } catch (error) {
    log.error('a review failed', { webhook: webhook.name, namespace, name, error });
    const message = `the webhook ${webhook.name} of the Security Profiles Operator failed, its log says more: ${errorText(error)}`;
    return { allowed: false, outcome: 'failed', code: 500, reason: 'InternalError', message };
  }
}
