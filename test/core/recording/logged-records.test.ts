// SPDX-License-Identifier: Apache-2.0
// From audit records to captures: whose calls are taken, and what is said to be lost.
import { expect } from 'chai';
import { parseAuditLine } from '../../../src/core/audit/parse.ts';
import { Captures } from '../../../src/core/recording/captures.ts';
import { LoggedRecords } from '../../../src/core/recording/logged-records.ts';

describe('LoggedRecords', () => {
  let captures: Captures;
  let calls: LoggedRecords;
  beforeEach(() => {
    captures = new Captures({ changed: () => undefined, dropped: () => undefined });
    calls = new LoggedRecords(captures, { since: 1_000_000, goesOn: false });
  });

  function take(id: string, fields: string): void {
    const record = parseAuditLine(`type=SECCOMP msg=audit(1735689600.042:9): pid=7 ${fields}`, 'SCMP_ARCH_X86_64');
    if (record?.type !== 'seccomp') throw new Error(`no record: ${fields}`);
    calls.take(id, record);
  }

  const numbers = (id: string) => [...(captures.get(id)?.calls ?? [])].map(([name, all]) => [name, [...all]]);
  const recorded = { isRecorded: true, started: 2_000_000 };
  const place = (id: string, uid = 'u') => {
    captures.placed(id, { pod: uid, container: 'main' });
    calls.placed(id, recorded);
  };

  it('takes the calls of recorded containers, whether their pod is known before or after', () => {
    take('a', 'comm="x" exe="/x" arch=c000003e syscall=50');
    place('a');
    take('a', 'comm="x" exe="/x" arch=40000003 syscall=1');
    expect(numbers('a')).to.deep.equal([
      ['SCMP_ARCH_X86_64', [50]],
      ['SCMP_ARCH_X86', [1]],
    ]);
    expect(captures.of('u').map(({ container, firstCall }) => [container, firstCall])).to.deep.equal([
      ['main', 1735689600042],
    ]);
  });

  it('keeps nothing of containers that nobody records', () => {
    take('a', 'comm="x" exe="/x" arch=c000003e syscall=50');
    calls.placed('a', { isRecorded: false });
    take('a', 'comm="x" exe="/x" arch=c000003e syscall=51');
    expect(captures.get('a')).to.equal(undefined);
  });

  it('leaves out what the runtime calls before the program begins, and nothing that only has its name', () => {
    place('a');
    take('a', 'comm="runc:[2:INIT]" exe="/" arch=c000003e syscall=1');
    take('a', `comm="runc:[2:INIT]" exe=${hex('/memfd:runc_cloned:/proc/self/exe (deleted)')} arch=c000003e syscall=2`);
    take('a', 'comm="crun" exe="/" arch=c000003e syscall=3');
    expect(numbers('a')).to.deep.equal([]);
    take('a', 'comm="crun" exe="/usr/bin/crun" arch=c000003e syscall=4');
    take('a', 'comm="sh" exe="/" arch=c000003e syscall=5');
    expect(numbers('a')).to.deep.equal([['SCMP_ARCH_X86_64', [4, 5]]]);
  });

  it('says what is lost: of one container, and of all that are recorded meanwhile', () => {
    place('a');
    place('b', 'v');
    take('a', 'comm="x" exe="/x" arch=12345678 syscall=1');
    captures.ended('b', 1);
    calls.dropped('overflow', 3, 2_000_000);
    expect(Object.fromEntries(captures.get('a')?.lost ?? [])).to.deep.equal({ 'unknown-architecture': 1, overflow: 3 });
    expect(Object.fromEntries(captures.get('b')?.lost ?? [])).to.deep.equal({ overflow: 3 });
  });

  it('says of a container that began before the log was read that its start may be missing', () => {
    calls.placed('a', { isRecorded: true, started: 999_999 });
    calls.placed('a', { isRecorded: true, started: 999_999 });
    expect(Object.fromEntries(captures.get('a')?.lost ?? [])).to.deep.equal({ start: 1 });
    calls.placed('c', { isRecorded: true, started: 999_998, ended: 1_000_001 });
    expect(Object.fromEntries(captures.get('c')?.lost ?? [])).to.deep.equal({ start: 1 });
  });

  it('says of one that began before a restart that calls may be missing, and nothing of one that began after it', () => {
    const goesOn = new LoggedRecords(captures, { since: 1_000_000, goesOn: true });
    // It ended so shortly before that the one before may not have written all of it.
    goesOn.placed('c', { isRecorded: true, started: 900_000, ended: 980_000 });
    goesOn.placed('d', { isRecorded: true, started: 900_000, ended: 960_000 });
    goesOn.placed('a', { isRecorded: true, started: 999_999 });
    goesOn.placed('b', { isRecorded: true, started: 1_000_000 });
    expect(Object.fromEntries(captures.get('a')?.lost ?? [])).to.deep.equal({ 'enricher-restart': 1 });
    expect(captures.get('b')).to.equal(undefined);
    expect(Object.fromEntries(captures.get('c')?.lost ?? [])).to.deep.equal({ 'enricher-restart': 1 });
    expect(captures.get('d')).to.equal(undefined);
  });

  it('says it also of one that ended longer ago, where the one before had not written it', () => {
    const goesOn = new LoggedRecords(captures, { since: 1_000_000, goesOn: true, unwritten: ['a', 'c', 'd', 'e'] });
    expect(goesOn.unwritten(1_000_000)).to.deep.equal(['a', 'c', 'd', 'e']);
    goesOn.placed('a', { isRecorded: true, started: 900_000, ended: 930_000 });
    goesOn.placed('b', { isRecorded: true, started: 900_000, ended: 930_000 });
    goesOn.placed('c', { isRecorded: false });
    goesOn.left('d');
    expect(Object.fromEntries(captures.get('a')?.lost ?? [])).to.deep.equal({ 'enricher-restart': 1 });
    expect(captures.get('b')).to.equal(undefined);
    expect(goesOn.unwritten(1_599_999)).to.deep.equal(['a', 'e']);
    captures.forget('a');
    expect(goesOn.unwritten(1_600_000)).to.deep.equal([]);
  });

  it('sees all of a log that nobody has read before from the moment on at which reading begins', () => {
    const first = new LoggedRecords(captures, { since: Infinity, goesOn: false });
    first.placed('a', { isRecorded: true, started: 1_000_000 });
    first.placed('b', { isRecorded: true, started: 1_000_000, ended: 1_000_500 });
    first.begins(1_001_000);
    first.begins(1_009_000);
    first.placed('c', { isRecorded: true, started: 1_000_999 });
    first.placed('d', { isRecorded: true, started: 1_001_000 });
    first.dropped('lost', 1, 1_002_000);
    const lost = (id: string) => Object.fromEntries(captures.get(id)?.lost ?? []);
    expect(['a', 'b', 'c', 'd'].map(lost)).to.deep.equal([
      { start: 1, lost: 1 },
      { lost: 1 },
      { start: 1, lost: 1 },
      { lost: 1 },
    ]);
  });

  it('says of a container what was dropped before its pod told that it ran', () => {
    take('a', 'comm="x" exe="/x" arch=c000003e syscall=50');
    calls.dropped('unattributed', 2, 1_050_000);
    calls.dropped('unattributed', 1, 1_050_500);
    calls.dropped('lost', 1, 1_050_600);
    calls.placed('a', { isRecorded: true, started: 1_049_000 });
    calls.placed('b', { isRecorded: true, started: 1_050_400, ended: 1_050_450 });
    calls.placed('b', { isRecorded: true, started: 1_050_400, ended: 1_050_450 });
    calls.placed('c', { isRecorded: true, started: 1_051_000 });
    calls.placed('d', { isRecorded: true, started: 1_000_001, ended: 1_019_000 });
    const lost = (id: string) => Object.fromEntries(captures.get(id)?.lost ?? []);
    expect(['a', 'b', 'c', 'd'].map(lost)).to.deep.equal([
      { unattributed: 3, lost: 1 },
      { unattributed: 3, lost: 1 },
      {},
      { unattributed: 3, lost: 1 },
    ]);
    calls.dropped('lost', 1, 1_060_000);
    expect([lost('a'), lost('c'), lost('d')]).to.deep.equal([
      { unattributed: 3, lost: 2 },
      { lost: 1 },
      { unattributed: 3, lost: 2 },
    ]);
    calls.reached();
    calls.dropped('lost', 1, 1_061_000);
    calls.placed('e', { isRecorded: true, started: 1_000_001, ended: 1_019_000 });
    expect(lost('e')).to.deep.equal({ unattributed: 3, lost: 2 });
  });

  it('says nothing of one that had ended before, until records of it come', () => {
    const over = { isRecorded: true, started: 999_998, ended: 999_999 };
    calls.placed('a', over);
    calls.placed('a', over);
    expect(captures.get('a')).to.equal(undefined);
    take('a', 'comm="x" exe="/x" arch=c000003e syscall=50');
    calls.placed('a', over);
    take('b', 'comm="x" exe="/x" arch=c000003e syscall=50');
    calls.placed('b', over);
    for (const id of ['a', 'b']) {
      expect(Object.fromEntries(captures.get(id)?.lost ?? []), id).to.deep.equal({ start: 1 });
    }
  });
});

