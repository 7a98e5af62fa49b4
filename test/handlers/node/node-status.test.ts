// SPDX-License-Identifier: Apache-2.0
// The node's status: written together, owned by the node, taken over after a restart.
import { expect } from 'chai';
import { NotYet } from '../../../src/core/errors.ts';
import { seccompSupport } from '../../../src/core/kernel.ts';
import { intactOf } from '../../../src/core/status/moved-aside.ts';
import { NodeStatusCache } from '../../../src/core/status/node-status-cache.ts';
import type { SecurityProfileNodeStatus } from '../../../src/gen/crd/security-profile-node-status.ts';
import { NodeStatusHandler } from '../../../src/handlers/node/node-status.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { KERNEL } from '../../fakes/profiles.ts';

const key = 'SeccompProfile/ns/a';
const report = (more: object = {}): SecurityProfileNodeStatus => ({
  apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
  kind: 'SecurityProfileNodeStatus',
  metadata: { name: 'worker', namespace: 'op', uid: 'r1' },
  nodeName: 'worker',
  ...more,
});

describe('handlers/node/node-status', () => {
  let time = 1_700_000_000_000;
  let node: KubeObject | undefined;
  let exists = true;
  let moved: readonly string[] = [];
  const make = (cache: NodeStatusCache): NodeStatusHandler =>
    new NodeStatusHandler({
      nodeName: 'worker',
      namespace: 'op',
      conditions: () => [seccompSupport(KERNEL), intactOf(moved)],
      cache,
      node: () => node,
      exists: () => exists,
      now: () => time,
    });

  it('makes the report as a child of its node, once there is one', async () => {
    const handler = make(new NodeStatusCache(() => undefined));
    expect(await handler.gone().catch((thrown: unknown) => thrown)).to.be.instanceOf(NotYet);
    node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker', uid: 'n1' } };
    expect((await handler.gone()).desired).to.deep.equal([
      {
        ...report(),
        metadata: {
          name: 'worker',
          namespace: 'op',
          ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'worker', uid: 'n1' }],
        },
      },
    ]);
  });

  it('writes at once, and then not before a tenth of a second has passed', async () => {
    const cache = new NodeStatusCache(() => undefined);
    const handler = make(cache);
    cache.record(key, { state: 'Installed', uid: 'u', hash: '0123456789abcdef' }, 'T');
    const first = await handler.apply(report());
    expect(first.status).to.deep.include({ status: 'Installed', installed: 1, pending: 0, failed: 0 });
    expect(first.status?.profiles?.[key]).to.deep.equal({ state: 'Installed', uid: 'u', hash: '0123456789abcdef' });
    time += 40;
    expect(await handler.apply(report())).to.deep.equal({ requeueAfterMs: 60 });
    time += 60;
    expect((await handler.apply(report())).status).to.not.equal(undefined);
    time -= 3_600_000;
    expect((await handler.apply(report())).status, 'after the clock was set back').to.not.equal(undefined);
  });

  it('writes more rarely when there are thousands of entries, as each write is as large as all of them', async () => {
    const cache = new NodeStatusCache(() => undefined);
    for (let i = 0; i < 2000; i++) cache.record(`${key}${String(i)}`, { state: 'Installed' }, 'T');
    const handler = make(cache);
    await handler.apply(report());
    time += 100;
    expect(await handler.apply(report())).to.deep.equal({ requeueAfterMs: 1900 });
    time += 1900;
    for (let i = 1; i < 2000; i++) cache.forget(`${key}${String(i)}`);
    expect((await handler.apply(report())).status).to.include({ installed: 1 });
    time += 100;
    expect((await handler.apply(report())).status, 'a tenth of a second for few').to.not.equal(undefined);
  });

  it('tells what the kernel can do, and changes no times while that stays', async () => {
    const handler = make(new NodeStatusCache(() => undefined));
    const first = await handler.apply(report());
    expect(first.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).to.deep.equal([
      'Ready=True',
      'SeccompSupported=True',
      'Intact=True',
      'Complete=True',
    ]);
    time += 5000;
    const second = await handler.apply(report({ status: first.status }));
    expect(second.status).to.deep.equal(first.status);
    moved = ['/operator/.moved-aside-1'];
    time += 5000;
    const third = await handler.apply(report({ status: second.status }));
    const intact = third.status?.conditions?.find(({ type }) => type === 'Intact');
    expect(intact).to.include({ status: 'False', reason: 'MovedAside' });
    expect(intact?.message).to.contain('/operator/.moved-aside-1;');
    moved = [];
  });

  it('keeps what an earlier life reported of profiles that exist still', async () => {
    const status = { profiles: { [key]: { state: 'Installed' as const, uid: 'u' } } };
    time += 1000;
    expect((await make(new NodeStatusCache(() => undefined)).apply(report({ status }))).status?.profiles).to.have.key(
      key,
    );
    exists = false;
    expect((await make(new NodeStatusCache(() => undefined)).apply(report({ status }))).status?.profiles).to.deep.equal(
      {},
    );
  });

  it('takes nothing over from the report of an earlier node of that name: the files were on its disk', async () => {
    exists = true;
    const owner = { apiVersion: 'v1', kind: 'Node', name: 'worker', uid: 'before' };
    const metadata = { name: 'worker', namespace: 'op', uid: 'r1', ownerReferences: [owner] };
    const status = { profiles: { [key]: { state: 'Installed' as const, uid: 'u' } } };
    time += 1000;
    const after = await make(new NodeStatusCache(() => undefined)).apply(report({ metadata, status }));
    expect(after.status?.profiles).to.deep.equal({});
  });

  it('looks at every change of its object, so that what others write into it is put right', () => {
    const handler = make(new NodeStatusCache(() => undefined));
    expect('relevant' in handler, 'every change is looked at').to.equal(false);
    expect(handler.selector).to.deep.equal({ namespace: 'op', fieldSelector: 'metadata.name=worker' });
  });
});
