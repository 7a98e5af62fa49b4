// SPDX-License-Identifier: Apache-2.0
// The manager: the spod object becomes the DaemonSet, and what all nodes say becomes the status of profiles. Wiring
// only; what happens is in the handlers.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseManagerSettings } from '../core/config.ts';
import type { Environment } from '../core/env.ts';
import { authorityValidity, issueServer, makeAuthority, validityOf } from '../io/http/certificates.ts';
import { countersOfAllKinds } from '../io/kind-counters.ts';
import { GateCounters } from '../io/gate-counters.ts';
import { WebhookMetrics } from '../io/webhook-metrics.ts';
import { aborted } from '../runtime/clock.ts';
import type { SpoOperator } from '../runtime/spo-operator.ts';
import { artifactSide } from './process/artifacts.ts';
import { beginProcess, instanceName } from './process/cluster-process.ts';
import { wireManager } from './wiring/manager.ts';
import { wireStandAside } from './wiring/stand-aside.ts';
import { WebhookInManager, wireWebhookServing } from './wiring/webhook-in-manager.ts';

/** How long webhooks of this process are answered after it was told to end, in milliseconds. */
const DRAIN_MS = 5000;

/** Runs the manager until the signal aborts, or until another operator is found to go before; the exit status. */
export async function manager(args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseManagerSettings(args, env);
  const conflict = new AbortController();
  const end = AbortSignal.any([signal, conflict.signal]);
  const process = await beginProcess('manager', instanceName(settings.podName), settings);
  const parts = { ...process.parts, clock: process.serverClock };
  const wiring = wireManager(settings, parts, {
    certificates: { makeAuthority, issueServer, validityOf, authorityValidity },
    counters: countersOfAllKinds(process.ownRegistry),
    gates: new GateCounters(process.ownRegistry),
    artifacts: artifactSide(env),
    onCertificate: (pair) => void process.serveMetrics(pair),
    servesWebhooks: () => webhooks.isServing,
    standAside: (rival) => {
      process.log.error('another operator goes before, so this one begins anew and waits', { namespace: rival });
      conflict.abort();
    },
  });
  const webhooks = new WebhookInManager(
    settings,
    parts,
    (names) => new WebhookMetrics(process.ownRegistry, names, () => process.worked()),
    () => {
      if (wiring.operator.ready) wiring.started();
    },
  );
  const serving = wireWebhookServing(settings, parts, webhooks);
  await process.serveProbes(() => isReady(wiring.operator, webhooks) && !end.aborted);
  await wireStandAside(settings, parts).wait(signal);
  const stopped = aborted(end).then(async () => {
    await wiring.leave();
    await Promise.all([wiring.operator.stop(), serving.operator.stop()]);
  });
  await Promise.all([wiring.operator.start(), serving.operator.start()]);
  if (!end.aborted) for (const { started } of [wiring, serving]) started();
  await stopped;
  await drained(webhooks);
  await process.close();
  process.log.info('stopped');
  return 0;
}

/** One that has lost its roles is not ready; but what serves webhooks stays where pods are asked about. */
function isReady(operator: SpoOperator, webhooks: WebhookInManager): boolean {
  return operator.ready && webhooks.ready && (operator.forbidden === undefined || webhooks.isServing);
}

/** Where the process serves webhooks, goes on until their clients have found another server, and ends them. */
async function drained(webhooks: WebhookInManager): Promise<void> {
  if (webhooks.isServing) {
    webhooks.drain();
    await sleep(DRAIN_MS);
  }
  await webhooks.stop();
}
