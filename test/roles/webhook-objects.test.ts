// SPDX-License-Identifier: Apache-2.0
// The webhooks' objects as the manager keeps them with its own permissions and no others, from the installation to the
// end of the operator.
import { expect } from 'chai';
import { OBJECT, OPERATOR, SPOD } from '../../src/core/names.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON } from '../../src/gen/kinds.ts';
import {
  DEPLOYMENT,
  MUTATING_WEBHOOK_CONFIGURATION,
  NAMESPACE,
  VALIDATING_WEBHOOK_CONFIGURATION,
} from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { FakeCluster, operatorNamespace as namespace, until } from '../fakes/cluster.ts';

describe("the webhooks' objects", () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = new FakeCluster();
    cluster.server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    cluster.server.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: OPERATOR, namespace } });
    await cluster.manager();
    await until('the Deployment', () => webhooks() !== undefined);
    expect(configurations()).to.equal(0);
    const ready = { ...webhooks()!, status: { readyReplicas: 1 } };
    cluster.server.put(ready);
    await until('the configurations', () => configurations() === 2);
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.refused()).to.deep.equal([]);
  });

  const webhooks = (): KubeObject | undefined => cluster.server.get(DEPLOYMENT, { namespace, name: OBJECT.webhook });
  const configurations = (): number =>
    [MUTATING_WEBHOOK_CONFIGURATION, VALIDATING_WEBHOOK_CONFIGURATION].flatMap((kind) => cluster.server.list(kind))
      .length;

  it('are made again when somebody deletes them', async () => {
    for (const [kind, name] of [
      [MUTATING_WEBHOOK_CONFIGURATION, OBJECT.mutatingWebhooks],
      [VALIDATING_WEBHOOK_CONFIGURATION, OBJECT.validatingWebhooks],
    ] as const) {
      cluster.server.delete(kind, { name });
      await until(name, () => configurations() === 2);
    }
  });

  it("are not configured any more when the manager's Deployment is deleted", async () => {
    cluster.server.delete(DEPLOYMENT, { namespace, name: OPERATOR });
    await until('the end of the configurations', () => configurations() === 0);
  });

  it('nor when the spod is', async () => {
    cluster.server.delete(SECURITY_PROFILES_OPERATOR_DAEMON, { namespace, name: SPOD });
    await until('the end of the configurations', () => configurations() === 0);
  });

  it('nor when the namespace is being deleted', async () => {
    const home = cluster.server.get(NAMESPACE, { name: namespace });
    const metadata = {
      ...home?.metadata,
      name: namespace,
      deletionTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['kubernetes'],
    };
    cluster.server.put({ apiVersion: 'v1', kind: 'Namespace', metadata });
    await until('the end of the configurations', () => configurations() === 0);
  });
});
