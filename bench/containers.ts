// SPDX-License-Identifier: Apache-2.0
// The cost of recording containers: for a process that is in none, for one in a recorded container, and in memory when
// containers come and go. The floor of a call is an empty program on the same hook.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeBundle } from '../tools/oci-bundle.ts';
import { compiled } from './programs.ts';
import type { Figure } from './report.ts';
import { attachedFloor, newId, startRecorder } from './running-recorder.ts';
import type { Running } from './running-recorder.ts';

const ROUNDS = 9;
const SHORT_CONTAINERS = 1000;

/** Containers until memory is taken to be what it stays. */
const SETTLED = 100;

/** Runs a bundle as a container; returns its output. */
function run(bundle: string): string {
  const id = newId();
  return execFileSync('taskset', ['-c', '0', 'runc', 'run', '--bundle', bundle, id], { encoding: 'utf8' });
}

function bundleOf(folder: string, program: string): string {
  const bundle = path.join(folder, program);
  const options = { noNewPrivileges: true, user: 1000, capabilities: false, terminal: false, seccomp: undefined };
  makeBundle(bundle, compiled(program), { ...options, args: [`/bin/${program}`] });
  return bundle;
}

const loop = (): number => Number(execFileSync('taskset', ['-c', '0', compiled('getppid_loop')], { encoding: 'utf8' }));

async function withFloor(hooks: 'calls' | 'calls and exits'): Promise<number> {
  const hook = await attachedFloor(hooks);
  const cost = loop();
  const end = once(hook, 'close');
  hook.kill();
  await end;
  return cost;
}

/** The loop beside a container that is recorded, and which only exists. */
async function besideRecorded(running: Running, bundle: string): Promise<number> {
  const id = newId();
  const before = running.known();
  execFileSync('runc', ['create', '--bundle', bundle, id], { stdio: 'ignore' });
  await running.until(() => running.known() > before);
  const cost = loop();
  execFileSync('runc', ['delete', '--force', id]);
  return cost;
}

interface Sample {
  readonly idle: number;
  readonly floor: number;
  /** Empty programs on both hooks, which are there while a container is recorded. */
  readonly floors: number;
  readonly attached: number;
  readonly beside: number;
  readonly recorded: number;
  readonly detached: number;
}

async function takeSample(bundle: string): Promise<Sample> {
  const idle = loop();
  const floor = await withFloor('calls');
  const floors = await withFloor('calls and exits');
  const running = await startRecorder();
  const attached = loop();
  const beside = await besideRecorded(running, bundle);
  const recorded = Number(run(bundle));
  running.recorder.detach();
  await running.stop();
  return { idle, floor, floors, attached, beside, recorded, detached: loop() };
}

async function measureCalls(folder: string): Promise<readonly Figure[]> {
  const bundle = bundleOf(folder, 'getppid_loop');
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round += 1) samples.push(await takeSample(bundle));
  // The fastest of all rounds: other work on the machine only ever adds to them.
  const fastest = (of: keyof Sample): number => Math.min(...samples.map((sample) => sample[of]));
  const idle = fastest('idle');
  const times = (of: keyof Sample): number => fastest(of) / idle;
  const added = (of: keyof Sample): number => fastest(of) - idle;
  const empty = 'empty tp_btf program on sys_enter';
  const emptyBoth = 'empty tp_btf programs on sys_enter and sys_exit';
  // Where empty programs alone cost more than a fifth, ours may cost what they do.
  const allowed = (floor: number): number => Math.max(1.2, floor + 0.05);
  return [
    {
      what: `getppid() of ${idle.toFixed(0)} ns, nothing is recorded`,
      value: times('attached'),
      unit: 'x',
      floor: { what: empty, value: times('floor') },
      bar: allowed(times('floor')),
      peer: '2.6 x',
    },
    {
      what: 'getppid(), another process than the recorded one',
      value: times('beside'),
      unit: 'x',
      floor: { what: emptyBoth, value: times('floors') },
      bar: allowed(times('floors')),
      peer: '2.6 x',
    },
    {
      what: 'getppid(), process in a recorded container, added',
      value: added('recorded'),
      unit: 'ns',
      floor: { what: emptyBoth, value: added('floors') },
      bar: added('floors') + 45,
    },
    {
      what: 'getppid(), program runs and is detached',
      value: times('detached'),
      unit: 'x',
      floor: { what: 'no program', value: 1 },
      bar: 1.05,
      peer: '2.6 x',
    },
  ];
}

/** Id of the one program that this process has started. */
function pidOfProgram(): string {
  const children = readFileSync(`/proc/self/task/${String(process.pid)}/children`, 'utf8')
    .trim()
    .split(' ');
  const own = children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('container_recor'));
  if (own === undefined) throw new Error('the program does not run');
  return own;
}

/** Memory of the program's own, and of its maps in the kernel, in MiB. */
function memoryOf(pid: string): { readonly pss: number; readonly maps: number } {
  const pss = Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
  const files = readdirSync(`/proc/${pid}/fdinfo`).map((name) => readFileSync(`/proc/${pid}/fdinfo/${name}`, 'utf8'));
  const maps = files.map((text) => (text.includes('map_type') ? Number(/^memlock:\s+(\d+)/m.exec(text)?.[1]) : 0));
  return { pss: pss / 1024, maps: maps.reduce((sum, bytes) => sum + bytes, 0) / 2 ** 20 };
}

async function measureMemory(folder: string): Promise<readonly Figure[]> {
  const bundle = bundleOf(folder, 'empty');
  const running = await startRecorder();
  const pid = pidOfProgram();
  const runMany = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) {
      const before = running.ended();
      run(bundle);
      await running.until(() => running.ended() > before);
    }
  };
  await runMany(SETTLED);
  const settled = memoryOf(pid);
  await runMany(SHORT_CONTAINERS - SETTLED);
  const { pss, maps } = memoryOf(pid);
  await running.stop();
  const nothing = { what: 'nothing', value: 0 };
  const many = `${String(SHORT_CONTAINERS)} short containers in a row`;
  return [
    { what: 'PSS of the program', value: pss, unit: 'MiB', floor: nothing, bar: 4 },
    { what: 'its maps in the kernel', value: maps, unit: 'MiB', floor: nothing, bar: 3 },
    { what: `${many}, PSS that they add`, value: pss - settled.pss, unit: 'MiB', floor: nothing, bar: 0.2 },
    {
      what: `${many}, recordings missing`,
      value: SHORT_CONTAINERS - running.ended(),
      unit: 'names',
      floor: nothing,
      bar: 0,
    },
  ];
}

/** Cost of calls, and memory. */
export async function measureContainers(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-containers-'));
  try {
    return [...(await measureCalls(folder)), ...(await measureMemory(folder))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
