// SPDX-License-Identifier: Apache-2.0
// The cost of a recording for each system call: of an unrelated process, of the recorded one, and of anybody
// afterwards. The floor is an empty program on the same hook: the least cost of any recorder on sys_enter with this
// kernel.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiled, hookFloor, spoc } from './programs.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 5;

interface Sample {
  readonly idle: number;
  readonly floor: number;
  readonly unrelated: number;
  readonly recorded: number;
  readonly after: number;
}

function measureLoop(): number {
  return Number(execFileSync('taskset', ['-c', '0', compiled('getppid_loop')], { encoding: 'utf8' }));
}

async function until(child: ChildProcess, stream: 'stdout' | 'stderr', text: string): Promise<void> {
  let seen = '';
  for await (const chunk of child[stream] ?? []) {
    seen += String(chunk);
    if (seen.includes(text)) return;
  }
  throw new Error(`${child.spawnfile} ended before it said '${text}': ${seen}`);
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill(signal);
  child.stdout?.resume();
  child.stderr?.resume();
  await ended;
}

async function measureFloor(): Promise<number> {
  const hook = spawn(hookFloor(), [], { stdio: ['pipe', 'pipe', 'inherit'] });
  await until(hook, 'stdout', 'attached');
  const cost = measureLoop();
  await stopped(hook, 'SIGTERM');
  return cost;
}

async function measureUnrelated(folder: string): Promise<number> {
  const output = path.join(folder, 'unrelated.yaml');
  const recording = spawn(spoc, ['record', '-n', '-o', output, 'sh', '-c', 'echo ready; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await until(recording, 'stdout', 'ready');
  const cost = measureLoop();
  await stopped(recording, 'SIGINT');
  return cost;
}

function measureRecorded(folder: string): number {
  const output = path.join(folder, 'recorded.yaml');
  const loop = ['taskset', '-c', '0', compiled('getppid_loop')];
  const text = execFileSync(spoc, ['record', '-n', '-o', output, ...loop], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (!readFileSync(output, 'utf8').includes('getppid')) throw new Error('the recorded loop is not in the profile');
  return Number(text);
}

async function takeSample(folder: string): Promise<Sample> {
  const idle = measureLoop();
  const floor = await measureFloor();
  const unrelated = await measureUnrelated(folder);
  const recorded = measureRecorded(folder);
  await sleep(100);
  return { idle, floor, unrelated, recorded, after: measureLoop() };
}

/**
 * Cost added to one getppid(), in nanoseconds: the median over the rounds of what each round saw against its own idle.
 */
export async function measureHookCost(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const samples: Sample[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) samples.push(await takeSample(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const added = (of: keyof Sample): number => median(samples.map((sample) => sample[of] - sample.idle));
  const idle = median(samples.map((sample) => sample.idle));
  const spread = Math.max(...samples.map((sample) => sample.idle)) - Math.min(...samples.map((sample) => sample.idle));
  const floor = { what: 'empty tp_btf program on sys_enter', value: added('floor') };
  const noise = { what: `noise of the idle loop, ${idle.toFixed(0)} ns a call`, value: spread };
  const ns = 'ns';
  return [
    {
      what: 'getppid(), unrelated process',
      value: added('unrelated'),
      unit: ns,
      floor,
      bar: floor.value + 30,
      peer: '270 to 295 ns',
    },
    {
      what: 'getppid(), recorded process',
      value: added('recorded'),
      unit: ns,
      floor,
      bar: floor.value + 45,
      peer: '303 to 355 ns',
    },
    {
      what: 'getppid(), after the recording',
      value: added('after'),
      unit: ns,
      floor: noise,
      bar: Math.max(3, spread),
      peer: '126 to 134 ns',
    },
  ];
}
