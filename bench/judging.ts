// SPDX-License-Identifier: Apache-2.0
// How long whole spoc processes take that judge profiles, against the emptiest program of the pinned Node.js.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BASE_SYSCALLS } from '../src/gen/base-syscalls.ts';
import { node, spoc } from './programs.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 25;

/** How many times as long as nothing at all. */
const BAR = 1.6;

function profileWith(names: readonly string[]): string {
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }] };
  return JSON.stringify({ kind: 'SeccompProfile', metadata: { name: 'judged' }, spec });
}

function timed([file, ...args]: readonly [string, ...string[]], status: number): number {
  const started = process.hrtime.bigint();
  const result = spawnSync(file, args, { stdio: 'ignore' });
  const elapsed = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.status !== status) throw new Error(`${args.join(' ')} ended with status ${String(result.status)}`);
  return elapsed;
}

/** Whole-process times (median, in ms) of `spoc diff`, `score` and `explain`. */
export async function measureJudging(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const [before = '', after = ''] = ['before', 'after'].map((name) => path.join(folder, `${name}.json`));
    writeFileSync(before, profileWith(BASE_SYSCALLS));
    writeFileSync(after, profileWith([...BASE_SYSCALLS, 'bpf', 'socket']));
    const commands = [
      { what: 'node -e 0', command: [node, '-e', '0'] as const, status: 0 },
      { what: 'spoc diff', command: [spoc, 'diff', before, after] as const, status: 1 },
      { what: 'spoc score', command: [spoc, 'score', after] as const, status: 0 },
      { what: 'spoc explain', command: [spoc, 'explain', after, 'socket'] as const, status: 0 },
    ];
    const times = commands.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [index, { command, status }] of commands.entries()) times[index]?.push(timed(command, status));
    }
    const [bare = 0, ...others] = times.map(median);
    const floor = { what: 'node -e 0', value: bare };
    return others.map((value, index) => ({
      what: commands[index + 1]?.what ?? '',
      value,
      unit: 'ms',
      floor,
      bar: BAR * bare,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
