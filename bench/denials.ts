// SPDX-License-Identifier: Apache-2.0
// The cost of a workload that is denied a thousand calls a second, as one is that tries again and again: both
// processes of the log enricher, whose lines are counted and told on. The floor is the same with a container that has
// no profile, of which no denial is told.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { node } from './programs.ts';
import type { Figure } from './report.ts';

const A_SECOND = 1000;
const SECONDS = 20;

/** The kernel writes records as they come; so does this, a few at a time. */
const TICK_MS = 10;

const BUILD = path.join(import.meta.dirname, '..', 'native', 'bpf', 'build', 'Release');
const ENRICH = path.join(import.meta.dirname, 'programs', 'enrich.ts');

/** As the image starts it. */
const NODE_OPTIONS = ['--max-semi-space-size=1', '--expose-gc'];

const CONTAINER = '0'.repeat(64);
const PID = 1000;

interface Result {
  /** Processor time of both processes. */
  readonly ms: number;
  readonly lost: number;
  readonly told: number;
}

/** A /proc with one process, which is in the container. */
function makeProc(folder: string): string {
  const proc = path.join(folder, 'proc');
  const own = path.join(proc, String(PID));
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, 'stat'), `${PID} (main) S ${Array.from({ length: 40 }, () => 1).join(' ')}\n`);
  writeFileSync(path.join(own, 'cgroup'), `0::/kubepods/pod/${CONTAINER}\n`);
  return proc;
}

/** A denied bpf(), as the kernel says it of a profile that kills. */
function line(serial: number): string {
  const stamp = `${(Date.now() / 1000).toFixed(3)}:${String(serial)}`;
  return `type=SECCOMP msg=audit(${stamp}): auid=4294967295 uid=0 gid=0 ses=4294967295 subj=unconfined pid=${PID} comm="app" exe="/app" sig=31 arch=c000003e syscall=321 compat=0 ip=0x7fbb3ac5c1d7 code=0x80000000\n`;
}

/** Appends the lines over as many seconds; a late tick makes up for what it has missed. */
async function writePaced(log: string): Promise<void> {
  const started = performance.now();
  for (let written = 0; written < A_SECOND * SECONDS;) {
    const due = Math.min(A_SECOND * SECONDS, Math.floor(((performance.now() - started) * A_SECOND) / 1000));
    appendFileSync(log, Array.from({ length: due - written }, (_, at) => line(written + at)).join(''));
    written = due;
    await sleep(TICK_MS);
  }
}

async function run(folder: string, profile: string): Promise<Result> {
  const log = path.join(folder, 'audit.log');
  writeFileSync(log, '');
  const records = String(A_SECOND * SECONDS);
  const words = [path.join(BUILD, 'auditor'), makeProc(folder), log, records, '1', profile];
  const child = spawn(node, [...NODE_OPTIONS, ENRICH, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = createInterface(child.stdout)[Symbol.asyncIterator]();
  await said.next();
  // The compiled program has found the end of the file by then.
  await sleep(1000);
  child.kill('SIGUSR2');
  await writePaced(log);
  const { value } = await said.next();
  await once(child, 'close');
  return JSON.parse(String(value)) as Result;
}

/** The share of a core, and how often the denial is told: each time leads to a write of the node's status. */
export async function measureDenials(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-denials-'));
  try {
    const [denied, others] = [await run(folder, 'operator/ns/a.json'), await run(folder, 'none')];
    const share = ({ ms }: Result): number => (100 * ms) / (SECONDS * 1000);
    const what = `${A_SECOND.toLocaleString('en')} denials a second for ${SECONDS} s`;
    const none = { what: 'none', value: 0 };
    return [
      {
        what: `${what}, share of a core`,
        value: share(denied),
        unit: '%',
        floor: { what: 'without a profile', value: share(others) },
        bar: 5,
      },
      { what: `${what}, times told`, value: denied.told, unit: 'times', floor: { what: 'once', value: 1 }, bar: 1 },
      { what: `${what}, lost`, value: denied.lost, unit: 'names', floor: none, bar: 0 },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
