// SPDX-License-Identifier: Apache-2.0
// The log enricher of a node: says which pod an audit record is about, in its log and in metrics. Wiring only: records
// come from a compiled program, what becomes of them is in core/audit.
import path from 'node:path';
import { Registry } from 'prom-client';
import { denialSocketBeside, printNews } from '../core/audit/denial-line.ts';
import { Denials } from '../core/audit/denials.ts';
import type { ObservedDenial } from '../core/audit/denials.ts';
import { parseEnricherSettings } from '../core/enricher-config.ts';
import { IMAGE_FOLDER } from '../core/deploy/image.ts';
import type { Environment } from '../core/env.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { AUDIT_LOGS } from '../core/names.ts';
import { Captures } from '../core/recording/captures.ts';
import { LoggedRecords } from '../core/recording/logged-records.ts';
import { AuditCounters } from '../io/audit-counters.ts';
import { SYSTEM_CLOCK } from '../io/clock.ts';
import { tellLines } from '../io/line-feed.ts';
import { servePage } from '../io/local-page.ts';
import type { Auditor } from '../io/native/auditor.ts';
import { beginProcess } from './process/cluster-process.ts';
import { KeptPosition } from './process/kept-position.ts';
import { ownArchitecture } from './process/own-architecture.ts';
import { AuditFlow } from './wiring/audit-flow.ts';
import type { AuditFlowParts } from './wiring/audit-flow.ts';
import { keepReading } from './wiring/audit-reading.ts';
import { wireLogEnricher } from './wiring/log-enricher.ts';

/** The compiled program. */
const AUDITOR = path.join(IMAGE_FOLDER, 'auditor');

/** Runs the log enricher until the signal aborts, or the compiled program ends; the exit status. */
export async function logEnricher(_args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseEnricherSettings(env);
  const { nodeName: node, hostProc } = settings;
  const process = await beginProcess('log-enricher', node, settings);
  const log = process.log.named('log-enricher');
  log.info(`Starting log-enricher on node: ${node}`);
  const registry = new Registry();
  const counters = new AuditCounters(registry);
  const captures: Captures = new Captures({
    changed: (pod) => wiring.recorded.changed(pod),
    dropped: (reason) => counters.dropped(reason, 1),
  });
  const native = ownArchitecture();
  const place = await KeptPosition.open(settings.positionFile, log, (now) => records.unwritten(now));
  const records: LoggedRecords = new LoggedRecords(captures, {
    since: place.keptAt ?? Infinity,
    goesOn: place.latest !== undefined,
    unwritten: place.unwritten,
  });
  const all = settings.verbosity > 0;
  const news = await openNews(settings.socket, log);
  const flow = new AuditFlow({
    ...news.parts,
    log,
    counters,
    clock: SYSTEM_CLOCK,
    native,
    all,
    node,
    records,
    filter: settings.filter,
  });
  const wiring = wireLogEnricher(settings, process.parts, {
    native,
    captures,
    listener: { placed: (id, container) => flow.placed(id, container), left: (id) => flow.left(id) },
  });
  const { operator } = wiring;
  const closePage = await serveCounters(settings.socket, registry, flow, log);
  await process.serveProbes(() => operator.ready);
  await operator.start();
  const begin = (): Auditor =>
    flow.start(AUDITOR, { proc: hostProc, logs: AUDIT_LOGS }, place.latest, (next) => place.keep(next));
  const status = await keepReading(begin, { log, clock: SYSTEM_CLOCK }, signal);
  flow.flush();
  await wiring.recorded.flush();
  await place.close();
  await operator.stop();
  await closePage();
  await news.close();
  await process.close();
  return status;
}

/** Tells the daemon which log is read, and which calls were denied. */
async function openNews(
  socket: string,
  log: Log,
): Promise<{ readonly parts: Pick<AuditFlowParts, 'denials' | 'reading'>; close(): Promise<void> }> {
  let source: readonly string[] = [];
  const lineOf = (denial: ObservedDenial): string => printNews({ type: 'denial', ...denial });
  const current = (): readonly string[] => [...source, ...denials.all().map(lineOf)];
  const denials: Denials = new Denials((denial) => feed.say(lineOf(denial)));
  const feed = await tellLines(denialSocketBeside(socket), current, (error) =>
    log.warn('the daemon could not be told of denied calls', { why: errorText(error) }),
  );
  const reading = (file: string): void => {
    source = [printNews({ type: 'source', log: file })];
    for (const line of source) feed.say(line);
  };
  return { parts: { denials, reading }, close: () => feed.close() };
}

/** Offers the counters to the daemon, which has the endpoint of the pod. */
function serveCounters(socket: string, registry: Registry, flow: AuditFlow, log: Log): Promise<() => Promise<void>> {
  const page = (): Promise<string> => {
    flow.flush();
    return registry.metrics();
  };
  return servePage(socket, page, (error) =>
    log.warn('the metrics could not be handed over', { why: errorText(error) }),
  );
}
