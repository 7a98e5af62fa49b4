// SPDX-License-Identifier: Apache-2.0
// A process that has lost its roles knows it after a while, and knows when it has them again.
import { expect } from 'chai';
import { ApiError } from '../../src/runtime/api.ts';
import type { ApiRequest } from '../../src/runtime/api.ts';
import { Permission } from '../../src/runtime/permission.ts';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { testParts, until, WIDGET, widget, WidgetHandler } from '../fakes/operator.ts';

const error = (code: number): ApiError => new ApiError('list', { code, reason: '', message: '' });

describe('runtime/permission', () => {
  it('tells of what has been refused for long, once, and of the end of it', () => {
    let now = 0;
    const heard: (string | undefined)[] = [];
    const permission = new Permission({ monotonic: () => now }, 60_000);
    permission.follow(() => heard.push(permission.lack));
    const refused = error(403);
    for (now of [0, 30_000]) for (const what of ['pods', 'nodes']) permission.failed(what, refused);
    permission.failed('leases', error(500));
    permission.failed('services', new Error('no connection'));
    expect(permission.lack).to.equal(undefined);
    now = 60_000;
    permission.failed('pods', refused);
    expect(permission.lack).to.equal('nodes, pods');
    permission.failed('pods', refused);
    permission.answered('nodes');
    permission.answered('pods');
    permission.answered('pods');
    expect(heard).to.deep.equal(['nodes, pods', 'pods', undefined]);
  });

  it('is what an operator says whose role was taken away, while it stays synced', async () => {
    const api = new FakeApiServer({ kinds: [WIDGET] });
    api.put(widget('a'));
    const parts = testParts(api);
    const tuning = { ...parts.tuning, refusedMs: 20, watchSeconds: [1, 1] as const };
    const operator = SpoOperator.create({ ...parts, tuning });
    operator.register(new WidgetHandler());
    await operator.start();
    expect([operator.ready, operator.forbidden]).to.deep.equal([true, undefined]);
    api.fault = () => ({ status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no role' } });
    api.endWatches();
    await until('the lack', () => operator.forbidden === 'widgets');
    api.fault = () => undefined;
    await until('the end of it', () => operator.forbidden === undefined);
    await operator.stop();
  });

  it('is told without a break where one object of a kind is refused beside others that are not', async () => {
    const api = new FakeApiServer({ kinds: [WIDGET] });
    const parts = testParts(api);
    const operator = SpoOperator.create({ ...parts, tuning: { ...parts.tuning, refusedMs: 20 } });
    const nameOf = ({ query }: Pick<ApiRequest, 'query'>): string => query?.['fieldSelector'] ?? '';
    for (const name of ['a', 'b'])
      operator.reader({ resource: WIDGET, selector: { fieldSelector: `metadata.name=${name}` } });
    await operator.start();
    api.fault = (request) =>
      nameOf(request) === 'metadata.name=b'
        ? { status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no role' } }
        : undefined;
    const heard: (string | undefined)[] = [];
    operator.whenForbidden(() => heard.push(operator.forbidden));
    api.endWatches();
    await until('the lack', () => heard.length > 0);
    const watches = (): number => api.requests.filter((request) => nameOf(request) === 'metadata.name=a').length;
    const before = watches();
    api.endWatches();
    await until('an answer about the other one', () => watches() > before);
    expect([operator.forbidden, heard]).to.deep.equal(['widgets (metadata.name=b)', ['widgets (metadata.name=b)']]);
    await operator.stop();
  });
});
