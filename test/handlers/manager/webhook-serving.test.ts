// SPDX-License-Identifier: Apache-2.0
// When the manager's process serves webhooks: as the spod says, and until others have taken over.
import { expect } from 'chai';
import { defaultSpod } from '../../../src/core/deploy/spod.ts';
import { OBJECT } from '../../../src/core/names.ts';
import { WebhookServing } from '../../../src/handlers/manager/spod/webhook-serving.ts';
import type { WebhookServer } from '../../../src/handlers/manager/spod/webhook-serving.ts';
import type { DeploymentObject, SecretObject } from '../../../src/handlers/sources/deployment.ts';
import { Shelf } from '../../fakes/profiles.ts';

const namespace = 'op';

class Server implements WebhookServer {
  isServing = false;
  wanted: boolean | undefined;

  async want(wanted: boolean): Promise<void> {
    this.wanted = wanted;
    if (!wanted) this.isServing = false;
  }

  async serve(): Promise<void> {
    this.isServing = true;
  }
}

describe('handlers/manager/spod/webhook-serving', () => {
  let server: Server;
  let secrets: Shelf<SecretObject>;
  let deployments: Shelf<DeploymentObject>;
  let handler: WebhookServing;
  let time = 0;
  const now = (): number => time;

  beforeEach(() => {
    server = new Server();
    secrets = new Shelf();
    deployments = new Shelf();
    handler = new WebhookServing({ namespace, secrets, deployments, watches: [], server, now });
  });

  const spod = (runWebhookInManager: boolean, more: object = {}) => {
    const { metadata, ...rest } = defaultSpod(namespace);
    return { ...rest, metadata: { ...metadata, ...more }, spec: { runWebhookInManager } };
  };
  const certify = (): void => {
    const data = { 'tls.crt': btoa('c'), 'tls.key': btoa('k') };
    secrets.set({ apiVersion: 'v1', kind: 'Secret', metadata: { name: OBJECT.webhookCert, namespace }, data });
  };
  const othersReady = (readyReplicas: number): void => {
    const metadata = { name: OBJECT.webhook, namespace };
    deployments.set({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, status: { readyReplicas } });
  };

  it('begins when it is wanted and has a certificate', async () => {
    await handler.apply(spod(true));
    expect(server).to.include({ wanted: true, isServing: false });
    certify();
    await handler.apply(spod(true));
    expect(server.isServing).to.equal(true);
  });

  it('ends a while after others have begun to answer', async () => {
    certify();
    await handler.apply(spod(true));
    await handler.apply(spod(false));
    othersReady(0);
    await handler.apply(spod(false));
    expect(server.isServing).to.equal(true);
    othersReady(1);
    const { requeueAfterMs = 0 } = await handler.apply(spod(false));
    expect(server.isServing).to.equal(true);
    time += requeueAfterMs;
    await handler.apply(spod(false));
    expect(server).to.include({ wanted: false, isServing: false });
  });

  it('ends at once where nobody is to answer any more, and says when nothing is wanted of it', async () => {
    await handler.apply(spod(false));
    expect(server.wanted).to.equal(false);
    for (const end of [
      () => handler.cleanup(spod(true, { deletionTimestamp: '2026-01-01T00:00:00Z' })),
      () => handler.gone(),
    ]) {
      certify();
      await handler.apply(spod(true));
      await end();
      expect(server).to.include({ wanted: false, isServing: false });
    }
  });
});
