// SPDX-License-Identifier: Apache-2.0
// How long whole spoc processes take and how much memory they need, against the emptiest program of the pinned Node.js.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiled, node, spoc } from './programs.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 25;

/** Milliseconds of a whole process. Throws when it fails. */
export function timed(command: readonly [string, ...string[]]): number {
  const [file, ...args] = command;
  const started = process.hrtime.bigint();
  const result = spawnSync(file, args, { stdio: 'ignore' });
  const elapsed = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.status !== 0) throw new Error(`${command.join(' ')} ended with status ${String(result.status)}`);
  return elapsed;
}

function peakMemory(folder: string, command: readonly string[]): number {
  const report = path.join(folder, 'memory');
  execFileSync(compiled('peak_memory'), [report, ...command], { stdio: 'ignore' });
  return Number(readFileSync(report, 'utf8')) / 1024;
}

/** MiB; none for a process that has ended meanwhile, as another recorder may. */
function peakOf(pid: string): readonly number[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return [Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024];
  } catch {
    return [];
  }
}

/** Process ids of recorders, once there are any and they have loaded their programs. */
async function recorders(): Promise<readonly string[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    await sleep(100);
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const found = pids.filter((pid) => {
      const command = spawnSync('readlink', [`/proc/${pid}/exe`], { encoding: 'utf8' }).stdout;
      return command.trim().endsWith('/recorder');
    });
    if (found.length > 0) return found;
  }
  throw new Error('no recorder was running while a command was recorded');
}

/** Peak resident set of the helper itself, read while it records a sleeping command. */
async function helperMemory(folder: string): Promise<number> {
  const recording = spawn(spoc, ['record', '-o', path.join(folder, 'sleep.yaml'), 'sleep', '5'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => recording.once('close', resolve));
  const helpers = await recorders();
  const peaks = helpers.flatMap(peakOf);
  await ended;
  if (peaks.length === 0) throw new Error('the recorder ended before its memory was read');
  return Math.max(...peaks);
}

/** A copy of a profile that no filter was kept of: each has a comment of its own. */
export function neverSeen(folder: string, profile: string): string {
  const copy = path.join(folder, 'new.yaml');
  writeFileSync(copy, `${readFileSync(profile, 'utf8')}# ${String(process.hrtime.bigint())}\n`);
  return copy;
}

/**
 * Whole-process times (median, in ms) and peak memory (MiB) of `spoc version`, `record true`, `run true` and the
 * commands that judge a profile.
 */
export async function measureStartUp(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const profile = path.join(folder, 'true.yaml');
  try {
    const record: readonly [string, ...string[]] = [spoc, 'record', '-o', profile, 'true'];
    const commands: readonly (() => readonly [string, ...string[]])[] = [
      () => [node, '-e', '0'],
      () => [spoc, 'version'],
      () => record,
      () => [spoc, 'run', '-p', neverSeen(folder, profile), 'true'],
      () => [spoc, 'run', '-p', profile, 'true'],
      () => [spoc, 'diff', profile, profile],
      () => [spoc, 'score', profile],
      () => [spoc, 'explain', profile],
    ];
    timed(record);
    const times = commands.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++)
      commands.forEach((command, index) => times[index]?.push(timed(command())));
    const [bare = 0, version = 0, recorded = 0, ranFirst = 0, ran = 0, ...judged] = times.map(median);
    const floor = { what: 'node -e 0', value: bare };
    const memoryFloor = { what: 'node -e 0', value: peakMemory(folder, [node, '-e', '0']) };
    return [
      { what: 'spoc version', value: version, unit: 'ms', floor, bar: 1.3 * bare, peer: '52 ms' },
      { what: 'spoc record true', value: recorded, unit: 'ms', floor, bar: 5 * bare, peer: '580 ms' },
      { what: 'spoc run true, a new profile', value: ranFirst, unit: 'ms', floor, bar: 1.5 * bare, peer: '1070 ms' },
      { what: 'spoc run true, one that ran before', value: ran, unit: 'ms', floor, bar: 0.3 * bare, peer: '1070 ms' },
      ...['diff', 'score', 'explain'].map((name, index) => ({
        what: `spoc ${name}`,
        value: judged[index] ?? Number.NaN,
        unit: 'ms' as const,
        floor,
        bar: 1.6 * bare,
      })),
      {
        what: 'peak memory of spoc record true',
        value: peakMemory(folder, record),
        unit: 'MiB',
        floor: memoryFloor,
        bar: 80,
        peer: '108 MiB',
      },
      {
        what: 'peak memory of its helper',
        value: await helperMemory(folder),
        unit: 'MiB',
        floor: { what: 'an empty static program', value: peakMemory(folder, [compiled('empty')]) },
        bar: 4,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
