// SPDX-License-Identifier: Apache-2.0
// The runtime's metrics against the names, types and labels of controller-runtime and client-go, which dashboards and
// alerts are written for.
import { expect } from 'chai';
import type { Registry } from 'prom-client';
import { Rejected } from '../../src/core/errors.ts';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { testParts, until, WIDGET, widget, WidgetHandler } from '../fakes/operator.ts';

type Shape = readonly [type: 'counter' | 'gauge' | 'histogram', ...labels: string[]];

/**
 * pkg/internal/controller/metrics/metrics.go, pkg/metrics/workqueue.go, leaderelection.go and client_go_adapter.go of
 * controller-runtime. Its workqueue_depth has a third label, `priority`, which is empty for queues without numbered
 * priorities; an empty label is none.
 */
const UPSTREAM: Readonly<Record<string, Shape>> = {
  controller_runtime_reconcile_total: ['counter', 'controller', 'result'],
  controller_runtime_reconcile_errors_total: ['counter', 'controller'],
  controller_runtime_terminal_reconcile_errors_total: ['counter', 'controller'],
  controller_runtime_reconcile_panics_total: ['counter', 'controller'],
  controller_runtime_reconcile_timeouts_total: ['counter', 'controller'],
  controller_runtime_reconcile_time_seconds: ['histogram', 'controller'],
  controller_runtime_max_concurrent_reconciles: ['gauge', 'controller'],
  controller_runtime_active_workers: ['gauge', 'controller'],
  workqueue_depth: ['gauge', 'controller', 'name'],
  workqueue_adds_total: ['counter', 'controller', 'name'],
  workqueue_retries_total: ['counter', 'controller', 'name'],
  workqueue_queue_duration_seconds: ['histogram', 'controller', 'name'],
  workqueue_work_duration_seconds: ['histogram', 'controller', 'name'],
  workqueue_unfinished_work_seconds: ['gauge', 'controller', 'name'],
  workqueue_longest_running_processor_seconds: ['gauge', 'controller', 'name'],
  leader_election_master_status: ['gauge', 'name'],
  rest_client_requests_total: ['counter', 'code', 'host', 'method'],
};

/** Metrics for which controller-runtime has no name. */
const OURS: Readonly<Record<string, Shape>> = { spo_events_dropped_total: ['counter', 'reason'] };

/** The metrics of a registry: the type of each, and the labels of its series. */
async function shapesOf(registry: Registry): Promise<Readonly<Record<string, readonly string[]>>> {
  const metrics = await registry.getMetricsAsJSON();
  return Object.fromEntries(
    metrics.map(({ name, type, values }) => {
      const labels = new Set(values.flatMap((value) => Object.keys(value.labels)));
      labels.delete('le');
      return [name, [String(type), ...[...labels].sort()]];
    }),
  );
}

describe('runtime/metrics', () => {
  const api = new FakeApiServer({ kinds: [WIDGET] });
  let parts: ReturnType<typeof testParts>;
  let handler: WidgetHandler;
  let operator: SpoOperator;

  beforeEach(() => {
    parts = testParts(api);
    handler = new WidgetHandler();
    operator = SpoOperator.create({ ...parts, leader: { name: 'lock', namespace: 'default', identity: 'a' } });
    operator.register(handler);
  });
  afterEach(() => operator.stop());

  async function page(): Promise<readonly string[]> {
    return (await parts.registry.metrics()).split('\n');
  }

  it('have the names, types and labels of controller-runtime and client-go', async () => {
    api.put(widget('a'));
    await operator.start();
    await until('a pass', () => handler.calls.length > 0);
    parts.metrics.requested({ method: 'GET', host: 'api', code: '200' });
    parts.metrics.eventDropped('refused');
    await operator.stop();
    expect(await shapesOf(parts.registry)).to.deep.equal({ ...UPSTREAM, ...OURS });
  });

  it('are shown at zero from the start', async () => {
    const controller = 'controller="widget"';
    const queue = `name="widget",${controller}`;
    const results = ['success', 'error', 'requeue', 'requeue_after'].map(
      (result) => `${controller},result="${result}"`,
    );
    expect(await page()).to.include.members([
      ...results.map((labels) => `controller_runtime_reconcile_total{${labels}} 0`),
      ...['reconcile_errors', 'terminal_reconcile_errors', 'reconcile_panics', 'reconcile_timeouts'].map(
        (name) => `controller_runtime_${name}_total{${controller}} 0`,
      ),
      `controller_runtime_active_workers{${controller}} 0`,
      `workqueue_depth{${queue}} 0`,
      `workqueue_adds_total{${queue}} 0`,
      `workqueue_retries_total{${queue}} 0`,
      `workqueue_queue_duration_seconds_count{${queue}} 0`,
      `workqueue_work_duration_seconds_count{${queue}} 0`,
    ]);
  });

  it('count each pass over a rejected object as an error that is terminal, as controller-runtime does', async () => {
    handler.onApply = () => {
      throw new Rejected('InvalidSeccompProfile', 'no such call');
    };
    api.put(widget('a', { size: 1 }));
    await operator.start();
    await until('a pass', () => handler.calls.includes('apply a'));
    api.put(widget('a', { size: 2 }));
    await until('another', () => handler.calls.filter((call) => call === 'apply a').length === 2);
    await operator.stop();
    expect(await page()).to.include.members([
      'controller_runtime_reconcile_total{controller="widget",result="error"} 2',
      'controller_runtime_reconcile_total{controller="widget",result="success"} 0',
      'controller_runtime_reconcile_errors_total{controller="widget"} 2',
      'controller_runtime_terminal_reconcile_errors_total{controller="widget"} 2',
      'workqueue_retries_total{name="widget",controller="widget"} 0',
    ]);
  });
});
