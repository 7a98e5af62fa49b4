// SPDX-License-Identifier: Apache-2.0
// The program that reads audit logs: which lines it takes, how it follows a file, and whose process a record is about,
// also when that has ended. As it is shipped, and under AddressSanitizer and UBSan.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { ProcessProgram } from '../../src/core/audit/process-activity.ts';
import { startAuditor } from '../../src/io/native/auditor.ts';
import type { Auditor } from '../../src/io/native/auditor.ts';
import { buildSanitized, nativeProgram } from './fixtures.ts';

const ID = 'c0ffee00'.repeat(8);
const OTHER = 'decaf000'.repeat(8);
const PATIENCE_MS = 100_000;

/** The program's lines, and a wait for more of them. */
class Heard {
  readonly records: string[] = [];
  readonly drops = new Map<string, number>();
  readonly sentences: string[] = [];
  readonly programs: string[] = [];
  position = '-';
  /** Records of which was told before each place that was, whether passed on or dropped. */
  readonly toldBefore: number[] = [];
  private wake: () => void = () => undefined;

  record(id: string, line: string): void {
    this.records.push(`${id} ${line}`);
    this.wake();
  }

  executed(_id: string, pid: number, { arguments: words, request }: ProcessProgram): void {
    this.programs.push(`${pid} ${words.join('|')} ${request}`);
  }

