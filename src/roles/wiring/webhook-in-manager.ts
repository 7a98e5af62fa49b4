// SPDX-License-Identifier: Apache-2.0
// The webhooks in the manager's process, for small clusters: begun and ended as the spod object says, beside the
// manager's own operator, whose work belongs to the holder of the lease alone.
import type { ManagerSettings } from '../../core/config.ts';
import type { KeyPair } from '../../core/certificates.ts';
import { OBJECT, SPOD } from '../../core/names.ts';
import { WebhookServing } from '../../handlers/manager/spod/webhook-serving.ts';
import type { WebhookServer } from '../../handlers/manager/spod/webhook-serving.ts';
import { secretSource } from '../../handlers/sources/deployment.ts';
import { webhookSources } from '../../handlers/sources/webhooks.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import type { PolicyRule } from '../../runtime/handler.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';
import type { TlsEndpoint } from '../process/tls-endpoint.ts';
import { webhookEndpoint } from '../process/webhook-endpoint.ts';
import type { WebhookService } from '../process/webhook-endpoint.ts';
import { wireWebhook } from './webhook.ts';
import type { WebhookWiring } from './webhook.ts';

/** Where reviews are counted. */
export type ReviewCounters = WebhookService['metrics'];

/** Makes the counters, for webhooks of these names, when the first review may come. */
export type CountersFor = (webhooks: readonly string[]) => ReviewCounters;

/** Webhooks that run. */
interface Running {
  readonly wiring: WebhookWiring;
  readonly endpoint: TlsEndpoint;
}

/** The webhooks of one manager's process. */
export class WebhookInManager implements WebhookServer {
  private readonly settings: ManagerSettings;
  private readonly parts: ControllerManagerParts;
  private readonly countersFor: CountersFor;
  private counters: ReviewCounters | undefined;
  private readonly onServing: () => void;
  /** Undefined until the spod has been asked. */
  private wanted: boolean | undefined;
  private running: Running | undefined;

  /** `onServing` is called when it begins to serve. */
  constructor(
    settings: ManagerSettings,
    parts: ControllerManagerParts,
    countersFor: CountersFor,
    onServing: () => void,
  ) {
    this.settings = settings;
    this.parts = parts;
    this.countersFor = countersFor;
    this.onServing = onServing;
  }

  /** Whether the process does all that the spod asks of it. */
  get ready(): boolean {
    return this.wanted === false || (this.wanted === true && this.isServing);
  }

  /** Whether it serves. */
  get isServing(): boolean {
    return this.running?.endpoint.isServing === true;
  }

  async want(wanted: boolean): Promise<void> {
    this.wanted = wanted;
    if (!wanted) await this.stop();
  }

  async serve(pair: KeyPair): Promise<void> {
    this.running ??= await this.begin();
    await this.running.endpoint.use(pair);
  }

  /** Has clients look for another server: each answer is the last of its connection. */
  drain(): void {
    this.running?.endpoint.drain();
  }

  /** Closes the server and ends its watches. */
  async stop(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    await running?.endpoint.close();
    await running?.wiring.operator.stop();
  }

  private async begin(): Promise<Running> {
    const wiring = wireWebhook(this.settings, this.parts);
    this.counters ??= this.countersFor(wiring.webhooks.map(({ name }) => name));
    const service = { ...wiring, metrics: this.counters, log: this.parts.log.named('webhook') };
    const endpoint = webhookEndpoint(service, { port: this.settings.webhookPort, onServing: this.onServing });
    await wiring.operator.start();
    return { wiring, endpoint };
  }
}

/** The beginning and the end of the webhooks of a process, ready to start. */
export interface ServingWiring {
  readonly operator: SpoOperator;
  /** To be called once the operator has started: where there is no spod, nothing else would tell so. */
  readonly started: () => void;
}

/** The operator that begins and ends the webhooks of a process. */
export function wireWebhookServing(
  { namespace }: Pick<ManagerSettings, 'namespace'>,
  parts: ControllerManagerParts,
  server: WebhookServer,
): ServingWiring {
  const operator = SpoOperator.create({ ...parts, kinds: [] });
  const secret = secretSource(namespace, OBJECT.webhookCert);
  const { deployment } = webhookSources(namespace);
  const key = { namespace, name: SPOD };
  const mapToKeys = () => [key];
  const readers = { secrets: operator.reader(secret), deployments: operator.reader(deployment) };
  const watches = [secret, deployment].map((source) => ({ ...source, mapToKeys }));
  const wake = operator.register(
    new WebhookServing({ namespace, ...readers, watches, server, now: () => parts.clock.now() }),
  );
  return { operator, started: () => wake(key) };
}

/** The rules of a manager that serves webhooks, besides its own. */
export function servingRules(
  settings: Pick<ManagerSettings, 'namespace'>,
  parts: ControllerManagerParts,
): readonly PolicyRule[] {
  const idle = { isServing: false, want: () => Promise.resolve(), serve: () => Promise.resolve() };
  return [...wireWebhookServing(settings, parts, idle).operator.rules(), ...wireWebhook(settings, parts).rules()];
}
