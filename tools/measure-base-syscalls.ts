// SPDX-License-Identifier: Apache-2.0
// Measures which system calls OCI runtimes make between installing the seccomp filter and the execve of the command, at
// the start of a container and at an exec into a running one: every profile of a container must allow these calls.
// Prints rows of schemas/tables/base-syscalls.csv; with --values the arguments for base-values.csv, by strace's names.
// Usage: node tools/measure-base-syscalls.ts [--values] [RUNTIME...]   (default: runc crun; needs root, strace,
// script and gcc)
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { NARROWED_CALLS } from '../src/core/adaptation/observed-values.ts';
import { makeBundle, runtimeCall } from './oci-bundle.ts';
import type { BundleOptions, Command } from './oci-bundle.ts';

/** Go's runtime shows other calls from run to run, so each variant is run several times. */
const REPETITIONS = 3;

const LOADS =
  /^(\d+) +(?:seccomp\(SECCOMP_SET_MODE_FILTER, [^,]*, \{len=|prctl\(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (?!NULL))/;
const CALLS = /^(\d+) +([a-z_0-9]+)\(/;

/** A call with the arguments to which profiles may be narrowed: `prctl PR_SET_KEEPCAPS`. */
export function withValues(name: string, line: string): string {
  const words = line.slice(line.indexOf('(') + 1).split(/[,)]| <unfinished/);
  const places = NARROWED_CALLS[name] ?? [];
  return [name, ...places.map((place) => words[place]?.trim() ?? '?')].join(' ');
}

/** Calls of the thread which installed the filter, from then on, up to the execve of the command. */
export function callsUnderFilter(
  log: string,
  nameOf: (name: string, line: string) => string = (name) => name,
): readonly string[] {
  const lines = log.split('\n');
  const load = lines.findLastIndex((line) => LOADS.test(line) && !line.includes('EFAULT'));
  const thread = LOADS.exec(lines[load] ?? '')?.[1];
  if (thread === undefined) throw new Error('no filter was installed');
  const names: string[] = [];
  for (const line of lines.slice(load + 1)) {
    const [, pid, name] = CALLS.exec(line) ?? [];
    if (pid !== thread || name === undefined) continue;
    names.push(nameOf(name, line));
    if (line.includes('execve("/bin/program"')) return names;
  }
  throw new Error('the command was not started');
}

const HARMLESS = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['acct'], action: 'SCMP_ACT_ERRNO' }],
};

/** How a command gets into a container: `run` is for people, `create` and then `start` is how engines do it. */
type Way = 'run' | 'create' | 'exec';

/** Column of the table for calls made in a way. */
const COLUMN: Readonly<Record<Way, 'start' | 'exec'>> = { run: 'start', create: 'start', exec: 'exec' };

interface Variant {
  readonly way: Way;
  readonly options: BundleOptions;
  /** Soft and hard limit of open files: Go raises the soft one, and sets it back at execve. */
  readonly files: string;
}

function variants(): readonly Variant[] {
  const both = [false, true];
  const ways: readonly Way[] = ['run', 'create', 'exec'];
  return ways.flatMap((way) =>
    both.flatMap((noNewPrivileges) =>
      [0, 1000].flatMap((user) =>
        both.flatMap((capabilities) =>
          // A terminal for `create` needs a console socket; the runtime gives it up before it installs the filter.
          (way === 'create' ? [false] : both).map((terminal) => ({
            way,
            options: { args: ['/bin/program'], noNewPrivileges, user, capabilities, terminal, seccomp: HARMLESS },
            files: capabilities ? '1024:4096' : '4096:4096',
          })),
        ),
      ),
    ),
  );
}

/** The command under strace with its limits; in a pseudo-terminal where the container wants one. */
function traced(log: string, command: Command, { files, options }: Variant): Command {
  const whole: Command = ['prlimit', `--nofile=${files}`, 'strace', '-f', '-s', '256', '-o', log, ...command];
  if (!options.terminal) return whole;
  const quoted = whole.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return ['script', '--quiet', '--return', '--command', quoted, '/dev/null'];
}

