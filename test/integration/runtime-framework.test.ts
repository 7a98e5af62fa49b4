// SPDX-License-Identifier: Apache-2.0
// The framework's interface for subclasses, on a real API server: how that refuses decides what our overrides do.
import { ResourceEventType } from '@dot-i/k8s-operator';
import type { ResourceEvent } from '@dot-i/k8s-operator';
import { expect } from 'chai';
import { isStatus } from '../../src/runtime/api.ts';
import { NAMESPACE } from '../../src/runtime/kinds.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { FrameworkUser } from '../fakes/framework-user.ts';
import { testParts, until, WIDGET, widget } from '../fakes/operator.ts';
import { Bench, namespaceObject, never, startPlane } from './runtime-plane.ts';

describe('the framework’s own way on a real API server', () => {
  let plane: ControlPlane;
  let bench: Bench;
  let operator: FrameworkUser;

  before(async function () {
    this.timeout(1_200_000);
    plane = await startPlane();
  });

  beforeEach(async () => {
    bench = await Bench.create(plane);
    operator = use(bench.namespace);
  });

  afterEach(async () => {
    await operator.stop();
    await bench.close();
  });

  const use = (...namespaces: string[]) => FrameworkUser.on(testParts(bench.transport, bench.lines), namespaces);
  const told = (what: string) => until(what, () => operator.seen.includes(what));
  const here = (what: string, name: string) => `${what} ${bench.namespace}/${name}`;

  /** Runs something in the first callback for an object; what it returned or threw. */
  function once(act: (event: ResourceEvent) => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve) => {
      operator.step = async (_user, event) => {
        operator.step = async () => undefined;
        await act(event).then(resolve, resolve);
      };
    });
  }

  it('tells additions, changes and deletions, the deletion even if no watch ran', async () => {
    await bench.put('a');
    await operator.start();
    await told(here('ADDED', 'a'));
    await bench.edit('a', { spec: { size: 2 } });
    await told(here('MODIFIED', 'a'));
    bench.proxy.trouble = () => 'break';
    bench.proxy.breakAll();
    await bench.remove('a');
    bench.proxy.trouble = () => undefined;
    await told(here('DELETED', 'a'));
  });

  it('watches one kind in two namespaces', async () => {
    const second = `${bench.namespace}-second`;
    await bench.client.create(NAMESPACE, undefined, namespaceObject(second), never);
    operator = use(bench.namespace, second);
    await operator.start();
    await bench.put('a');
    await bench.client.create(WIDGET, second, { ...widget('b'), metadata: { name: 'b' } }, never);
    await told(here('ADDED', 'a'));
    await told(`ADDED ${second}/b`);
    await bench.client.remove(WIDGET, { namespace: second, name: 'b' }, {}, never);
    await told(`DELETED ${second}/b`);
    await bench.remove('a');
    await told(here('DELETED', 'a'));
  });

  it('writes statuses whole or in part', async () => {
    const metas: unknown[] = [];
    operator.step = async (user, event) => {
      if (event.type === ResourceEventType.Added) metas.push(await user.status(event, 'set', { size: 1, note: 'old' }));
      else if (metas.length === 1) metas.push(await user.status(event, 'patch', { note: 'new' }));
    };
    await bench.put('a');
    await operator.start();
    const wanted = '{"note":"new","size":1}';
    await bench.see('status', 'a', (made) => JSON.stringify(made).includes(`"status":${wanted}`));
    // The answer to a request may come later than the change that it made.
    await until('two answers', () => metas.length === 2);
    const [first, second] = metas;
    expect(first).to.include({ name: 'a', namespace: bench.namespace, kind: 'Widget' });
    expect(second).to.have.property('resourceVersion', (await bench.get('a'))?.metadata.resourceVersion);
  });

  for (const how of ['set', 'patch'] as const) {
    it(`rejects a status (${how}) where somebody has changed the object since`, async () => {
      const answer = once(async (event) => {
        await bench.edit('a', { spec: { size: 7 } });
        return operator.status(event, how, { size: 1 });
      });
      await bench.put('a');
      await operator.start();
      expect(isStatus(await answer, 409), String(await answer)).to.equal(true);
      expect(await bench.get('a')).to.not.have.property('status');
    });

    it(`returns null for the status (${how}) of an object that is gone`, async () => {
      const answer = once(async (event) => {
        await bench.remove('a');
        return operator.status(event, how, { size: 1 });
      });
      await bench.put('a');
      await operator.start();
      expect(await answer).to.equal(null);
    });
  }

  it('holds an object until its delete action has succeeded, and tries that again', async () => {
    let failures = 2;
    const cleaned: string[] = [];
    operator.step = async (user, event) => {
      await user.finalize(event, async () => {
        if (failures-- > 0) throw new Error('not now');
        cleaned.push(event.meta.name);
      });
    };
    await bench.put('a');
    await operator.start();
    await bench.see('finalizer', 'a', (made) => made?.metadata.finalizers?.length === 1);
    await bench.remove('a');
    await bench.see('its end', 'a', (made) => made === undefined);
    expect(cleaned).to.deep.equal(['a']);
  });

  it('loses nobody’s finalizer though another is added at the same time', async () => {
    let meddling = 1;
    operator.step = async (user, event) => {
      if (meddling-- > 0) await bench.edit('a', { metadata: { finalizers: ['test.example.com/theirs'] } });
      await user.finalize(event, async () => undefined);
    };
    await bench.put('a');
    await operator.start();
    await bench.see('both', 'a', (made) => made?.metadata.finalizers?.length === 2);
    // The server has the second one before its answer has passed the proxy.
    await until('the answers', () => bench.proxy.writes.length >= 2);
    expect(bench.proxy.writes.map(({ status }) => status)).to.deep.equal([409, 200]);
    await bench.remove('a');
    await bench.see('only theirs', 'a', (made) => made?.metadata.finalizers?.join() === 'test.example.com/theirs');
    await bench.edit('a', { metadata: { finalizers: [] } });
  });
});
