// SPDX-License-Identifier: Apache-2.0
// Memory of a process while strangers begin requests and do not end them, a hundred on each of its doors: the probes,
// the metrics, the webhooks, and the sockets between containers.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { AS_IN_THE_IMAGE } from '../tools/lab/operator.ts';
import { pssOf } from './peak-memory.ts';
import type { Figure } from './report.ts';

const STRANGERS = 100;
const HELD_MS = 3000;
/** Large ones are read in turns, a quarter of a second each. */
const LARGE_MS = 10_000;

/** As in the image, but that reading TypeScript takes WebAssembly, which its V8 does without. */
const OPTIONS = AS_IN_THE_IMAGE.args.filter((option) => option !== '--lite-mode');

interface Doors {
  readonly probes: number;
  readonly metrics: number;
  readonly webhook: number;
  readonly page: string;
  readonly selinuxd: string;
}

/** A half request: an ordinary body of which the rest does not come, or a large one. */
const half = (path: string, length: number, sent: number): string =>
  `POST ${path} HTTP/1.1\r\nHost: doors\r\nContent-Type: application/json\r\nContent-Length: ${String(length)}\r\n\r\n${'x'.repeat(sent)}`;

const ORDINARY = [20_000, 10_000] as const;
const LARGE = [8_000_000, 7_900_000] as const;

/** Made once: a hundred of them would keep this process from sending any. */
const LARGE_REVIEW = Buffer.from(half('/review', ...LARGE));

/** Opens a connection, over TLS or not, and sends the text. A server may end it at any time. */
function begin(to: number | string, isTls: boolean, text: string | Buffer): net.Socket {
  const place = typeof to === 'number' ? { host: '127.0.0.1', port: to } : { path: to };
  // The door is this benchmark's own; nobody else could answer here.
  const socket = isTls ? tls.connect({ ...place, rejectUnauthorized: false }) : net.connect(place);
  socket.on('error', () => undefined).resume();
  socket.write(text);
  return socket;
}

/** The largest memory of the process while so many connections are held, in MiB. */
async function peakBeside(pid: number, open: () => net.Socket, heldMs = HELD_MS): Promise<number> {
  // A thread of its own: this one is busy with what the strangers send.
  const watch = new Worker(path.join(import.meta.dirname, 'programs/watch-memory.ts'), { workerData: pid });
  await once(watch, 'message');
  const sockets = Array.from({ length: STRANGERS }, open);
  await sleep(heldMs);
  watch.postMessage('end');
  const [peak] = (await once(watch, 'message')) as [number];
  await watch.terminate();
  for (const socket of sockets) socket.destroy();
  await sleep(500);
  return peak;
}

/** Rejects when the process ends. */
async function ended(child: ChildProcess): Promise<never> {
  throw new Error(`the doors have closed: ${String(await once(child, 'exit'))}`);
}

/** The figures. */
export async function measureHalfRequests(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-doors-'));
  const program = path.join(import.meta.dirname, 'programs/doors.ts');
  const child = spawn(process.execPath, [...OPTIONS, program, folder], {
    env: { ...process.env, ...AS_IN_THE_IMAGE.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended(child)])) as [string];
    const doors = JSON.parse(line) as Doors;
    const pid = child.pid ?? 0;
    const all: readonly (readonly [string, () => net.Socket, number])[] = [
      ['probes', () => begin(doors.probes, false, half('/healthz', ...LARGE)), 5],
      ['metrics', () => begin(doors.metrics, true, half('/metrics', ...LARGE)), 5],
      ['webhooks', () => begin(doors.webhook, true, half('/review', ...ORDINARY)), 5],
      ['page between containers', () => begin(doors.page, false, half('/', ...ORDINARY)), 5],
      ['selinuxd between containers', () => begin(doors.selinuxd, false, half('/ready', ...ORDINARY)), 5],
    ];
    const figures: Figure[] = [];
    for (const [what, open, bar] of all) {
      // The first round loads code and grows the heap as any use of the door does.
      await peakBeside(pid, open);
      const before = pssOf(pid);
      const value = Math.max(0, (await peakBeside(pid, open)) - before);
      const floor = { what: `of ${before.toFixed(0)} MiB`, value: 0 };
      figures.push({
        what: `more memory under ${String(STRANGERS)} half requests: ${what}`,
        value,
        unit: 'MiB',
        floor,
        bar,
      });
    }
    const large = () => peakBeside(pid, () => begin(doors.webhook, true, LARGE_REVIEW), LARGE_MS);
    // The first time costs one body, one that is given up and not collected yet, and what code and TLS take.
    for (const round of ['first', 'second']) {
      const before = pssOf(pid);
      const value = Math.max(0, (await large()) - before);
      const what = `more memory under ${String(STRANGERS)} half requests of 7.9 MB: webhooks, ${round} time`;
      figures.push({ what, value, unit: 'MiB', floor: { what: `of ${before.toFixed(0)} MiB`, value: 0 }, bar: 5 });
    }
    return figures;
  } finally {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true });
  }
}