function succeed([file, ...rest]: Command): void {
  const { status, stderr, stdout } = spawnSync(file, rest, { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(`${[file, ...rest].join(' ')}: status ${String(status)}: ${stderr}${stdout}`);
}

/** Starts a command that goes on while others are run. Its end is awaited by the returned function. */
function begin([file, ...rest]: Command): () => Promise<void> {
  const ended = once(spawn(file, rest, { stdio: 'ignore' }), 'exit');
  return async () => {
    await ended;
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

interface Place {
  readonly folder: string;
  readonly runtime: string;
  readonly callsOf: (log: string) => readonly string[];
}

function isInState({ runtime }: Place, id: string, state: string): boolean {
  const [file, ...rest] = runtimeCall(runtime, 'state', id);
  return spawnSync(file, rest, { encoding: 'utf8' }).stdout.includes(`"status": "${state}"`);
}

/** Makes the calls of one way, so that strace writes them down. */
async function perform(place: Place, variant: Variant, bundle: string, id: string, log: string): Promise<void> {
  const { runtime } = place;
  const call = (...words: readonly [string, ...string[]]): Command => runtimeCall(runtime, ...words);
  if (variant.way === 'run') {
    succeed(traced(log, call('run', '--bundle', bundle, id), variant));
  } else if (variant.way === 'create') {
    const ended = begin(traced(log, call('create', '--bundle', bundle, id), variant));
    await until(() => isInState(place, id, 'created'));
    succeed(call('start', id));
    await ended();
  } else {
    const ended = begin(call('run', '--bundle', bundle, id));
    await until(() => isInState(place, id, 'running'));
    const { user, terminal } = variant.options;
    const options = [...(terminal ? ['--tty'] : []), '--user', `${String(user)}:${String(user)}`];
    succeed(traced(log, call('exec', ...options, id, '/bin/program'), variant));
    succeed(call('kill', id, 'KILL'));
    await ended();
  }
}

async function measureOnce(place: Place, variant: Variant): Promise<readonly string[]> {
  const bundle = path.join(place.folder, 'bundle');
  const log = path.join(place.folder, 'log');
  const { way, options } = variant;
  // A container into which others are started has no terminal of its own: it runs in the background.
  const own = way === 'exec' ? { ...options, args: ['/bin/program', 'wait'], terminal: false } : options;
  makeBundle(bundle, path.join(place.folder, 'program'), own);
  const id = `measure-${String(process.pid)}-${process.hrtime.bigint().toString(36)}`;
  if (existsSync(log)) rmSync(log);
  try {
    await perform(place, variant, bundle, id, log);
    return place.callsOf(readFileSync(log, 'utf8'));
  } finally {
    const [file, ...rest] = runtimeCall(place.runtime, 'delete', '--force', id);
    spawnSync(file, rest, { stdio: 'ignore' });
  }
}

/** Name and version of a runtime, and of the Go release that compiled it, if it was Go. */
function nameOf(runtime: string): string {
  const text = execFileSync(runtime, ['--version'], { encoding: 'utf8' });
  return `${path.basename(runtime)}-${/version v?(\S+?)(?:[+\n]|$)/.exec(text)?.[1] ?? 'unknown'}`;
}

const PROGRAM = `#include <unistd.h>
int main(int argc, char **argv) { (void)argv; return argc > 1 ? pause() : write(1, "", 0) ? 1 : 0; }
`;

type Seen = Map<string, { readonly start: Set<string>; readonly exec: Set<string> }>;

async function measure(place: Place, seen: Seen): Promise<void> {
  const name = nameOf(place.runtime);
  for (const variant of variants()) {
    for (let count = 0; count < REPETITIONS; count += 1) {
      for (const call of await measureOnce(place, variant)) {
        const row = seen.get(call) ?? { start: new Set<string>(), exec: new Set<string>() };
        row[COLUMN[variant.way]].add(name);
        seen.set(call, row);
      }
    }
  }
}

async function main(runtimes: readonly string[], callsOf: Place['callsOf']): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'base-syscalls-'));
  try {
    const source = path.join(folder, 'program.c');
    writeFileSync(source, PROGRAM);
    execFileSync('gcc', ['-static', '-O2', '-o', path.join(folder, 'program'), source]);
    const seen: Seen = new Map();
    for (const runtime of runtimes) await measure({ folder, runtime, callsOf }, seen);
    console.log('name,start,exec');
    for (const [call, { start, exec }] of [...seen].sort(([a], [b]) => (a < b ? -1 : 1)))
      console.log(`${call},${[...start].join(' ')},${[...exec].join(' ')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ options: { values: { type: 'boolean' } }, allowPositionals: true });
  const callsOf = (log: string): readonly string[] =>
    values.values === true
      ? callsUnderFilter(log, withValues).filter((call) => call.includes(' '))
      : callsUnderFilter(log);
  await main(positionals.length > 0 ? positionals : ['runc', 'crun'], callsOf);
}
