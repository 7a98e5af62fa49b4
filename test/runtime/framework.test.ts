// SPDX-License-Identifier: Apache-2.0
// The framework's interface for subclasses, through our overrides: each test is a fault of the bare framework.
import { expect } from 'chai';
import { ResourceEventType } from '@dot-i/k8s-operator';
import { KubeConfig } from '@kubernetes/client-node';
import { isStatus } from '../../src/runtime/api.ts';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { FrameworkUser } from '../fakes/framework-user.ts';
import { testParts, until, WIDGET, widget } from '../fakes/operator.ts';

const key = { namespace: 'default', name: 'a' };

describe('the framework’s own way', () => {
  let api: FakeApiServer;
  let operator: FrameworkUser;

  beforeEach(() => {
    api = new FakeApiServer({ kinds: [WIDGET] });
    operator = FrameworkUser.on(testParts(api));
  });

  afterEach(() => operator.stop());

  it('calls again with what a callback has failed on', async () => {
    api.put(widget('a'));
    operator.step = async ({ seen }) => {
      if (seen.length < 4) throw new Error('not now');
    };
    await operator.start();
    await until('fourth call', () => operator.seen.length === 4);
    expect(new Set(operator.seen)).to.deep.equal(new Set(['ADDED default/a']));
  });

  it('tells additions, changes and deletions, the deletion even if no watch ran', async () => {
    api.put(widget('a'));
    await operator.start();
    await until('ADDED', () => operator.seen.includes('ADDED default/a'));
    api.put(widget('a', { size: 2 }));
    await until('MODIFIED', () => operator.seen.includes('MODIFIED default/a'));
    api.endWatches(new Error('cut'));
    api.delete(WIDGET, key);
    await until('DELETED', () => operator.seen.includes('DELETED default/a'));
  });

  it('watches one kind in two namespaces, each with all that happens there, and ends both', async () => {
    const at = (namespace: string) => ({ ...widget('a'), metadata: { name: 'a', namespace } });
    operator = FrameworkUser.on(testParts(api), ['one', 'two']);
    for (const namespace of ['one', 'two', 'three']) api.put(at(namespace));
    await operator.start();
    await until('both', () => operator.seen.length === 2);
    api.endWatches(new Error('cut'));
    for (const namespace of ['one', 'two', 'three']) api.delete(WIDGET, { namespace, name: 'a' });
    await until('both ends', () => operator.seen.length === 4);
    expect([...operator.seen].sort()).to.deep.equal(['ADDED one/a', 'ADDED two/a', 'DELETED one/a', 'DELETED two/a']);
    await until('watches', () => api.openWatches === 2);
    await operator.stop();
    expect(api.openWatches).to.equal(0);
  });

  it('adds a finalizer, and removes it after the delete action', async () => {
    let cleaned = 0;
    operator.step = async (user, event) => {
      await user.finalize(event, async () => void (cleaned += 1));
    };
    api.put(widget('a'));
    await operator.start();
    await until('finalizer', () => api.get(WIDGET, key)?.metadata.finalizers?.length === 1);
    api.delete(WIDGET, key);
    await until('deletion', () => api.get(WIDGET, key) === undefined);
    expect(cleaned).to.equal(1);
  });

  it('does not take a conflict over finalizers for a success', async () => {
    let conflicts = 1;
    api.fault = ({ method }) => (method === 'PATCH' && conflicts-- > 0 ? { status: 409, body: {} } : undefined);
    operator.step = async (user, event) => {
      await user.finalize(event, async () => undefined);
    };
    api.put(widget('a'));
    await operator.start();
    await until('finalizer', () => api.get(WIDGET, key)?.metadata.finalizers?.length === 1);
  });

  it('writes statuses whole or in part, and rejects where the object has changed since', async () => {
    const errors: unknown[] = [];
    operator.step = async (user, event) => {
      if (event.type !== ResourceEventType.Added) return;
      await user.status(event, 'set', { size: 1 });
      await user.status(event, 'patch', { note: 'x' }).catch((error: unknown) => errors.push(error));
      await user.status({ ...event, meta: { ...event.meta, resourceVersion: '' } }, 'patch', { note: 'x' });
    };
    api.put(widget('a'));
    await operator.start();
    await until('status', () => JSON.stringify(api.get(WIDGET, key)).includes('"status":{"size":1,"note":"x"}'));
    expect(errors.map((error) => isStatus(error, 409))).to.deep.equal([true]);
  });

  it('returns null for the status of an object that is gone', async () => {
    const answers: unknown[] = [];
    operator.step = async (user, event) => {
      api.delete(WIDGET, key);
      if (event.type === ResourceEventType.Added) answers.push(await user.status(event, 'set', {}));
    };
    api.put(widget('a'));
    await operator.start();
    await until('answer', () => answers.length === 1);
    expect(answers).to.deep.equal([null]);
  });

  it('knows where a resource lies, and leaves CRDs to the manifests', async () => {
    const kubeConfig = new KubeConfig();
    const cluster = { name: 'c', server: 'https://api.example.com:6443/prefix', skipTLSVerify: false };
    kubeConfig.loadFromClusterAndUser(cluster, { name: 'u' });
    const user = FrameworkUser.on({ ...testParts(api), kubeConfig });
    expect(user.uri('default')).to.equal(
      'https://api.example.com:6443/prefix/apis/test.example.com/v1/namespaces/default/widgets',
    );
    await operator.crd().then(
      () => expect.fail('no error'),
      (error: unknown) => expect(String(error)).to.include('widget.yaml: CRDs are installed from the manifests'),
    );
  });

  it('needs no kubeconfig, not even where the one that is named is missing', () => {
    const before = process.env['KUBECONFIG'];
    process.env['KUBECONFIG'] = '/does/not/exist';
    try {
      expect(SpoOperator.create(testParts(api)).ready).to.equal(false);
    } finally {
      if (before === undefined) delete process.env['KUBECONFIG'];
      else process.env['KUBECONFIG'] = before;
    }
  });
});
