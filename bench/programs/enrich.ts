// SPDX-License-Identifier: Apache-2.0
// The process that bench/enricher.ts measures: the log enricher without a cluster, for which all containers have their
// pod. Says how much memory it takes at rest, ends when it has counted so many records, and prints `{ ms, mib, lost,
// told }`: the time on a processor and the memory of this process and of the compiled program, and how many denials it
// has told, where its containers run under a profile.
//   enrich.ts PROGRAM PROC LOG RECORDS CONTAINERS [PROFILE]      the localhostProfile; `none` for pods without one
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { Denials } from '../../src/core/audit/denials.ts';
import { Captures } from '../../src/core/recording/captures.ts';
import { LoggedRecords } from '../../src/core/recording/logged-records.ts';
import { nativeArchitecture } from '../../src/core/seccomp/libseccomp/filter.ts';
import { AuditCounters } from '../../src/io/audit-counters.ts';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';
import { createLog } from '../../src/io/log.ts';
import { AuditFlow } from '../../src/roles/wiring/audit-flow.ts';

const [program = '', proc = '', log = '', records = '', containers = '', profile] = process.argv.slice(2);

/** Stops when all records have been counted or dropped. */
class Counters extends AuditCounters {
  counted = 0;
  lost = 0;
  onAll: () => void = () => undefined;

  override count(...args: Parameters<AuditCounters['count']>): void {
    super.count(...args);
    this.counted += args[2];
    if (this.counted + this.lost >= Number(records)) this.onAll();
  }

  override dropped(reason: string, number: number): void {
    super.dropped(reason, number);
    this.lost += number;
    if (this.counted + this.lost >= Number(records)) this.onAll();
  }
}

/** This process and its child. */
function family(): readonly string[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [String(process.pid), ...children];
}

/** Time on a processor of all threads of the family, in milliseconds. */
function busy(): number {
  const threads = family().flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`),
  );
  const times = threads.map((thread) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]));
  return times.reduce((sum, time) => sum + time, 0) / 1e6;
}

/** Proportional set size of the family, in MiB. */
function memory(): number {
  const sizes = family().map((pid) => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  return sizes.reduce((sum, text) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024, 0);
}

const native = nativeArchitecture(process.arch);
if (native === undefined) throw new Error(`no table of ${process.arch}`);
/** Recorded, or under a profile, or neither. */
const USE = { isRecorded: profile === undefined, localhost: profile === 'none' ? undefined : profile };
const counters = new Counters(new Registry());
let told = 0;
const flow = new AuditFlow({
  log: createLog({ stream: createWriteStream('/dev/null') }),
  counters,
  clock: SYSTEM_CLOCK,
  native,
  all: false,
  node: 'n',
  records: new LoggedRecords(new Captures({ changed: () => undefined, dropped: () => undefined }), {
    since: 0,
    goesOn: false,
  }),
  filter: () => true,
  denials: new Denials(() => (told += 1)),
  reading: () => undefined,
});
for (let at = 0; at < Number(containers); at += 1) {
  const place = { namespace: 'ns', pod: `pod-${at}`, container: 'main', ...USE };
  flow.placed(at.toString(16).padStart(64, '0'), place);
}
const auditor = flow.start(program, { proc, logs: [log] }, undefined, () => undefined);
let before = 0;
process.once('SIGUSR2', () => (before = busy()));
let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, memory())), 200);
counters.onAll = () => {
  const ms = busy() - before;
  clearInterval(watch);
  peak = Math.max(peak, memory());
  console.log(JSON.stringify({ ms, mib: peak, lost: counters.lost, told }));
  auditor.stop();
};
console.log(String(memory()));
