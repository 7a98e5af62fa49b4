// SPDX-License-Identifier: Apache-2.0
// The memory of a writer where two sources watch the same object, each at its own pace.
import { expect } from 'chai';
import type { ApiRequest, Transport } from '../../src/runtime/api.ts';
import { KubeClient } from '../../src/runtime/client.ts';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';
import type { Source } from '../../src/runtime/handler.ts';
import { CONFIG_MAP, KindTable, KNOWN_KINDS } from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { Sources } from '../../src/runtime/sources.ts';
import type { Store } from '../../src/runtime/store.ts';
import { typed } from '../../src/runtime/typed.ts';
import { Writer } from '../../src/runtime/writer.ts';
import { WIDGET } from '../fakes/operator.ts';
import type { Widget } from '../fakes/operator.ts';

const KEY = { namespace: 'default', name: 'made' };
const never = new AbortController().signal;

function configMap(value: string, resourceVersion?: string): KubeObject {
  const metadata = { ...KEY, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  return Object.assign({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, { data: { value } });
}

describe('Writer', () => {
  let applications: number;
  let all: Store;
  let byName: Store;
  let writer: Writer;

  const transport: Transport = {
    request: async () => {
      applications += 1;
      return { status: 200, body: configMap('ours', '10') };
    },
    stream: () => Promise.reject(new Error('no watch here')),
  };
  const apply = () => writer.apply(configMap('ours'), 'test', never);

  beforeEach(async () => {
    applications = 0;
    const sources = new Sources([]);
    all = sources.store({ resource: CONFIG_MAP });
    byName = sources.store({ resource: CONFIG_MAP, selector: { fieldSelector: 'metadata.name=made' } });
    writer = new Writer('test', {
      client: new KubeClient(transport),
      clock: SYSTEM_CLOCK,
      sources,
      kinds: new KindTable(KNOWN_KINDS),
      onFailedWrite: () => undefined,
    });
    await apply();
    for (const store of [all, byName]) store.upsert('', configMap('ours', '10'), 'fresh');
    for (const store of [all, byName]) store.reached('', '10');
  });

  it('writes nothing while its application stands', async () => {
    await apply();
    expect(applications).to.equal(1);
  });

  for (const [first, which] of [
    ['the first', () => byName],
    ['the second', () => all],
  ] as const) {
    it(`repairs a deletion that ${first} of two watches does not show yet`, async () => {
      which().remove(KEY, 'fresh');
      which().reached('', '11');
      await apply();
      expect(applications).to.equal(2);
    });

    it(`repairs a change that ${first} of two watches does not show yet`, async () => {
      which().upsert('', configMap('theirs', '11'), 'fresh');
      which().reached('', '11');
      await apply();
      expect(applications).to.equal(2);
    });
  }

  it('trusts an application that no watch has come to', async () => {
    for (const store of [all, byName]) store.remove(KEY, 'fresh');
    for (const store of [all, byName]) store.reached('', '9');
    await apply();
    expect(applications).to.equal(1);
  });
});

describe('Writer, of an object that is watched', () => {
  const widget: Widget = {
    apiVersion: 'test.io/v1',
    kind: 'Widget',
    metadata: { namespace: 'default', name: 'w', uid: 'u', generation: 3, resourceVersion: '5', labels: { a: 'b' } },
    spec: { text: 'long' },
  };
  const status = { note: 'ours' };

  const widgetIn = (store: Store): Widget | undefined => typed<Widget>(store).get({ namespace: 'default', name: 'w' });

  interface Ground {
    readonly store: Store;
    readonly writer: Writer;
    readonly requests: ApiRequest[];
  }

  /** A writer for widgets of this source; the server answers with version 6. */
  function ground(source: Partial<Source<Widget>>): Ground {
    const requests: ApiRequest[] = [];
    const metadata = { ...widget.metadata, resourceVersion: '6', labels: { a: 'theirs' } };
    const transport: Transport = {
      request: async (request) => {
        requests.push(request);
        const whole = { ...widget, metadata, spec: { text: 'long' }, status };
        return {
          status: 200,
          body: request.metadataOnly === true ? { kind: 'PartialObjectMetadata', metadata } : whole,
        };
      },
      stream: () => Promise.reject(new Error('no watch here')),
    };
    const sources = new Sources([]);
    const store = sources.store({ ...source, resource: WIDGET });
    store.upsert('', widget, 'fresh');
    const kinds = new KindTable([WIDGET]);
    const client = new KubeClient(transport);
    const writer = new Writer('test', { client, clock: SYSTEM_CLOCK, sources, kinds, onFailedWrite: () => undefined });
    return { store, writer, requests };
  }

  it('asks for the metadata alone, and shows the store the rest as it has written it', async () => {
    const { store, writer, requests } = ground({});
    expect(await writer.status(WIDGET, widget, status, 'test', never)).to.equal('6');
    expect(requests.map(({ metadataOnly }) => metadataOnly)).to.deep.equal([true]);
    const shown = widgetIn(store);
    expect(shown?.metadata).to.include({ resourceVersion: '6' });
    expect(shown?.metadata.labels).to.deep.equal({ a: 'theirs' });
    expect(shown?.spec).to.equal(widget.spec);
    expect(shown?.status).to.equal(status);
  });

  it('leaves the status alone where it writes metadata', async () => {
    const { store, writer } = ground({});
    await writer.metadata(
      WIDGET,
      widget,
      { metadata: { resourceVersion: '5', labels: { a: 'theirs' } } },
      'test',
      never,
    );
    const shown = widgetIn(store);
    expect(shown).to.not.have.property('status');
    expect(shown?.metadata).to.include({ resourceVersion: '6' });
  });

  it('shows nothing of an object that the watch has shown as another one meanwhile', async () => {
    const { store, writer } = ground({});
    const writing = writer.status(WIDGET, widget, status, 'test', never);
    store.upsert('', { ...widget, metadata: { ...widget.metadata, resourceVersion: '7' } }, 'fresh');
    await writing;
    expect(widgetIn(store)).to.not.have.property('status');
  });

  it('asks for all of it where the store keeps what cannot be made of a part', async () => {
    const transform = (object: Widget): Widget => ({ ...object, spec: { text: object.spec?.text?.slice(0, 1) ?? '' } });
    const { store, writer, requests } = ground({ transform });
    await writer.status(WIDGET, widget, status, 'test', never);
    expect(requests.map(({ metadataOnly }) => metadataOnly)).to.deep.equal([undefined]);
    expect(widgetIn(store)?.spec).to.deep.equal({ text: 'l' });
  });
});
