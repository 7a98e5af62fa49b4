// SPDX-License-Identifier: Apache-2.0
// The webhook: answers the API server's questions about new pods, from what it watches. Wiring only; what is answered
// is in src/admission.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyPair } from '../core/certificates.ts';
import { parseWebhookSettings } from '../core/config.ts';
import type { Environment } from '../core/env.ts';
import { certificatesIn } from '../io/http/certificate-files.ts';
import { WebhookMetrics } from '../io/webhook-metrics.ts';
import { aborted } from '../runtime/clock.ts';
import { beginProcess, instanceName } from './process/cluster-process.ts';
import type { ClusterProcess } from './process/cluster-process.ts';
import { webhookEndpoint } from './process/webhook-endpoint.ts';
import { wireWebhook } from './wiring/webhook.ts';

/**
 * How long it goes on answering after it was told to end, in milliseconds: until the API server and the proxies of the
 * nodes have learned from its readiness that there are others to ask.
 */
const DRAIN_MS = 8000;

/** Runs the webhook until the signal aborts, and for a while longer; the exit status. */
export async function webhook(args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseWebhookSettings(args, env);
  const process = await beginProcess('webhook', instanceName(settings.podName), settings);
  if (settings.isStatic) process.log.info('the webhook configurations are kept by others');
  const wiring = wireWebhook(settings, process.parts);
  const metrics = new WebhookMetrics(
    process.ownRegistry,
    wiring.webhooks.map(({ name }) => name),
    () => process.worked(),
  );
  const endpoint = webhookEndpoint({ ...wiring, metrics, log: process.log.named('webhook') }, settings);
  await process.serveProbes(() => wiring.operator.ready && endpoint.isServing && !signal.aborted);
  await wiring.operator.start();
  const ending = new AbortController();
  const certificates = [
    follow(process, settings.webhookCertificates, ending.signal, (pair) => endpoint.use(pair)),
    follow(process, settings.certificates, ending.signal, (pair) => process.serveMetrics(pair)),
  ];
  await aborted(signal);
  endpoint.drain();
  await sleep(DRAIN_MS);
  ending.abort();
  await Promise.all(certificates);
  await endpoint.close();
  await wiring.operator.stop();
  await process.close();
  process.log.info('stopped');
  return 0;
}

/** Hands on the certificate of a directory, as soon as there is one and after each change. Never rejects. */
async function follow(
  process: ClusterProcess,
  directory: string,
  signal: AbortSignal,
  use: (pair: KeyPair) => Promise<void>,
): Promise<void> {
  const onError = (error: unknown): void => process.log.error('a certificate cannot be read', { directory, error });
  for await (const pair of certificatesIn(directory, signal, { onError })) await use(pair);
}
