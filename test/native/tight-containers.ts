// SPDX-License-Identifier: Apache-2.0
// Many starts of a container, and many execs into one, under a profile that allows the base system calls of a runtime
// and what the entry point calls, nothing else. A single start proves little: Go's runtime makes some calls in few runs
// only.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Profile } from '../../src/core/seccomp/model.ts';
import { renderOciText } from '../../src/core/seccomp/render.ts';
import { parseJson } from '../../src/core/json.ts';
import { makeBundle } from '../../tools/oci-bundle.ts';
import type { Command, OpenRuntime } from '../../tools/oci-bundle.ts';
import { output } from './command-output.ts';
import { fixture } from './fixtures.ts';

/** Everything that the entry point calls, beside execve. */
const OWN_CALLS = ['exit', 'rt_sigsuspend'];

/** A runtime and the calls that it may make. */
export interface TightRuntime {
  readonly runtime: OpenRuntime;
  /** Names that the profile allows beside those of the entry point. */
  readonly base: readonly string[];
}

/** How the container is configured where runtimes make other calls. */
interface ContainerKind extends TightRuntime {
  readonly noNewPrivileges: boolean;
}

/** The failures of many tries: what each said. */
export type Failures = readonly string[];

async function failureOf(command: Command): Promise<string | undefined> {
  const { status, text } = await output(command);
  return status === 0 ? undefined : `${command.join(' ')}: status ${String(status)}: ${text}`;
}

/** Does something many times, two at once; each try has a number of its own and returns its failure. */
async function inTurns(count: number, attempt: (index: number) => Promise<string | undefined>): Promise<Failures> {
  const failures: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      const failure = await attempt(next);
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all([work(), work()]);
  return failures;
}

function bundleOf(folder: string, kind: ContainerKind, argv: readonly string[]): string {
  const bundle = path.join(folder, ['bundle', String(kind.noNewPrivileges), ...argv].join('-'));
  const profile: Profile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: [],
    flags: [],
    rules: [{ names: [...kind.base, ...OWN_CALLS], action: 'SCMP_ACT_ALLOW', args: [] }],
  };
  makeBundle(bundle, fixture('container'), {
    args: ['/bin/container', ...argv],
    noNewPrivileges: kind.noNewPrivileges,
    user: 1000,
    capabilities: true,
    terminal: false,
    seccomp: parseJson(renderOciText(profile)),
  });
  return bundle;
}

let containers = 0;

function newId(): string {
  containers += 1;
  return `tight-${String(process.pid)}-${String(containers)}`;
}

/** The process of a container, once it runs the entry point. Undefined when the container has stopped. */
async function entryPid(runtime: OpenRuntime, id: string): Promise<number | undefined> {
  for (;;) {
    const { text } = await output(runtime.call('state', id));
    const { status, pid } = JSON.parse(text) as { readonly status: string; readonly pid: number };
    if (status === 'stopped') return undefined;
    if (pid > 0 && readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').startsWith('/bin/container')) return pid;
    await sleep(20);
  }
}

/** Starts containers as `run` does; each must end with status 0. */
async function startMany(folder: string, kind: ContainerKind, count: number): Promise<Failures> {
  const bundle = bundleOf(folder, kind, []);
  return inTurns(count, () => failureOf(kind.runtime.call('run', '--bundle', bundle, newId())));
}

/** Starts containers in two steps, as container engines do; the entry point must be running afterwards. */
async function createMany(folder: string, kind: ContainerKind, count: number): Promise<Failures> {
  const bundle = bundleOf(folder, kind, ['wait']);
  const { runtime } = kind;
  return inTurns(count, async () => {
    const id = newId();
    // The container inherits these: with a pipe the command would seem to go on until the container ends.
    const [file, ...rest] = runtime.call('create', '--bundle', bundle, id);
    const created = await new Promise((resolve) => spawn(file, rest, { stdio: 'ignore' }).once('close', resolve));
    const failure = created === 0 ? await failureOf(runtime.call('start', id)) : `${id}: not created`;
    const runs = failure === undefined && (await entryPid(runtime, id)) !== undefined;
    await output(runtime.call('delete', '--force', id));
    return runs ? undefined : (failure ?? `${id}: the entry point was not started`);
  });
}

/** Executes the entry point in a running container; each must end with status 0. */
async function execMany(folder: string, kind: ContainerKind, count: number): Promise<Failures> {
  const { runtime } = kind;
  const id = newId();
  const running = output(runtime.call('run', '--bundle', bundleOf(folder, kind, ['wait']), id));
  let ended: string | undefined;
  void running.then(({ text }) => {
    ended = text;
  });
  while (!(await output(runtime.call('state', id))).text.includes('"running"')) {
    if (ended !== undefined) throw new Error(`the container was not started: ${ended}`);
    await sleep(20);
  }
  try {
    const exec = runtime.call('exec', '--user', '1000:1000', id, '/bin/container');
    return await inTurns(count, () => failureOf(exec));
  } finally {
    await output(runtime.call('kill', id, 'KILL'));
    await running;
  }
}

/** Failures of 200 starts: by run and by create and start, with new privileges and without. */
export async function failuresOf200Starts(folder: string, tight: TightRuntime): Promise<Failures> {
  const failures: string[] = [];
  for (const noNewPrivileges of [true, false]) {
    failures.push(...(await startMany(folder, { ...tight, noNewPrivileges }, 90)));
    failures.push(...(await createMany(folder, { ...tight, noNewPrivileges }, 10)));
  }
  return failures;
}

/** Failures of execs into two containers, one with new privileges and one without. */
export async function failuresOfExecs(folder: string, tight: TightRuntime, count: number): Promise<Failures> {
  const failures: string[] = [];
  for (const noNewPrivileges of [true, false])
    failures.push(...(await execMany(folder, { ...tight, noNewPrivileges }, count / 2)));
  return failures;
}
