// SPDX-License-Identifier: Apache-2.0
// The entry of every process: the first word of argv names a role. The only reader of argv and environment; a role is
// loaded when it is asked for, so that spoc does not pay for the operator.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SpocSurroundings } from './roles/spoc/terminal.ts';

/** How long the last log lines may take to be written once a role of the cluster has ended. */
const EXIT_GRACE_MS = 200;

const ROLES = [
  'spoc',
  'version',
  'manager',
  'daemon',
  'webhook',
  'log-enricher',
  'json-enricher',
  'bpf-recorder',
  'selinuxd',
  'kubelet-directory',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** Descriptors in a variable of the launcher; none where it is not set. */
function descriptors(value: string | undefined): readonly number[] {
  return value === undefined ? [] : value.split(',').map(Number);
}

function surroundings(env: Environment): SpocSurroundings {
  const [events, commands] = descriptors(env['SPOC_WIRE']);
  const [profile] = descriptors(env['SPOC_PROFILE']);
  return { env, wire: events === undefined || commands === undefined ? undefined : [events, commands], profile };
}

/** Commands that start another one, whose world must not have passed through this process. */
const RUN = ['run', 'x'];
const LAUNCHED = ['record', 'r', ...RUN];

/** Where the launcher is: in a clone, in an image. */
const LAUNCHERS = [path.join(import.meta.dirname, '..', 'native', 'bpf', 'build', 'Release', 'spoc'), '/usr/bin/spoc'];

/** Becomes the launcher where spoc was started as a role of this program, as an image's entry point does. */
function becomeLauncher(args: readonly string[]): void {
  const launcher = LAUNCHERS.find((file) => existsSync(file));
  if (launcher !== undefined) process.execve?.(launcher, [launcher, ...args], process.env);
}

/** Commands that answer a question about a profile. */
const JUDGE = ['diff', 'score', 'explain'];

const PULL = ['pull', 'l'];

/** `run`, `pull` and the judging commands have roles of their own, which leave rare words to that of all commands. */
async function endingOf(args: readonly string[]) {
  const world = surroundings(process.env);
  if (RUN.includes(args[0] ?? '')) {
    const { spocRun } = await import('./roles/spoc-run.ts');
    const ending = await spocRun(args, world);
    if (ending !== undefined) return ending;
  }
  if (JUDGE.includes(args[0] ?? '')) {
    const { spocJudge } = await import('./roles/spoc-judge.ts');
    const ending = await spocJudge(args, world);
    if (ending !== undefined) return ending;
  }
  if (PULL.includes(args[0] ?? '')) {
    const { spocPull } = await import('./roles/spoc-pull.ts');
    const ending = await spocPull(args, world);
    if (ending !== undefined) return ending;
  }
  const { spoc } = await import('./roles/spoc.ts');
  return spoc(args, world);
}

async function runSpoc(args: readonly string[]): Promise<void> {
  if (LAUNCHED.includes(args[0] ?? '') && process.env['SPOC_WIRE'] === undefined) becomeLauncher(args);
  const ending = await endingOf(args);
  // The program that has started us ends by the signal itself, so that the shell sees the same as without spoc.
  process.exitCode = ending.type === 'signal' ? 128 + ending.number : ending.status;
  // When all is written. Where the event loop just ran dry, Node.js would take its signal handlers away before it ends,
  // and a Ctrl-C of that moment would take the place of the status.
  process.once('beforeExit', () => process.exit());
}

/** A role of the cluster: runs until the signal aborts, and returns the exit status. */
type ClusterRole = (args: readonly string[], env: Environment, signal: AbortSignal) => Promise<number>;

/** Runs a role until SIGTERM or SIGINT; a second signal ends it at once. */
async function runInCluster(load: () => Promise<ClusterRole>, args: readonly string[]): Promise<void> {
  const { exitStatus } = await import('./roles/process/exit-status.ts');
  const ending = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => ending.abort(new Error(`${name} was received`)));
  }
  const status = await exitStatus(async () => (await load())(args, process.env, ending.signal));
  process.exitCode = status;
  // Whatever still holds the process has had its time: a roll-out waits for this exit.
  setTimeout(() => process.exit(status), EXIT_GRACE_MS).unref();
}

async function main(role: string | undefined, args: readonly string[]): Promise<void> {
  switch (role) {
    case 'spoc':
      await runSpoc(args);
      return;
    case 'version':
      await runSpoc(['version', ...args]);
      return;
    case 'manager':
      await runInCluster(async () => (await import('./roles/manager.ts')).manager, args);
      return;
    case 'daemon':
      await runInCluster(async () => (await import('./roles/daemon.ts')).daemon, args);
      return;
    case 'webhook':
      await runInCluster(async () => (await import('./roles/webhook.ts')).webhook, args);
      return;
    case 'log-enricher':
      await runInCluster(async () => (await import('./roles/log-enricher.ts')).logEnricher, args);
      return;
    case 'json-enricher':
      await runInCluster(async () => (await import('./roles/json-enricher.ts')).jsonEnricher, args);
      return;
    case 'bpf-recorder':
      await runInCluster(async () => (await import('./roles/bpf-recorder.ts')).bpfRecorder, args);
      return;
    case 'selinuxd':
      await runInCluster(async () => (await import('./roles/selinuxd.ts')).selinuxd, args);
      return;
    case 'kubelet-directory':
      await runInCluster(async () => (await import('./roles/kubelet-directory.ts')).kubeletDirectory, args);
      return;
    default:
      console.error(`no role named '${role ?? ''}'; there are: ${ROLES.join(', ')}`);
      process.exitCode = 2;
  }
}

const [role, ...args] = process.argv.slice(2);
// Not awaited at top level: bundles are CommonJS, which starts in half the time of a module.
void main(role, args);
