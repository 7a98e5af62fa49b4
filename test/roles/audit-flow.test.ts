// SPDX-License-Identifier: Apache-2.0
// Records on their way through the log enricher: from the lines of the compiled program, for which a script stands in,
// to lines of the log and to counters.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import type { AuditNews } from '../../src/core/audit/denial-line.ts';
import { Denials } from '../../src/core/audit/denials.ts';
import type { LineFilter } from '../../src/core/audit/filters.ts';
import type { Log, LogFields } from '../../src/core/log.ts';
import { SILENT } from '../../src/core/log.ts';
import { Captures } from '../../src/core/recording/captures.ts';
import { LoggedRecords } from '../../src/core/recording/logged-records.ts';
import type { PodContainer } from '../../src/handlers/node/audited-pods.ts';
import { AuditCounters } from '../../src/io/audit-counters.ts';
import { AuditFlow } from '../../src/roles/wiring/audit-flow.ts';

const ID = 'ab'.repeat(32);
const PLACE = { namespace: 'ns', pod: 'web', container: 'main', isRecorded: true };

function seccomp(serial: number, number: number): string {
  return `type=SECCOMP msg=audit(1.1:${serial}): pid=7 comm="x" exe="/x" arch=c000003e syscall=${number}`;
}

describe('roles/wiring/audit-flow', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'spo-flow-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Lets a program print lines, and tells what was logged and counted, and which positions were reached. */
  async function flow(
    lines: readonly string[],
    filter: LineFilter = () => true,
    place: Partial<PodContainer> = {},
  ): Promise<{
    readonly logged: readonly string[];
    readonly metrics: string;
    readonly reached: readonly string[];
    readonly captures: Captures;
    readonly told: readonly AuditNews[];
  }> {
    const program = path.join(folder, 'auditor');
    const text = ['h 3', ...lines].map((line) => `echo '${line}'\n`).join('');
    writeFileSync(program, `#!/bin/sh\necho "$@" >"$0.args"\n${text}`, { mode: 0o755 });
    const logged: string[] = [];
    const textOf = ({ syscallName, executable, times }: LogFields) =>
      [syscallName ?? 'selinux', executable, times]
        .filter((value) => value !== undefined)
        .map(String)
        .join(' ');
    const info = (message: string, fields: LogFields = {}) =>
      logged.push(message === 'audit' ? textOf(fields) : message);
    const log: Log = { ...SILENT, info };
    const registry = new Registry();
    const waiting: (() => void)[] = [];
    const clock = {
      now: () => 0,
      monotonic: () => 0,
      after: (_ms: number, callback: () => void) => (waiting.push(callback), () => undefined),
    };
    const counters = new AuditCounters(registry);
    const captures = new Captures({ changed: () => undefined, dropped: () => undefined });
    const records = new LoggedRecords(captures, { since: 0, goesOn: false });
    const native = 'SCMP_ARCH_X86_64' as const;
    const told: AuditNews[] = [];
    const denials = new Denials((denial) => told.push({ type: 'denial', ...denial }));
    const reading = (file: string): void => void told.push({ type: 'source', log: file });
    const parts = { log, counters, clock, native, all: false, node: 'n', records, filter, denials, reading };
    const audit = new AuditFlow(parts);
    audit.placed(ID, { ...PLACE, ...place });
    captures.placed(ID, { pod: 'u', container: 'main' });
    const reached: string[] = [];
    const node = { proc: '/proc', logs: ['/log'] };
    expect(await audit.start(program, node, '1:2:3', (next) => reached.push(next)).ended).to.equal(
      'ended with status 0',
    );
    expect(waiting, 'one timer').to.have.lengthOf(1);
    waiting[0]?.();
    return { logged, metrics: await registry.metrics(), reached, captures, told };
  }

  it('prints the first of equal records, counts all, and tells how far it is', async () => {
    const lines = ['s Reading', `r ${ID} ${seccomp(1, 50)}`, `r ${ID} ${seccomp(2, 50)}`, `r ${ID} ${seccomp(3, 0)}`];
    const { logged, metrics, reached, captures } = await flow([...lines, 'p 1:2:900']);
    expect([...(captures.of('u')[0]?.calls.get('SCMP_ARCH_X86_64') ?? [])]).to.deep.equal([50, 0]);
    expect(logged).to.deep.equal(['Reading', 'listen /x', 'read /x']);
    expect(metrics).to.match(/seccomp_profile_audit_total\{.*syscall="listen"\} 2/);
    expect(reached).to.deep.equal(['1:2:900']);
  });

  it('gives a refusal the executable of its call, and prints one whose call does not come', async () => {
    const refusal = (serial: number) =>
      `type=AVC msg=audit(1.1:${serial}): avc:  denied  { read } for  pid=7 scontext=s tcontext=t${serial} tclass=file`;
    const call = 'type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=2 pid=7 exe="/usr/bin/cat"';
    const { logged } = await flow([`r ${ID} ${refusal(1)}`, `r ${ID} ${call}`, `r ${ID} ${refusal(2)}`]);
    expect(logged.map((line) => line.trim())).to.deep.equal(['selinux /usr/bin/cat', 'selinux']);
  });

  it('passes over what SELinux granted, which is nothing that is lost', async () => {
    const granted = 'type=AVC msg=audit(1.1:1): avc:  granted  { read } for  pid=7 scontext=s tcontext=t tclass=file';
    const { logged, metrics, captures } = await flow([`r ${ID} ${seccomp(1, 50)}`, `r ${ID} ${granted}`]);
    expect(logged).to.deep.equal(['listen /x']);
    expect(metrics).to.contain('not-understood"} 0');
    expect(captures.get(ID)?.lost.size).to.equal(0);
  });

  it('tells once of a denied call of a profile, however often it is made, and counts all', async () => {
    const denied = (serial: number) => `r ${ID} ${seccomp(serial, 50)} code=0x50001`;
    const lines = ['s Reading from file /var/log/audit/audit.log', denied(1), denied(2), denied(3)];
    const place = { isRecorded: false, localhost: 'operator/ns/web.json' };
    const { told, metrics } = await flow(lines, () => true, place);
    const denial = { call: 'listen', enforced: true, by: '/x in ns/web', last: '1970-01-01T00:00:01Z' };
    expect(told).to.deep.equal([
      { type: 'source', log: '/var/log/audit/audit.log' },
      { type: 'denial', module: 'seccomp', use: 'operator/ns/web.json', ...denial },
    ]);
    expect(metrics).to.match(/profile_denials_total\{.*module="seccomp",profile="operator\/ns\/web.json"\} 3/);
    expect((await flow(lines, () => true, { ...place, isRecorded: true })).told).to.have.length(1);
  });

  it('counts what is hidden, dropped or not understood', async () => {
    const lines = [`r ${ID} ${seccomp(1, 50)}`, `r ${ID} type=SECCOMP nonsense`, 'd unattributed 4'];
    const { logged, metrics, captures } = await flow(lines, (line) => !JSON.stringify(line).includes('"listen"'));
    expect(logged).to.deep.equal([]);
    expect(metrics).to.match(/syscall="listen"\} 1/);
    expect(metrics).to.match(/dropped_total\{reason="not-understood"\} 1/);
    expect(metrics).to.match(/dropped_total\{reason="unattributed"\} 4/);
    const lost = Object.fromEntries(captures.get(ID)?.lost ?? []);
    expect(lost).to.deep.equal({ 'not-understood': 1, unattributed: 4 });
  });
});
