// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { ApiError, apiErrorFrom, isStatus } from '../../src/runtime/api.ts';
import { KubeClient, parseObject, pathOf } from '../../src/runtime/client.ts';
import { KindTable, KNOWN_KINDS, NODE, POD } from '../../src/runtime/kinds.ts';
import { keyFromText, keyText } from '../../src/runtime/object.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { WIDGET, widget } from '../fakes/operator.ts';

const never = new AbortController().signal;

describe('pathOf()', () => {
  it('knows core and other groups, namespaces, objects and subresources', () => {
    expect(pathOf(POD, {})).to.equal('/api/v1/pods');
    expect(pathOf(POD, { namespace: 'n', name: 'p' }, 'status')).to.equal('/api/v1/namespaces/n/pods/p/status');
    expect(pathOf(NODE, { namespace: 'n', name: 'x' })).to.equal('/api/v1/nodes/x');
    expect(pathOf(WIDGET, { namespace: 'n' })).to.equal('/apis/test.example.com/v1/namespaces/n/widgets');
  });

  it('lets no name lead to another path', () => {
    expect(pathOf(POD, { namespace: '../../x', name: 'a/b?c' })).to.equal(
      '/api/v1/namespaces/..%2F..%2Fx/pods/a%2Fb%3Fc',
    );
  });
});

describe('apiErrorFrom()', () => {
  it('waits no longer than a minute, whoever asks for how much', () => {
    const status = (retryAfterSeconds: unknown) => ({ kind: 'Status', code: 429, details: { retryAfterSeconds } });
    const waits = [
      apiErrorFrom('GET /x', 429, {}, 86_400_000),
      apiErrorFrom('GET /x', 429, status(99_999_999)),
      apiErrorFrom('GET /x', 429, status(3)),
      apiErrorFrom('GET /x', 429, status(3), 2000),
      apiErrorFrom('GET /x', 429, status('soon')),
    ].map(({ retryAfterMs }) => retryAfterMs);
    expect(waits).to.deep.equal([60_000, 60_000, 3000, 2000, undefined]);
  });
});

describe('parseObject()', () => {
  it('names the kind of what lists leave unnamed', () => {
    expect(parseObject({ metadata: { name: 'p' } }, POD)).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
    });
  });

  it('refuses what is no object', () => {
    for (const value of [undefined, null, 'x', [], {}, { metadata: {} }]) {
      expect(() => parseObject(value, POD)).to.throw(TypeError, 'the server sent something that is no Pod');
    }
  });
});

describe('keyText()', () => {
  it('is undone by keyFromText()', () => {
    expect(keyFromText(keyText({ namespace: 'n', name: 'x' }))).to.deep.equal({ namespace: 'n', name: 'x' });
    expect(keyFromText(keyText({ name: 'x' }))).to.deep.equal({ name: 'x' });
  });
});

describe('KindTable', () => {
  it('finds kinds by what objects say of themselves and by their path, and refuses others', () => {
    const table = new KindTable(KNOWN_KINDS);
    expect(table.resourceOf({ apiVersion: 'v1', kind: 'Pod' })).to.equal(POD);
    expect(table.byPlural('', 'v1', 'pods')).to.equal(POD);
    expect(() => table.resourceOf(widget('a'))).to.throw(
      RangeError,
      'the kind Widget of test.example.com/v1 is not known here',
    );
  });
});

describe('KubeClient', () => {
  it('says which request was refused, and why', async () => {
    const client = new KubeClient(new FakeApiServer({ kinds: [WIDGET], rules: [] }));
    const error: unknown = await client
      .create(WIDGET, 'default', widget('a'), never)
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ApiError);
    expect(isStatus(error, 403)).to.equal(true);
    expect(String(error)).to.equal(
      'ApiError: POST /apis/test.example.com/v1/namespaces/default/widgets: 403 cannot create widgets in "test.example.com"',
    );
  });

  it('takes a missing object for an answer, to get and to delete', async () => {
    const client = new KubeClient(new FakeApiServer({ kinds: [WIDGET] }));
    expect(await client.get(WIDGET, { namespace: 'default', name: 'a' }, never)).to.equal(undefined);
    await client.remove(WIDGET, { namespace: 'default', name: 'a' }, {}, never);
  });

  it('reads how long to wait from the Status where no header says it', async () => {
    const api = new FakeApiServer({ kinds: [WIDGET] });
    api.fault = () => ({
      status: 500,
      body: { code: 500, reason: 'ServerTimeout', details: { retryAfterSeconds: 3 } },
    });
    const error: unknown = await new KubeClient(api).get(POD, { name: 'a' }, never).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 500, reason: 'ServerTimeout', retryAfterMs: 3000 });
  });
});
