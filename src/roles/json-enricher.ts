// SPDX-License-Identifier: Apache-2.0
// The JSON enricher of a node: one JSON line for each program that ran in a pod, with what it called. Wiring only:
// records come from a compiled program, what becomes of them is in core/audit.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { parseJsonEnricherSettings } from '../core/enricher-config.ts';
import type { AuditLogSettings } from '../core/enricher-config.ts';
import { IMAGE_FOLDER } from '../core/deploy/image.ts';
import type { Environment } from '../core/env.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { AUDIT_LOGS } from '../core/names.ts';
import { SYSTEM_CLOCK } from '../io/clock.ts';
import { RotatedFile } from '../io/rotated-file.ts';
import { beginProcess } from './process/cluster-process.ts';
import { KeptPosition } from './process/kept-position.ts';
import { ownArchitecture } from './process/own-architecture.ts';
import { ActivityFlow } from './wiring/activity-flow.ts';
import { keepReading } from './wiring/audit-reading.ts';
import { wireJsonEnricher } from './wiring/json-enricher.ts';

/** The compiled program. */
const AUDITOR = path.join(IMAGE_FOLDER, 'auditor');

/** Runs the JSON enricher until the signal aborts, or the compiled program ends; the exit status. */
export async function jsonEnricher(_args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseJsonEnricherSettings(env);
  const { nodeName: node, hostProc, auditLog } = settings;
  const process = await beginProcess('json-enricher', node, settings);
  const log = process.log.named('json-enricher');
  log.info(`Starting json-enricher on node: ${node}`);
  const output = outputTo(auditLog, log);
  const place = await KeptPosition.open(settings.positionFile, log);
  const flow = new ActivityFlow({
    log,
    clock: SYSTEM_CLOCK,
    native: ownArchitecture(),
    node,
    intervalMs: auditLog.intervalMs,
    filter: settings.filter,
    print: output.print,
    newId: randomUUID,
  });
  const operator = wireJsonEnricher(settings, process.parts, {
    placed: (id, container) => flow.placed(id, container),
    left: (id) => flow.left(id),
  });
  await process.serveProbes(() => operator.ready);
  await operator.start();
  const begin = () =>
    flow.start(AUDITOR, { proc: hostProc, logs: AUDIT_LOGS }, place.latest, (next) => place.keep(next));
  const status = await keepReading(begin, { log, clock: SYSTEM_CLOCK }, signal);
  flow.flush(true);
  await output.settled();
  await place.close();
  await operator.stop();
  await process.close();
  return status;
}

/** Where lines go. */
interface Output {
  readonly print: (line: string) => void;
  readonly settled: () => Promise<void>;
}

/** To the file that was asked for, else to standard output. */
function outputTo({ file, rotation }: AuditLogSettings, log: Log): Output {
  if (file === undefined) {
    return { print: (line) => process.stdout.write(`${line}\n`), settled: () => Promise.resolve() };
  }
  const rotated = new RotatedFile(file, rotation, () => SYSTEM_CLOCK.now());
  const print = (line: string): void => {
    rotated.write(line).catch((error: unknown) => log.error('a line is lost', { why: errorText(error) }));
  };
  return { print, settled: () => rotated.settled() };
}
