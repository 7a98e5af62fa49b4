// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';
import { KubeClient } from '../../src/runtime/client.ts';
import { EventRecorder } from '../../src/runtime/events.ts';
import { EVENT, NODE } from '../../src/runtime/kinds.ts';
import { RuntimeMetrics } from '../../src/runtime/metrics.ts';
import type { ObjectEvent } from '../../src/runtime/outcome.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { keptLog, until, WIDGET, widget } from '../fakes/operator.ts';

const note = (message: string): ObjectEvent => ({ type: 'Warning', reason: 'Broken', message });

describe('EventRecorder', () => {
  let api: FakeApiServer;
  let registry: Registry;
  let recorder: EventRecorder;
  let draining: AbortController;
  let ended: Promise<void>;

  beforeEach(() => {
    api = new FakeApiServer({ kinds: [WIDGET] });
    registry = new Registry();
    draining = new AbortController();
    const metrics = new RuntimeMetrics(registry);
    const parts = { client: new KubeClient(api), clock: SYSTEM_CLOCK, log: keptLog([]), metrics, instance: 'node-1' };
    recorder = new EventRecorder(parts);
    ended = recorder.run(draining.signal, new AbortController().signal);
  });

  afterEach(async () => {
    draining.abort();
    await ended;
  });

  it('writes what kubectl describe shows', async () => {
    const object = api.put(widget('a'));
    recorder.record('widgets', object, note('it broke'));
    await until('event', () => api.list(EVENT).length === 1);
    expect(api.list(EVENT)[0]).to.deep.include({
      involvedObject: {
        apiVersion: 'test.example.com/v1',
        kind: 'Widget',
        name: 'a',
        namespace: 'default',
        uid: object.metadata.uid,
        resourceVersion: object.metadata.resourceVersion,
      },
      type: 'Warning',
      reason: 'Broken',
      message: 'it broke',
      count: 1,
      source: { component: 'widgets', host: 'node-1' },
    });
  });

  it('counts what repeats on one event, and writes a new one when that is gone', async () => {
    const object = api.put(widget('a'));
    for (let turn = 0; turn < 3; turn += 1) recorder.record('widgets', object, note('it broke'));
    await until('three writes', () => api.writes.length === 3);
    expect(api.list(EVENT).map((event) => JSON.stringify(event).includes('"count":3'))).to.deep.equal([true]);
    for (const event of api.list(EVENT)) api.delete(EVENT, event.metadata);
    recorder.record('widgets', object, note('it broke'));
    await until('new event', () => api.list(EVENT).length === 1);
  });

  it('puts events about objects without a namespace into the namespace default', async () => {
    recorder.record('nodes', api.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }), note('x'));
    await until('event', () => api.list(EVENT).length === 1);
    expect(api.list(EVENT)[0]?.metadata.namespace).to.equal('default');
    expect(api.get(NODE, { name: 'n' })).to.not.equal(undefined);
  });

  it('lets an object have 25 events at once, and counts what it drops', async () => {
    const object = api.put(widget('a'));
    for (let turn = 0; turn < 30; turn += 1) recorder.record('widgets', object, note(`fault ${String(turn)}`));
    recorder.record('widgets', api.put(widget('b')), note('another'));
    await until('events', () => api.list(EVENT).length === 26);
    expect(await registry.metrics()).to.include('spo_events_dropped_total{reason="rate limit"} 5');
  });

  it('gives up on an event that is refused, and goes on with the next', async () => {
    api.fault = ({ body }) => (JSON.stringify(body).includes('bad') ? { status: 403, body: {} } : undefined);
    const object = api.put(widget('a'));
    recorder.record('widgets', object, note('bad'));
    recorder.record('widgets', object, note('good'));
    await until('event', () => api.list(EVENT).length === 1);
    expect(await registry.metrics()).to.include('spo_events_dropped_total{reason="refused"} 1');
  });

  it('tries again when the server fails', async () => {
    let faults = 1;
    api.fault = () => (faults-- > 0 ? { status: 503, body: {} } : undefined);
    recorder.record('widgets', api.put(widget('a')), note('x'));
    await until('event', () => api.list(EVENT).length === 1);
  });

  it('makes nobody wait, and holds no more than 512', async () => {
    api.fault = () => new Error('down');
    for (let turn = 0; turn < 600; turn += 1) recorder.record('widgets', widget(`w${String(turn)}`), note('x'));
    expect(await registry.metrics()).to.match(/spo_events_dropped_total\{reason="queue full"\} 8[78]/);
    api.fault = () => undefined;
  });

  it('drops none of a thousand that are told once, while the server is away and others come and go', async () => {
    api.fault = () => new Error('down');
    for (let turn = 0; turn < 1000; turn += 1) {
      recorder.record('widgets', api.put(widget(`w${String(turn)}`)), { ...note('nothing was seen'), once: true });
      recorder.record('widgets', widget(`x${String(turn)}`), note('x'));
    }
    api.fault = () => undefined;
    const told = (): number => api.list(EVENT).filter((event) => JSON.stringify(event).includes('nothing was')).length;
    await until('the events', () => told() === 1000);
    expect(await registry.metrics()).to.match(/spo_events_dropped_total\{reason="queue full"\} 4[89]\d/);
  });

  it('makes names and messages that the API server takes, however long', async () => {
    const name = `${'a'.repeat(229)}-${'b'.repeat(23)}`;
    recorder.record('widgets', api.put(widget(name)), note('ü'.repeat(2000)));
    await until('event', () => api.list(EVENT).length === 1);
    const event = api.list(EVENT)[0];
    expect(event?.metadata.name).to.match(/^a{229}\.[0-9a-f]+$/);
    expect(Buffer.byteLength(String(event !== undefined && 'message' in event ? event.message : ''))).to.be.within(
      1000,
      1024,
    );
  });

  it('writes an event that is told once a single time, also when another process has told it', async () => {
    const object = api.put(widget('a'));
    const once: ObjectEvent = { ...note('unbound'), once: true };
    recorder.record('widgets', object, once);
    recorder.record('widgets', object, once);
    const metrics = new RuntimeMetrics(new Registry());
    const parts = { client: new KubeClient(api), clock: SYSTEM_CLOCK, log: keptLog([]), metrics, instance: 'node-2' };
    const next = new EventRecorder(parts);
    next.record('widgets', object, once);
    next.record('widgets', object, note('last'));
    await next.run(AbortSignal.abort(), new AbortController().signal);
    await until('the other event', () => api.list(EVENT).length === 2);
    expect(JSON.stringify(api.list(EVENT))).to.not.include('"count":2');
    expect(await registry.metrics()).to.not.include('spo_events_dropped_total{');
  });

  it('writes what waits before it ends', async () => {
    recorder.record('widgets', api.put(widget('a')), note('last'));
    draining.abort();
    await ended;
    expect(api.list(EVENT)).to.have.length(1);
  });
});
