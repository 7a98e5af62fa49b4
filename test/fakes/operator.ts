// SPDX-License-Identifier: Apache-2.0
// An operator on the fake API server, and a handler whose beats a test writes: what the runtime's tests have in common.
import { Registry } from 'prom-client';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';
import type { Log, LogFields } from '../../src/core/log.ts';
import type { Transport } from '../../src/runtime/api.ts';
import type { Handler, PolicyRule } from '../../src/runtime/handler.ts';
import type { ControllerManagerParts } from '../../src/runtime/controller-manager.ts';
import { RuntimeMetrics } from '../../src/runtime/metrics.ts';
import type { KubeObject, Resource } from '../../src/runtime/object.ts';
import type { Outcome } from '../../src/runtime/outcome.ts';

/** A kind for tests. */
export const WIDGET = {
  group: 'test.example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  scope: 'Namespaced',
} as const satisfies Resource;

/** A widget. */
export interface Widget extends KubeObject {
  readonly spec?: { readonly size?: number; readonly base?: string; readonly text?: string };
  readonly status?: { readonly size?: number; readonly note?: string };
}

/** A widget with a name in the namespace `default`. */
export function widget(name: string, spec: Widget['spec'] = {}): Widget {
  return { apiVersion: 'test.example.com/v1', kind: 'Widget', metadata: { name, namespace: 'default' }, spec };
}

/** A line of a log that keeps what it is told. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A log to look into. */
export function keptLog(lines: LogLine[]): Log {
  const keep = (level: LogLine['level']) => (message: string, fields: LogFields) =>
    lines.push({ level, message, fields });
  const log: Log = {
    debug: (message, fields = {}) => keep('debug')(message, fields),
    info: (message, fields = {}) => keep('info')(message, fields),
    warn: (message, fields = {}) => keep('warn')(message, fields),
    error: (message, fields = {}) => keep('error')(message, fields),
    named: () => log,
  };
  return log;
}

/** Parts of an operator with short waits, on any transport. */
export function testParts(
  transport: Transport,
  lines: LogLine[] = [],
): ControllerManagerParts & { readonly registry: Registry } {
  const registry = new Registry();
  return {
    transport,
    clock: SYSTEM_CLOCK,
    log: keptLog(lines),
    metrics: new RuntimeMetrics(registry),
    registry,
    instance: 'test-node',
    kinds: [WIDGET],
    tuning: { pageSize: 3, backoff: { firstMs: 5, capMs: 50, jitter: 0.5 }, absentMs: 50 },
  };
}

/** A handler of widgets that notes what it was called with; its beats can be exchanged at any time. */
export class WidgetHandler implements Handler<Widget> {
  readonly kind = WIDGET;
  readonly name: string = 'widget';
  readonly rules: readonly PolicyRule[] = [];
  readonly calls: string[] = [];
  /** A finalizer that it wants on every widget until the cleanup has succeeded. */
  readonly finalizer: string | undefined = undefined;
  onApply: (object: Widget, signal: AbortSignal) => Outcome<Widget> | Promise<Outcome<Widget>> = () => ({});
  onCleanup: (object: Widget) => Outcome<Widget> | Promise<Outcome<Widget>> = () => ({});

  async apply(object: Widget, signal: AbortSignal): Promise<Outcome<Widget>> {
    this.calls.push(`apply ${object.metadata.name}`);
    return this.holding(true, await this.onApply(object, signal));
  }

  async cleanup(object: Widget): Promise<Outcome<Widget>> {
    this.calls.push(`cleanup ${object.metadata.name}`);
    return this.holding(false, await this.onCleanup(object));
  }

  /** An outcome that says nothing of metadata, with the finalizer. */
  private holding(holds: boolean, outcome: Outcome<Widget>): Outcome<Widget> {
    return this.finalizer === undefined
      ? outcome
      : { metadata: { finalizers: { [this.finalizer]: holds } }, ...outcome };
  }

  async gone(key: { readonly name: string }): Promise<Outcome<Widget>> {
    this.calls.push(`gone ${key.name}`);
    return {};
  }
}

/** Waits until something holds; fails after a minute, which only what hangs takes, with what was waited for. */
export async function until(what: string, holds: () => boolean, limitMs = 60_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${String(limitMs)} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
