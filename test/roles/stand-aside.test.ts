// SPDX-License-Identifier: Apache-2.0
// A second operator in another namespace, on a working API server in memory: it undoes nothing of the first, says why
// it does nothing, and begins when the first is gone.
import { expect } from 'chai';
import { parseManagerSettings } from '../../src/core/config.ts';
import { SILENT } from '../../src/core/log.ts';
import type { SecurityProfilesOperatorDaemon } from '../../src/gen/crd/security-profiles-operator-daemon.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON } from '../../src/gen/kinds.ts';
import { permissionsOfManager } from '../../src/roles/wiring/permissions.ts';
import { wireStandAside } from '../../src/roles/wiring/stand-aside.ts';
import { EVENT } from '../../src/runtime/kinds.ts';
import { FakeCluster, operatorNamespace, until } from '../fakes/cluster.ts';
import { testParts } from '../fakes/operator.ts';

/** The later one also by its name, where both come within a second. */
const SECOND = 'the-second';

describe('a second operator', () => {
  let cluster: FakeCluster;
  let stop: AbortController;
  let isOver: boolean;

  beforeEach(() => {
    cluster = new FakeCluster();
    stop = new AbortController();
    isOver = false;
  });
  afterEach(async () => {
    stop.abort();
    await cluster.stop();
  });

  const spodOf = (namespace: string) =>
    cluster.server.get(SECURITY_PROFILES_OPERATOR_DAEMON, { namespace, name: 'spod' }) as
      SecurityProfilesOperatorDaemon | undefined;

  /** Begins an operator of that namespace as far as its question. */
  function ask(namespace: string): void {
    const settings = parseManagerSettings(['--leader-elect=false'], { OPERATOR_NAMESPACE: namespace });
    const rules = permissionsOfManager(settings, SILENT);
    const wiring = wireStandAside(settings, testParts(cluster.server.as(rules, namespace)));
    void wiring.wait(stop.signal).then(() => (isOver = true));
  }

  it('waits, says so by its own spod and an event, and begins when the first is gone', async () => {
    await cluster.manager();
    await until('the first spod', () => spodOf(operatorNamespace)?.status?.state !== undefined);
    await cluster.rest();
    await cluster.stop();
    const before = cluster.server.writes.length;
    ask(SECOND);
    await until('the answer', () => spodOf(SECOND)?.status?.state === 'ERROR');
    await until('the event', () =>
      cluster.server.list(EVENT).some((event) => 'reason' in event && event.reason === 'OperatorConflict'),
    );
    const ready = spodOf(SECOND)?.status?.conditions?.[0];
    expect(ready).to.include({ type: 'Ready', status: 'False', reason: 'OperatorConflict' });
    expect(ready?.message).to.contain(`the operator of namespace ${operatorNamespace} was here first`);
    await cluster.rest();
    const writes = cluster.writesSince(before);
    expect(writes.filter((write) => !write.includes(`/namespaces/${SECOND}/`))).to.deep.equal([]);
    expect(writes, 'a spod, its status and an event').to.have.length(3);
    expect([isOver, cluster.refused()]).to.deep.equal([false, []]);
    cluster.server.delete(SECURITY_PROFILES_OPERATOR_DAEMON, { namespace: operatorNamespace, name: 'spod' });
    await until('the beginning', () => isOver);
  });

  describe('that comes while the first works', () => {
    const conditionOf = () =>
      spodOf(operatorNamespace)?.status?.conditions?.find(({ type }) => type === 'OnlyOperator');

    /** The spod of the other one, which it has answered. */
    function putSecond(creationTimestamp: string): void {
      const { apiVersion, kind, status } = spodOf(operatorNamespace)!;
      const metadata = { name: 'spod', namespace: SECOND, creationTimestamp };
      cluster.server.put({ apiVersion, kind, metadata, status } as SecurityProfilesOperatorDaemon);
    }

    beforeEach(async () => {
      await cluster.manager();
      await until('the first spod', () => spodOf(operatorNamespace)?.status?.state !== undefined);
      await cluster.rest();
    });

    it('is told of by a condition and an event of the first, as long as it is there', async () => {
      putSecond('2100-01-01T00:00:00Z');
      await until('the condition', () => conditionOf() !== undefined);
      expect(conditionOf()).to.include({ status: 'False', reason: 'OperatorConflict' });
      expect(conditionOf()?.message).to.contain(`another operator in namespace ${SECOND}`);
      await until('the event', () =>
        cluster.server.list(EVENT).some((event) => 'reason' in event && event.reason === 'OperatorConflict'),
      );
      cluster.server.delete(SECURITY_PROFILES_OPERATOR_DAEMON, { namespace: SECOND, name: 'spod' });
      await until('its end', () => conditionOf() === undefined);
      expect([cluster.rivals, cluster.refused()]).to.deep.equal([[], []]);
    });

    it('has the first begin anew, and wait, where its spod is the older one after all', async () => {
      putSecond('2001-01-01T00:00:00Z');
      await until('the end', () => cluster.rivals.length > 0);
      expect(cluster.rivals[0]).to.equal(SECOND);
      await cluster.stop();
      ask(operatorNamespace);
      await until('the answer', () => spodOf(operatorNamespace)?.status?.state === 'ERROR');
      expect(spodOf(operatorNamespace)?.status?.conditions?.[0]).to.include({ reason: 'OperatorConflict' });
      cluster.server.delete(SECURITY_PROFILES_OPERATOR_DAEMON, { namespace: SECOND, name: 'spod' });
      await until('the beginning', () => isOver);
      await cluster.manager();
      const readyOf = () => spodOf(operatorNamespace)?.status?.conditions?.find(({ type }) => type === 'Ready');
      await until('another state', () => readyOf()?.reason !== 'OperatorConflict');
    });
  });

  it('is not in the way of the first, which begins again beside it', async () => {
    await cluster.manager();
    await until('the first spod', () => spodOf(operatorNamespace)?.status?.state !== undefined);
    cluster.server.put({ ...spodOf(operatorNamespace)!, metadata: { name: 'spod', namespace: SECOND } });
    ask(operatorNamespace);
    await until('the beginning', () => isOver);
  });

  it('is none where somebody has left a spod that no operator ever answered', async () => {
    const { apiVersion, kind } = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfilesOperatorDaemon',
    };
    cluster.server.put({ apiVersion, kind, metadata: { name: 'spod', namespace: 'tenant' } });
    ask(SECOND);
    await until('the beginning', () => isOver);
    expect(cluster.server.writes).to.deep.equal([]);
  });
});