function hex(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase();
}

describe('LoggedRecords, accesses', () => {
  const head = 'type=AVC msg=audit(1735689600.042:9): ';
  const avc = (perm: string) =>
    `${head}avc:  denied  { ${perm} } for  pid=7 comm="x" scontext=u:r:selinuxrecording.process:s0 tcontext=u:object_r:etc_t:s0 tclass=file permissive=1`;
  const allowed = (name: string) =>
    `${head}apparmor="ALLOWED" operation="open" profile="p" name="${name}" pid=7 comm="x" requested_mask="r" denied_mask="r"`;

  function taken(lines: readonly string[], before?: (captures: Captures) => void) {
    let changes = 0;
    const captures = new Captures({ changed: () => (changes += 1), dropped: () => undefined });
    const records = new LoggedRecords(captures, { since: 0, goesOn: false });
    captures.placed('a', { pod: 'u', container: 'main' });
    before?.(captures);
    changes = 0;
    for (const line of lines) {
      const record = parseAuditLine(line, 'SCMP_ARCH_X86_64');
      if (record === undefined || record.type === 'companion') throw new Error(`no record: ${line}`);
      records.take('a', record);
    }
    return { captured: captures.get('a'), changes };
  }

  it('keeps each access once, with the time of its first record', () => {
    const { captured, changes } = taken([avc('read'), avc('read'), avc('write'), allowed('/etc/a'), allowed('/etc/a')]);
    expect(captured?.accesses.map(({ record, at }) => [record.type, at])).to.deep.equal([
      ['selinux', 1735689600042],
      ['selinux', 1735689600042],
      ['apparmor', 1735689600042],
    ]);
    expect(changes).to.equal(3);
    expect([captured?.calls.size, captured?.firstCall]).to.deep.equal([0, undefined]);
  });

  it('says of a container that had ended before a restart that accesses may be missing, once some come', () => {
    const captures = new Captures({ changed: () => undefined, dropped: () => undefined });
    const records = new LoggedRecords(captures, { since: 1_000_000, goesOn: true });
    for (const [at, line] of [avc('read'), allowed('/etc/a')].entries()) {
      const record = parseAuditLine(line, 'SCMP_ARCH_X86_64');
      if (record === undefined || record.type === 'companion') throw new Error(`no record: ${line}`);
      const id = String(at);
      records.take(id, record);
      records.placed(id, { isRecorded: true, started: 900_000, ended: 960_000 });
      expect(Object.fromEntries(captures.get(id)?.lost ?? [])).to.deep.equal({ 'enricher-restart': 1 });
    }
  });

  it('counts those that are too many', () => {
    const lines = Array.from({ length: 4100 }, (_, at) => allowed(`/data/${String(at)}`));
    const { captured } = taken(lines);
    expect(captured?.accesses).to.have.length(4096);
    expect([...(captured?.lost ?? [])]).to.deep.equal([['too-many-accesses', 4]]);
  });
});
