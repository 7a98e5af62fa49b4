// SPDX-License-Identifier: Apache-2.0
// The log enricher of a node: says which pod an audit record is about, in its log and in metrics. Wiring only: records
// come from a compiled program, what becomes of them is in core/audit.
import path from 'node:path';
import { Registry } from 'prom-client';
import { Enricher } from '../core/audit/enricher.ts';
import type { EnricherSink } from '../core/audit/enricher.ts';
import { enrichedLine } from '../core/audit/line.ts';
import { parseAuditLine } from '../core/audit/parse.ts';
import { parseEnricherSettings } from '../core/config.ts';
import type { EnricherSettings } from '../core/config.ts';
import { IMAGE_FOLDER } from '../core/deploy/image.ts';
import type { Environment } from '../core/env.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { AUDIT_LOGS } from '../core/names.ts';
import { nativeArchitecture } from '../core/seccomp/libseccomp/filter.ts';
import { AuditCounters } from '../io/audit-counters.ts';
import { SYSTEM_CLOCK } from '../io/clock.ts';
import { servePage } from '../io/local-page.ts';
import { startAuditor } from '../io/native/auditor.ts';
import type { Auditor } from '../io/native/auditor.ts';
import { aborted } from '../runtime/clock.ts';
import { beginProcess } from './process/cluster-process.ts';
import { wireLogEnricher } from './wiring/log-enricher.ts';

/** The compiled program. */
const AUDITOR = path.join(IMAGE_FOLDER, 'auditor');

/** How long counts may wait, in milliseconds. */
const FLUSH_MS = 1000;

/** Runs the log enricher until the signal aborts, or the compiled program ends; the exit status. */
export async function logEnricher(_args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseEnricherSettings(env);
  const process = await beginProcess('log-enricher', settings.nodeName, settings);
  const log = process.log.named('log-enricher');
  log.info(`Starting log-enricher on node: ${settings.nodeName}`);
  const registry = new Registry();
  const counters = new AuditCounters(registry);
  const work = new Work(new Enricher(sinkOf(log, counters), settings.verbosity > 0));
  const { nodeName: node } = settings;
  const wiring = wireLogEnricher(settings, process.parts, {
    placed: (id, container) => work.enricher.placed(id, { node, ...container }, SYSTEM_CLOCK.monotonic()),
    left: (id) => work.left(id),
  });
  const page = async (): Promise<string> => {
    work.flush();
    return registry.metrics();
  };
  const closePage = await servePage(settings.socket, page, (error) =>
    log.warn('the metrics could not be handed over', { why: errorText(error) }),
  );
  await process.serveProbes(() => wiring.operator.ready);
  await wiring.operator.start();
  const status = await readRecords(settings, work, counters, log, signal);
  await wiring.operator.stop();
  await closePage();
  await process.close();
  return status;
}

/** Takes records until the signal aborts. A program that ends by itself is tried again by the kubelet, with us. */
async function readRecords(
  settings: EnricherSettings,
  work: Work,
  counters: AuditCounters,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const native = nativeArchitecture(process.arch);
  if (native === undefined) throw new Error(`system calls of ${process.arch} are in no table of ours`);
  const auditor: Auditor = startAuditor(AUDITOR, [settings.hostProc, ...AUDIT_LOGS], {
    record: (id, line) => {
      const record = parseAuditLine(line, native);
      if (record === undefined) counters.dropped('not-understood', 1);
      else work.add(id, record);
    },
    dropped: (reason, records) => counters.dropped(reason, records),
    said: (sentence) => log.info(sentence),
  });
  void aborted(signal).then(() => auditor.stop());
  const end = await auditor.ended;
  work.flush();
  if (signal.aborted) {
    log.info('stopped');
    return 0;
  }
  log.error('the program that reads audit records has ended', { why: end });
  return 1;
}

function sinkOf(log: Log, counters: AuditCounters): EnricherSink {
  return {
    tell: (record, place, times) =>
      log.info('audit', { ...enrichedLine(record, place), ...(times > 1 ? { times } : {}) }),
    count: (record, place, times) => counters.count(record, place, times),
    forget: (place) => counters.forget(place),
    dropped: (reason, records) => counters.dropped(reason, records),
  };
}

/** The enricher with a clock: it is flushed while there is something to flush. */
class Work {
  readonly enricher: Enricher;
  private waiting = false;

  constructor(enricher: Enricher) {
    this.enricher = enricher;
  }

  add(id: string, record: Parameters<Enricher['add']>[1]): void {
    this.enricher.add(id, record, SYSTEM_CLOCK.monotonic());
    this.flushLater();
  }

  left(id: string): void {
    this.enricher.left(id, SYSTEM_CLOCK.monotonic());
    this.flushLater();
  }

  flush(): void {
    if (this.enricher.flush(SYSTEM_CLOCK.monotonic())) this.flushLater();
  }

  private flushLater(): void {
    if (this.waiting) return;
    this.waiting = true;
    SYSTEM_CLOCK.after(FLUSH_MS, () => {
      this.waiting = false;
      this.flush();
    });
  }
}