  dropped(reason: string, records: number): void {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + records);
    this.wake();
  }

  reached(position: string): void {
    this.position = position;
    this.wake();
    const dropped = [...this.drops.values()].reduce((sum, count) => sum + count, 0);
    this.toldBefore.push(this.records.length + dropped);
  }

  said(sentence: string): void {
    this.sentences.push(sentence);
    this.wake();
  }

  /** Waits until something holds. */
  async until(holds: () => boolean): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!holds()) {
      if (Date.now() > end)
        throw new Error(
          `not within ${PATIENCE_MS} ms: ${JSON.stringify([this.sentences, this.records, [...this.drops]])}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

for (const build of ['Release', 'Debug'] as const) {
  describe(`auditor, ${build}`, function () {
    this.timeout(180_000);
    let folder: string;
    let proc: string;
    let log: string;
    let heard: Heard;
    let auditor: Auditor | undefined;

    before(() => {
      if (build === 'Debug') buildSanitized();
    });
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'spo-auditor-'));
      proc = path.join(folder, 'proc');
      log = path.join(folder, 'audit.log');
      heard = new Heard();
      mkdirSync(proc);
      writeFileSync(path.join(proc, 'stat'), 'cpu 1 2 3\nbtime 1735600000\n');
      writeFileSync(log, record(1, 'before') + '\n');
      addProcess(4711, ID);
    });
    afterEach(async () => {
      auditor?.stop();
      expect(await auditor?.ended).to.be.oneOf([undefined, 'ended with status 0']);
      auditor = undefined;
      rmSync(folder, { recursive: true, force: true });
    });

    /** A process of a container in a /proc of ours. */
    function addProcess(
      pid: number,
      id: string | undefined,
      more: { state?: string; start?: number; v1?: boolean } = {},
    ): void {
      const { state = 'S', start = 100, v1 = false } = more;
      const group =
        id === undefined ? '/system.slice/crio.service' : `/kubepods.slice/kubepods-podx.slice/crio-${id}.scope`;
      mkdirSync(path.join(proc, String(pid)), { recursive: true });
      const fields = Array.from({ length: 30 }, (_, index) => (index === 18 ? start : index + 3));
      writeFileSync(path.join(proc, String(pid), 'stat'), `${pid} (a) (b c)) ${state} ${fields.join(' ')}\n`);
      const lines = v1 ? `9:pids:${group}\n0::/\n` : `9:pids:/\n0::${group}\n`;
      writeFileSync(path.join(proc, String(pid), 'cgroup'), lines);
    }

    function record(serial: number, comm: string, pid = 4711): string {
      return `type=SECCOMP msg=audit(1735689600.000:${serial}): auid=1 pid=${pid} comm="${comm}" exe="/x" arch=c000003e syscall=1`;
    }

    async function start(...files: readonly string[]): Promise<void> {
      auditor = startAuditor(nativeProgram('auditor', build), [proc, heard.position, ...files], heard);
      await heard.until(() => heard.sentences.some((said) => /^Reading from|no audit log/.test(said)));
    }

    const append = (text: string): void => appendFileSync(log, text);
    const comms = (): string => heard.records.map((line) => / comm="([^"]*)"/.exec(line)?.[1]).join();

    it('follows the first log that is there, from its end, and tells the container of each record', async () => {
      await start(path.join(folder, 'none'), log);
      expect(heard.sentences).to.include(`Reading from file ${log}`);
      append(`${record(2, 'one')}\n${record(3, 'two')}\n`);
      await heard.until(() => heard.records.length === 2);
      expect(heard.records).to.deep.equal([`${ID} ${record(2, 'one')}`, `${ID} ${record(3, 'two')}`]);
    });

    it('takes a log that is made later', async () => {
      rmSync(log);
      await start(log);
      writeFileSync(log, '');
      await heard.until(() => heard.sentences.includes(`Reading from file ${log}`));
      append(`${record(2, 'one')}\n`);
      await heard.until(() => heard.records.length === 1);
    });

    it('takes records of seccomp, SELinux and AppArmor, and no other lines', async () => {
      await start(log);
      const rest = 'audit(1735689600.000:9): pid=0 x pid=4711 pid=5';
      // A system call counts beside a refusal with its number only.
      append(`type=SYSCALL msg=audit(1735689600.000:8): arch=c000003e pid=4711 comm="alone"\n`);
      const kinds = ['1326', 'SECCOMP', '1400', 'AVC', 'APPARMOR_DENIED', '1300', 'USER_AVC', '1423', 'SYSCALL'];
      for (const kind of kinds) append(`type=${kind} msg=audit(1735689600.000:9): pid=4711 comm="${kind}"\n`);
      append(`type=1326 ${rest}\nnoise\ntype=1326 audit(x): pid=4711\ntype=1326\n\n${record(1, 'last')}\n`);
      await heard.until(() => comms().endsWith('last'));
      expect(comms()).to.equal('1326,SECCOMP,1400,AVC,APPARMOR_DENIED,1300,SYSCALL,last');
    });

    it('takes the number that the kernel wrote, not one in the label before it', async () => {
      addProcess(4712, OTHER);
      await start(log);
      for (const kind of ['SECCOMP', '1326']) {
        const label = 'subj=web//null-/tmp/a pid=4712 (complain)';
        append(`type=${kind} msg=audit(1735689600.000:9): auid=1 ${label} pid=4711 comm="${kind}" syscall=1\n`);
      }
      append(`type=AVC msg=audit(1735689600.000:9): pid=4711 comm="AVC" extra=a pid=4712\n`);
      await heard.until(() => heard.records.length === 3);
      expect(heard.records.map((line) => line.slice(0, ID.length))).to.deep.equal([ID, ID, ID]);
    });

    it('believes only the kernel in a syslog', async () => {
      log = path.join(folder, 'syslog');
      writeFileSync(log, '');
      await start(log);
      const body = 'audit: type=1326 audit(1735689600.000:9): pid=4711 comm="a" syscall=1';
      append(`Jan  1 00:00:00 n evil[1]: ${body}\nJan  1 00:00:00 n kernel: [    1.0] ${body.replace('"a"', '"b"')}\n`);
      await heard.until(() => heard.records.length > 0);
      expect(comms()).to.equal('b');
    });

    it('takes no record of a line that goes on with a message of the kernel, in a syslog', async () => {
      log = path.join(folder, 'syslog');
      writeFileSync(log, '');
      await start(log);
      const line = (stamp: string, comm: string): string =>
        `Jan  1 00:00:00 n kernel: [${stamp}] audit: type=1326 audit(1735689600.000:9): pid=4711 comm="${comm}"\n`;
      append(`${line('   10.803070', 'a')}${line('   10.803070', 'forged')}${line('   10.803071', 'b')}`);
      append(`${line(' '.repeat(40), 'c')}${line(' '.repeat(40), 'd')}Jan  1 00:00:00 n kernel: [ ${record(1, 'e')}\n`);
      await heard.until(() => comms().endsWith('e'));
      expect(comms()).to.equal('a,b,c,d,e');
    });

    it('counts records that never came, by their serial numbers, and not those that come late', async () => {
      await start(log);
      const other = (serial: number): string => `type=USER_LOGIN msg=audit(1735689600.000:${String(serial)}): pid=1`;
      append(`${record(100, 'a')}\n${record(102, 'b')}\n${other(101)}\n${record(105, 'c')}\n`);
      append(`type=DAEMON_START msg=audit(1735689600.000:7777): op=start\n${record(1, 'old')}\n`);
      await heard.until(() => heard.drops.get('lost') === 2);
      append(`${record(106, 'd')}\n${record(1106, 'e')}\n`);
      await heard.until(() => heard.drops.get('lost') === 2 + 999);
      append(`${record(1_000_000_000, 'f')}\n${record(1_000_000_001, 'g')}\n`);
      await heard.until(() => comms().endsWith('g'));
      expect(heard.drops.get('lost')).to.equal(1001);
    });

    it('counts what the kernel says in a syslog to have lost', async () => {
      log = path.join(folder, 'syslog');
      writeFileSync(log, '');
      await start(log);
      const says = (lost: number): string =>
        `Jan  1 00:00:00 n kernel: [    1.${String(lost)}] audit: audit_lost=${String(lost)} audit_rate_limit=0 audit_backlog_limit=64\n`;
      append(`${says(40)}${says(43)}Jan  1 00:00:00 n evil[1]: audit: audit_lost=99\n`);
      await heard.until(() => heard.drops.get('lost') === 4);
    });

    it('leaves a syslog for an audit log that is made later, and reads all of that', async () => {
      const syslog = path.join(folder, 'syslog');
      writeFileSync(syslog, '');
      rmSync(log);
      await start(log, syslog);
      expect(heard.sentences).to.include(`Reading from file ${syslog}`);
      appendFileSync(syslog, `Jan  1 00:00:00 n kernel: [    1.0] audit: ${record(2, 'one')}\n`);
      await heard.until(() => comms() === 'one');
      append(`${record(3, 'two')}\n`);
      await heard.until(() => comms() === 'one,two');
      expect(heard.sentences).to.include(`Reading from file ${log}`);
      append(`${record(4, 'three')}\n`);
      await heard.until(() => comms() === 'one,two,three');
    });

    it('waits for the end of a line, and leaves out one that has none', async () => {
      await start(log);
      const line = record(2, 'whole');
      append(line.slice(0, 30));
      append(`${line.slice(30)}\n${'x'.repeat(200_000)}`);
      append(`${'y'.repeat(300_000)}\n${record(3, 'next')}\n`);
      await heard.until(() => comms() === 'whole,next' && heard.drops.get('too-long') === 1);
    });

    it('goes on after a rotation, with what still comes into the old file', async () => {
      await start(log);
      append(`${record(2, 'one')}\n`);
      renameSync(log, `${log}.1`);
      writeFileSync(log, `${record(3, 'two')}\n`);
      await heard.until(() => comms() === 'one,two');
      appendFileSync(`${log}.1`, `${record(4, 'old')}\n`);
      append(`${record(5, 'new')}\n`);
      await heard.until(() => heard.records.length === 4);
      expect(comms().split(',').toSorted().join()).to.equal('new,old,one,two');
    });

    it('goes on after a rotation in the middle of a line, whose rest comes into the old file', async () => {
      await start(log);
      const line = record(3, 'split');
      append(`${record(2, 'one')}\n${line.slice(0, 40)}`);
      await heard.until(() => comms() === 'one');
      renameSync(log, `${log}.1`);
      writeFileSync(log, `${record(4, 'two')}\n`);
      await heard.until(() => comms() === 'one,two');
      appendFileSync(`${log}.1`, `${line.slice(40)}\n`);
      append(`${record(5, 'three')}\n`);
      await heard.until(() => heard.records.length === 4);
      expect(comms().split(',').toSorted().join()).to.equal('one,split,three,two');
      expect(heard.drops.get('cut-off')).to.equal(undefined);
    });

    it('goes on after a truncation in the middle of a line', async () => {
      await start(log);
      append(`${record(2, 'one')}\n${'z'.repeat(1000)}`);
      await heard.until(() => comms() === 'one');
      truncateSync(log);
      append(`${record(3, 'two')}\n`);
      await heard.until(() => comms() === 'one,two' && heard.drops.get('cut-off') === 1);
    });

    /** Ends the program; another one goes on where it was. */
    async function restart(meanwhile: () => void): Promise<void> {
      auditor?.stop();
      await auditor?.ended;
      meanwhile();
      heard.sentences.length = 0;
      await start(log);
    }

    it('goes on after a restart where it was, with what came meanwhile', async () => {
      await start(log);
      append(`${record(2, 'one')}\n${record(3, 'half').slice(0, 40)}`);
      await heard.until(() => comms() === 'one' && heard.position !== '-');
      await restart(() => append(`${record(3, 'half').slice(40)}\n${record(4, 'two')}\n`));
      await heard.until(() => heard.records.length === 3);
      expect(comms()).to.equal('one,half,two');
    });

    it('goes on after a restart with the rest of a log that was rotated meanwhile', async () => {
      await start(log);
      append(`${record(2, 'one')}\n`);
      await heard.until(() => comms() === 'one' && heard.position !== '-');
      await restart(() => {
        append(`${record(3, 'two')}\n`);
        renameSync(log, `${log}.1`);
        writeFileSync(log, `${record(4, 'three')}\n`);
      });
      await heard.until(() => heard.records.length === 3);
      expect(comms()).to.equal('one,two,three');
    });

    it('says after a restart that a log is gone', async () => {
      await start(log);
      append(`${record(2, 'one')}\n`);
      await heard.until(() => comms() === 'one' && heard.position !== '-');
      await restart(() => {
        writeFileSync(`${log}.new`, `${record(4, 'two')}\n`);
        renameSync(`${log}.new`, log);
      });
      await heard.until(() => comms() === 'one,two');
      expect(heard.sentences.join()).to.include('records of the time without us may be lost');
    });

    it('refuses a link in the place of a log', async () => {
      rmSync(log);
      symlinkSync('/etc/passwd', log);
      await start(log);
      expect(heard.sentences.join()).to.include(`${log} cannot be read`);
    });

    it('does not follow a link that takes the place of the log, and goes on when there is a log again', async () => {
      const other = path.join(folder, 'other');
      writeFileSync(other, '');
      await start(log);
      append(`${record(2, 'one')}\n`);
      await heard.until(() => comms() === 'one');
      renameSync(log, `${log}.1`);
      symlinkSync(other, log);
      appendFileSync(other, `${record(3, 'linked')}\n`);
      await heard.until(() =>
        heard.sentences.some((said) => said.includes(`${log} was replaced by something that cannot be read`)),
      );
      rmSync(log);
      writeFileSync(log, `${record(4, 'two')}\n`);
      await heard.until(() => comms() === 'one,two');
    });

    it('passes over a line of ten megabytes, and counts it', async () => {
      await start(log);
      append(`${record(2, 'x'.repeat(10 << 20))}\n${record(3, 'next')}\n`);
      await heard.until(() => comms() === 'next' && heard.drops.get('too-long') === 1);
    });

    it('knows control groups of both versions, and says when a process is not to be found', async () => {
      addProcess(12, OTHER, { v1: true });
      addProcess(13, undefined);
      addProcess(14, undefined, { state: 'Z' });
      await start(log);
      for (const pid of [12, 13, 14, 15]) append(`${record(2, `p${pid}`, pid)}\n`);
      append(`${record(3, 'last')}\n`);
      await heard.until(() => heard.records.length === 2 && heard.drops.get('unattributed') === 2);
      expect(heard.records[0]).to.include(`${OTHER} type=SECCOMP`).and.include('"p12"');
    });

    it('remembers a process that is gone, and does not take another one for it', async () => {
      await start(log);
      append(`${record(2, 'lives')}\n`);
      await heard.until(() => heard.records.length === 1);
      rmSync(path.join(proc, '4711'), { recursive: true });
      append(`${record(3, 'gone')}\n`);
      await heard.until(() => heard.records.length === 2);
      // A process that began a day after the record was made only has the number.
      addProcess(16, OTHER, { start: 18_000_000 });
      append(`${record(4, 'reused', 16)}\n`);
      await heard.until(() => heard.drops.get('unattributed') === 1);
    });

    it('tells places in a long log, and before each what was dropped until there', async () => {
      // A later run begins at such a place: nobody would learn of what was not told.
      const lines = Array.from({ length: 40_000 }, (_, at) => record(at + 2, 'x'.repeat(40), at % 2 === 0 ? 4711 : 15));
      const bytes = `${lines.join('\n')}\n`;
      const before = readFileSync(log).length;
      await start(log);
      append(bytes);
      await heard.until(() => heard.position.endsWith(`:${String(before + bytes.length)}`));
      expect([heard.records.length, heard.drops.get('unattributed')]).to.deep.equal([20_000, 20_000]);
      expect(heard.toldBefore.length).to.be.greaterThan(4);
      expect(heard.toldBefore.at(-1)).to.equal(40_000);
      expect(heard.toldBefore.slice(1).every((count, at) => count > (heard.toldBefore[at] ?? 0))).to.equal(true);
    });

    it('reads a hundred thousand lines in a row without losing one', async () => {
      await start(log);
      const many = Array.from({ length: 20_000 }, (_, index) => record(index, `c${index}`)).join('\n');
      for (let round = 0; round < 5; round += 1) append(`${many}\n`);
      await heard.until(() => heard.records.length === 100_000);
      expect(heard.records[99_999]).to.include('c19999');
    });
  });
}

describe('auditor with the kernel', function () {
  this.timeout(120_000);
  let group: string | undefined;
  let folder: string;

  before(function () {
    // Before anything is skipped, because it is removed in any case.
    folder = mkdtempSync(path.join(tmpdir(), 'spo-auditor-'));
    if (process.getuid?.() !== 0) this.skip();
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const unified = mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1];
    if (unified === undefined) this.skip();
    group = path.join(unified, ID);
    mkdirSync(group);
  });
  after(() => {
    if (group !== undefined) rmdirSync(group);
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds the container of processes that ended long before their record is read', async () => {
    const log = path.join(folder, 'audit.log');
    writeFileSync(log, '');
    const heard = new Heard();
    const auditor = startAuditor(nativeProgram('auditor'), ['/proc', '-', log], heard);
    await heard.until(() => heard.sentences.length > 0);
    const line = `for i in 1 2 3 4 5 6 7 8 9 10; do sh -c 'echo 0 >${group}/cgroup.procs; echo $$'; done`;
    const pids = spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout.trim().split('\n');
    expect(pids).to.have.lengthOf(10);
    const now = Math.floor(Date.now() / 1000);
    const lines = pids.map((pid, at) => `type=1326 audit(${now}.000:${at}): pid=${pid} syscall=1\n`);
    appendFileSync(log, lines.join(''));
    await heard.until(() => heard.records.length + (heard.drops.get('unattributed') ?? 0) === 10);
    auditor.stop();
    await auditor.ended;
    expect(heard.records.map((found) => found.slice(0, 64))).to.deep.equal(Array.from(pids, () => ID));
  });

  /** Runs shell commands in the container's group; the numbers of the processes that they print. */
  function runInGroup(commands: string, env: Record<string, string> = {}): readonly number[] {
    const line = `echo 0 >${group}/cgroup.procs; ${commands}`;
    const run = spawnSync('sh', ['-c', line], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', ...env } });
    expect(run.stderr).to.equal('');
    return run.stdout.trim().split('\n').map(Number);
  }

  it('tells the programs of processes that ended long before, and the requests that started them', async () => {
    const log = path.join(folder, 'programs.log');
    writeFileSync(log, '');
    const heard = new Heard();
    const auditor = startAuditor(nativeProgram('auditor'), ['--programs', '/proc', '-', log], heard);
    await heard.until(() => heard.sentences.length > 0);
    expect(heard.sentences.join()).not.to.include('eBPF is not to be had');
    const program = `sh -c 'echo $$; exit' a\\ b`;
    const [plain = 0] = runInGroup(program);
    const [webhook = 0] = runInGroup(`env SPO_EXEC_REQUEST_UID=12ab-cd ${program}`, { LONG: 'x'.repeat(5000) });
    const [kubelet = 0] = runInGroup(program, { KUBERNETES_EXEC_AUDIT_ID: 'k8s-1' });
    const [forged = 0] = runInGroup(`env 'SPO_EXEC_REQUEST_UID=a b' ${program}`);
    const now = Math.floor(Date.now() / 1000);
    const pids = [plain, webhook, webhook, kubelet, forged];
    const lines = pids.map((pid, at) => `type=1326 audit(${now}.000:${at}): pid=${pid} syscall=1\n`);
    appendFileSync(log, lines.join(''));
    await heard.until(() => heard.records.length === pids.length);
    auditor.stop();
    await auditor.ended;
    const words = 'sh|-c|echo $$; exit|a b';
    expect(heard.programs).to.deep.equal([
      `${plain} ${words} undefined`,
      `${webhook} ${words} 12ab-cd`,
      `${kubelet} ${words} k8s-1`,
      `${forged} ${words} undefined`,
    ]);
  });

  it('tells the arguments of a process that is older than itself', async () => {
    const log = path.join(folder, 'older.log');
    writeFileSync(log, '');
    const older = spawn('sh', ['-c', `echo 0 >${group}/cgroup.procs; echo ready; exec sleep 600`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(older.stdout, 'data');
    while (!readFileSync(`/proc/${older.pid}/cmdline`, 'utf8').startsWith('sleep')) await setImmediate();
    const heard = new Heard();
    const auditor = startAuditor(nativeProgram('auditor'), ['--programs', '/proc', '-', log], heard);
    await heard.until(() => heard.sentences.length > 0);
    const now = Math.floor(Date.now() / 1000);
    for (const at of [1, 2]) appendFileSync(log, `type=1326 audit(${now}.000:${at}): pid=${older.pid} syscall=1\n`);
    await heard.until(() => heard.records.length === 2);
    auditor.stop();
    await auditor.ended;
    older.kill();
    await once(older, 'exit');
    expect(heard.programs).to.deep.equal([`${older.pid} sleep|600 undefined`]);
  });
});
