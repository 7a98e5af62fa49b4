// SPDX-License-Identifier: Apache-2.0
// How fast the log enricher is, from a line in the file to its count, with both its processes on one core: a burst of
// lines that comes at once, of one container and of fifty. The floor is Node.js that counts the same lines in a pipe.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { node } from './programs.ts';
import type { Figure } from './report.ts';

const LINES = 400_000;

/** 150,000 lines in a second. */
const BAR_NS = 1e9 / 150_000;

const AUDITOR = path.join(import.meta.dirname, '..', 'native', 'bpf', 'build', 'Release', 'auditor');
const ENRICH = path.join(import.meta.dirname, 'programs', 'enrich.ts');

/** As the image starts it. */
const NODE_OPTIONS = ['--max-semi-space-size=1', '--expose-gc'];

interface Result {
  readonly ms: number;
  readonly mib: number;
  /** Memory before the burst, in MiB. */
  readonly rest: number;
  readonly lost: number;
}

/** A /proc with a process for each container. */
function makeProc(folder: string, containers: number): string {
  const proc = path.join(folder, `proc-${containers}`);
  for (let at = 0; at < containers; at += 1) {
    const own = path.join(proc, String(1000 + at));
    mkdirSync(own, { recursive: true });
    writeFileSync(path.join(own, 'stat'), `${1000 + at} (main) S ${Array.from({ length: 40 }, () => 1).join(' ')}\n`);
    writeFileSync(path.join(own, 'cgroup'), `0::/kubepods/pod/${at.toString(16).padStart(64, '0')}\n`);
  }
  return proc;
}

/** Lines as auditd writes them, of forty different calls. */
function makeLines(containers: number): string {
  const lines: string[] = [];
  for (let at = 0; at < LINES; at += 1) {
    const stamp = `1735689600.${String(at % 1000).padStart(3, '0')}:${at}`;
    lines.push(
      `type=SECCOMP msg=audit(${stamp}): auid=4294967295 uid=0 gid=0 ses=4294967295 subj=unconfined pid=${1000 + (at % containers)} comm="nginx" exe="/usr/sbin/nginx" sig=0 arch=c000003e syscall=${at % 40} compat=0 ip=0x7fbb3ac5c1d7 code=0x7ffc0000AUID="unset" UID="root" GID="root" ARCH=x86_64 SYSCALL=read\n`,
    );
  }
  return lines.join('');
}

async function enrich(folder: string, containers: number, lines: string): Promise<Result> {
  const log = path.join(folder, 'audit.log');
  writeFileSync(log, '');
  const args = [AUDITOR, makeProc(folder, containers), log, String(LINES), String(containers)];
  const child = spawn('taskset', ['-c', '0', node, ...NODE_OPTIONS, ENRICH, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = createInterface(child.stdout)[Symbol.asyncIterator]();
  const rest = Number((await said.next()).value);
  // The compiled program has found the end of the file by then.
  await sleep(1000);
  child.kill('SIGUSR2');
  appendFileSync(log, lines);
  const { value } = await said.next();
  await once(child, 'close');
  return { ...(JSON.parse(String(value)) as Omit<Result, 'rest'>), rest };
}

/** Nanoseconds for each line that Node.js counts in a pipe. */
function floor(folder: string, lines: string): number {
  const file = path.join(folder, 'lines');
  writeFileSync(file, lines);
  const count = `let n=0;process.stdin.on('data',(c)=>{const t=c.toString('latin1');for(let i=t.indexOf('\\n');i>=0;i=t.indexOf('\\n',i+1))n+=1});`;
  const started = performance.now();
  spawnSync('taskset', ['-c', '0', 'sh', '-c', `cat ${file} | ${node} -e "${count}"`]);
  return ((performance.now() - started) * 1e6) / LINES;
}

/** Time for each line, and memory. */
export async function measureEnricher(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-enricher-'));
  try {
    const figures: Figure[] = [];
    for (const containers of [1, 50]) {
      const lines = makeLines(containers);
      const least = floor(folder, lines);
      const { ms, mib, rest, lost } = await enrich(folder, containers, lines);
      const what = `${LINES.toLocaleString('en')} lines of ${containers} containers`;
      figures.push(
        {
          what: `${what}, each`,
          value: (ms * 1e6) / LINES,
          unit: 'ns',
          floor: { what: 'lines counted in a pipe', value: least },
          bar: BAR_NS,
          peer: '105,000 ns',
        },
        {
          what: `${what}, lost`,
          value: lost,
          unit: 'names',
          floor: { what: 'none', value: 0 },
          bar: 0,
          peer: '30 to 99 %',
        },
        {
          what: `${what}, PSS that the burst adds`,
          value: mib - rest,
          unit: 'MiB',
          // Of 60 MiB that the enricher may take; at rest it is 32 in a pod, beside a daemon that shares its pages.
          floor: { what: 'nothing kept', value: 0 },
          bar: 28,
        },
      );
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
