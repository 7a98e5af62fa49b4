// SPDX-License-Identifier: Apache-2.0
// The runtime's metrics, under the names that controller-runtime gives them, so that dashboards and alerts made for any
// operator work for this one.
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { QueueObserver, WorkQueue } from './queue.ts';

const RESULTS = ['success', 'error', 'requeue', 'requeue_after'] as const;

/** How a reconcile ended, as the `result` label of controller_runtime_reconcile_total. */
export type ResultLabel = (typeof RESULTS)[number];

/** controller-runtime's buckets of controller_runtime_reconcile_time_seconds, thinned to every second one. */
const RECONCILE_BUCKETS = [0.005, 0.025, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.25, 1.75, 2.5, 3.5, 4.5, 6, 8, 10, 20, 30, 60];
/** client-go's buckets of the workqueue histograms: powers of ten from 10 ns, without those below a clock's step. */
const QUEUE_BUCKETS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];

/** The metrics of the runtime in a registry; one per process. */
export class RuntimeMetrics {
  private readonly registers: Registry[];
  private readonly reconciles;
  private readonly reconcileErrors;
  private readonly terminalErrors;
  private readonly panics;
  private readonly timeouts;
  private readonly reconcileTime;
  private readonly maxConcurrent;
  private readonly activeWorkers;
  private readonly adds;
  private readonly retries;
  private readonly queueTime;
  private readonly workTime;
  private readonly leader;
  private readonly eventsDropped;
  private readonly requests;
  private readonly queues = new Map<string, WorkQueue>();

  constructor(registry: Registry) {
    this.registers = [registry];
    const controller = ['controller'] as const;
    const name = ['name', 'controller'] as const;
    const base = 'controller_runtime_reconcile';
    this.reconciles = this.counter(`${base}_total`, 'Reconciliations per controller', ['controller', 'result']);
    this.reconcileErrors = this.counter(`${base}_errors_total`, 'Reconciliation errors per controller', controller);
    this.terminalErrors = this.counter(
      'controller_runtime_terminal_reconcile_errors_total',
      'Reconciliations of rejected objects per controller: not retried before these change',
      controller,
    );
    this.panics = this.counter(`${base}_panics_total`, 'Errors of the program itself per controller', controller);
    this.timeouts = this.counter(`${base}_timeouts_total`, 'Reconciliations broken off per controller', controller);
    this.reconcileTime = this.histogram(
      `${base}_time_seconds`,
      'Length of a reconciliation',
      controller,
      RECONCILE_BUCKETS,
    );
    this.maxConcurrent = this.gauge(
      'controller_runtime_max_concurrent_reconciles',
      'Reconciliations at a time',
      controller,
    );
    this.activeWorkers = this.gauge('controller_runtime_active_workers', 'Reconciliations running', controller);
    this.adds = this.counter('workqueue_adds_total', 'Keys added to the queue', name);
    this.retries = this.counter('workqueue_retries_total', 'Keys added again after a failure', name);
    this.queueTime = this.histogram('workqueue_queue_duration_seconds', 'Wait in the queue', name, QUEUE_BUCKETS);
    this.workTime = this.histogram('workqueue_work_duration_seconds', 'Work on a key', name, QUEUE_BUCKETS);
    this.leader = this.gauge('leader_election_master_status', '1 while this process leads', ['name']);
    this.eventsDropped = this.counter('spo_events_dropped_total', 'Kubernetes events not written', ['reason']);
    const request = ['code', 'host', 'method'] as const;
    this.requests = this.counter('rest_client_requests_total', 'Answers of the API server', request);
    this.measureQueues();
  }

  /** Counts an answer of the API server; code is `<error>` where none came, as client-go writes it. */
  requested({ method, host, code }: Readonly<Record<'method' | 'host' | 'code', string>>): void {
    this.requests.inc({ method, host, code });
  }

  /** Announces a controller with the number of reconciles it may run at a time; its zeros are shown from now on. */
  announce(controller: string, concurrency: number, queue: WorkQueue): void {
    this.maxConcurrent.set({ controller }, concurrency);
    this.activeWorkers.set({ controller }, 0);
    for (const counter of [this.reconcileErrors, this.terminalErrors, this.panics, this.timeouts])
      counter.inc({ controller }, 0);
    // A rate is known only of a series that was there before: without these zeros the first error would not show.
    for (const result of RESULTS) this.reconciles.inc({ controller, result }, 0);
    this.queues.set(controller, queue);
  }

  /** The observer of a controller's queue, whose zeros are shown from now on. */
  queueObserver(controller: string): QueueObserver {
    const labels = { name: controller, controller };
    for (const counter of [this.adds, this.retries]) counter.inc(labels, 0);
    for (const histogram of [this.queueTime, this.workTime]) histogram.zero(labels);
    return {
      added: () => this.adds.inc(labels),
      retried: () => this.retries.inc(labels),
      taken: (waitedMs) => this.queueTime.observe(labels, waitedMs / 1000),
      finished: (workedMs) => this.workTime.observe(labels, workedMs / 1000),
    };
  }

  reconcileStarted(controller: string): void {
    this.activeWorkers.inc({ controller });
  }

  reconcileEnded(controller: string, result: ResultLabel, tookMs: number): void {
    this.activeWorkers.dec({ controller });
    this.reconciles.inc({ controller, result });
    this.reconcileTime.observe({ controller }, tookMs / 1000);
    if (result === 'error') this.reconcileErrors.inc({ controller });
  }

  /** Counts a reconcile over an object that the user has to change, besides the error that it is. */
  rejected(controller: string): void {
    this.terminalErrors.inc({ controller });
  }

  bug(controller: string): void {
    this.panics.inc({ controller });
  }

  timeout(controller: string): void {
    this.timeouts.inc({ controller });
  }

  leading(name: string, leads: boolean): void {
    this.leader.set({ name }, leads ? 1 : 0);
  }

  eventDropped(reason: 'queue full' | 'rate limit' | 'refused'): void {
    this.eventsDropped.inc({ reason });
  }

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: this.registers });
  }

  private gauge<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    collect?: (gauge: Gauge<L>) => void,
  ) {
    const options = { name, help, labelNames, registers: this.registers };
    if (collect === undefined) return new Gauge(options);
    return new Gauge({
      ...options,
      collect() {
        this.reset();
        collect(this);
      },
    });
  }

  private histogram<L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]) {
    return new Histogram({ name, help, labelNames, buckets, registers: this.registers });
  }

  /** Registers gauges whose values are read from the queues at each scrape. */
  private measureQueues(): void {
    const measure = (name: string, help: string, value: (queue: WorkQueue) => number) =>
      this.gauge(name, help, ['name', 'controller'], (gauge) => {
        for (const [controller, queue] of this.queues) gauge.set({ name: controller, controller }, value(queue));
      });
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    measure('workqueue_depth', 'Keys that wait', (queue) => queue.depth);
    measure('workqueue_unfinished_work_seconds', 'Time of running work', (queue) => sum(queue.runningMs()) / 1000);
    measure(
      'workqueue_longest_running_processor_seconds',
      'Time of the longest running work',
      (queue) => Math.max(0, ...queue.runningMs()) / 1000,
    );
  }
}
