// SPDX-License-Identifier: Apache-2.0
// The end of a manager: where the operator goes it lets everything go first, though its watches show that late, and
// its roles may be gone already; where it is only rolled out, it keeps everything.
import { expect } from 'chai';
import { OBJECT, OPERATOR } from '../../src/core/names.ts';
import { DEPLOYMENT, MUTATING_WEBHOOK_CONFIGURATION, NAMESPACE } from '../../src/runtime/kinds.ts';
import type { Resource } from '../../src/runtime/object.ts';
import { FakeCluster, operatorNamespace, until } from '../fakes/cluster.ts';
import { seccompProfile } from '../fakes/profiles.ts';

const KEY = { namespace: operatorNamespace, name: OPERATOR };
const ASKED: readonly string[] = [
  `/api/v1/namespaces/${operatorNamespace}`,
  `/apis/apps/v1/namespaces/${operatorNamespace}/deployments/${OPERATOR}`,
];

describe('manager: its end', function () {
  this.timeout(60_000);
  let cluster: FakeCluster;

  beforeEach(() => {
    cluster = new FakeCluster();
    cluster.server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: operatorNamespace, uid: 'home' } });
    cluster.server.put({ ...seccompProfile('a'), metadata: { name: 'a', namespace: 'ns' } });
  });
  afterEach(() => cluster.stop());

  const finalizers = (): readonly string[] => cluster.profile('a')?.metadata.finalizers ?? [];

  /** Starts a manager, with its Deployment or outside of the cluster, and waits until it holds the profile. */
  async function start(isInCluster = true): Promise<void> {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: KEY };
    if (isInCluster) cluster.server.put(deployment);
    await cluster.manager();
    await until('the profile is held', () => finalizers().length > 0);
  }

  /** Ends the manager: its questions are answered so, and only then the watches show that an object is deleted. */
  async function endBefore(status: number, gone: readonly [Resource, typeof KEY | { name: string }]): Promise<void> {
    let asked = 0;
    cluster.server.fault = ({ method, path }) => {
      if (method !== 'GET' || !ASKED.includes(path)) return undefined;
      asked += 1;
      const [resource] = gone;
      return status === 404 && !path.includes(`/${resource.plural}/${gone[1].name}`)
        ? undefined
        : { status, body: { kind: 'Status', code: status } };
    };
    const ended = cluster.endManager();
    await until('the questions', () => asked === ASKED.length);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    cluster.server.delete(...gone);
    await ended;
  }

  it('lets everything go where its Deployment is gone, and the watch says so later', async () => {
    await start();
    await endBefore(404, [DEPLOYMENT, KEY]);
    expect(finalizers()).to.deep.equal([]);
  });

  it('lets everything go where it may not ask any more, and the watch says so later', async () => {
    await start();
    await endBefore(403, [DEPLOYMENT, KEY]);
    expect(finalizers()).to.deep.equal([]);
  });

  it('ends when its webhooks are gone, too, though the API server does not take that at once', async () => {
    const { group, version } = MUTATING_WEBHOOK_CONFIGURATION;
    const name = OBJECT.mutatingWebhooks;
    const webhooks = {
      apiVersion: `${group}/${version}`,
      kind: MUTATING_WEBHOOK_CONFIGURATION.kind,
      metadata: { name },
    };
    cluster.server.put(webhooks);
    await start();
    await until('the webhooks are its own', () =>
      cluster.server.writes.some(({ path }) =>
        path.endsWith(`/validatingwebhookconfigurations/${OBJECT.validatingWebhooks}`),
      ),
    );
    let refusals = 0;
    cluster.server.fault = ({ method, path }) => {
      if (method !== 'DELETE' || !path.endsWith(`/${name}`)) return undefined;
      refusals += finalizers().length === 0 ? 1 : 0;
      return refusals > 6 ? undefined : { status: 500, body: { kind: 'Status', code: 500 } };
    };
    cluster.server.delete(DEPLOYMENT, KEY);
    await cluster.endManager();
    expect(cluster.server.get(MUTATING_WEBHOOK_CONFIGURATION, { name })).to.equal(undefined);
  });

  it('keeps everything in a roll-out, and outside of the cluster', async () => {
    for (const isInCluster of [true, false]) {
      await start(isInCluster);
      const before = cluster.server.writes.length;
      await cluster.endManager();
      expect(finalizers()).to.not.deep.equal([]);
      expect(cluster.writesSince(before).filter((text) => text.startsWith('DELETE'))).to.deep.equal([]);
      if (isInCluster) cluster.server.delete(DEPLOYMENT, KEY);
    }
  });

  it('lets everything go where its Namespace is being deleted', async () => {
    await start();
    const ended = cluster.endManager();
    cluster.server.put({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: operatorNamespace, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['kubernetes'] },
    });
    await ended;
    expect(finalizers()).to.deep.equal([]);
    expect(cluster.server.get(NAMESPACE, { name: operatorNamespace })).to.not.equal(undefined);
  });
});
