// SPDX-License-Identifier: Apache-2.0
// Programs under their own recordings meet what did not happen while they were recorded: they are stopped and go on,
// get a debugger, handle a signal, or run where newer calls are refused.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { makeBundle, runtimeCall } from '../../tools/oci-bundle.ts';
import { fixture } from './fixtures.ts';

const spoc = path.join(import.meta.dirname, '../../bin/spoc');
const waiting = fixture('waiting');

interface OciProfile {
  readonly defaultAction: string;
  readonly architectures: readonly string[];
  readonly syscalls: readonly {
    readonly names: readonly string[];
    readonly action: string;
    readonly errnoRet?: number;
  }[];
}

/** The state of a process, a letter: S while it waits, T while it is stopped, t while a tracer holds it. */
function stateOf(pid: number): string | undefined {
  return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

/** Waits until a process runs the fixture and waits in it. */
async function settled(pid: number): Promise<void> {
  await until(() => readFileSync(`/proc/${String(pid)}/comm`, 'utf8') === 'waiting\n' && stateOf(pid) === 'S');
}

interface Ended {
  readonly out: string;
  readonly status: number | null;
}

function followed(child: ChildProcess): { readonly log: () => string; readonly ended: Promise<Ended> } {
  const out: string[] = [];
  const err: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status) => resolve({ out: out.join(''), status }));
  });
  return { log: () => err.join(''), ended };
}

/** Waits that the kernel resumes by restart_syscall. It begins select, ppoll and read again; epoll_wait fails. */
const WAYS = ['nanosleep', 'clock_nanosleep', 'poll', 'futex'];

/** Events in the life of a process that waits. */
const EVENTS: Readonly<Record<string, (pid: number) => Promise<void>>> = {
  'is stopped and goes on': async (pid) => {
    process.kill(pid, 'SIGSTOP');
    await until(() => stateOf(pid) === 'T');
    process.kill(pid, 'SIGCONT');
  },
  'gets a debugger': async (pid) => {
    const tracer = spawn('strace', ['-o', '/dev/null', '-p', String(pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { log, ended } = followed(tracer);
    await until(() => log().includes('attached'));
    tracer.kill('SIGINT');
    await ended;
  },
};

describe('a program under its own recording', function () {
  this.timeout(120_000);
  let folder: string;
  let count = 0;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'unseen-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Path of the profile of a command that was recorded with nothing on its standard input. */
  function recorded(argv: readonly string[], ...options: readonly string[]): string {
    count += 1;
    const file = path.join(folder, `${String(count)}.json`);
    const command = ['record', '-t', 'raw-seccomp', '-o', file, ...options, ...argv];
    const { status, stderr } = spawnSync(spoc, command, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
    expect(status, stderr).to.equal(0);
    return file;
  }

  /** Runs the fixture under a profile and does something to it while it waits. */
  async function disturbed(
    file: string,
    argv: readonly string[],
    event: (pid: number) => Promise<void>,
  ): Promise<Ended> {
    const child = spawn(spoc, ['run', '-p', file, waiting, ...argv], { stdio: ['pipe', 'pipe', 'pipe'] });
    const { log, ended } = followed(child);
    const pid = (): number => Number(/with PID: (\d+)/.exec(log())?.[1] ?? 0);
    await until(() => pid() > 0);
    await settled(pid());
    await event(pid());
    return ended;
  }

  for (const [happening, event] of Object.entries(EVENTS)) {
    it(`goes on with ${WAYS.join(', ')} when it ${happening}`, async () => {
      const files = WAYS.map((way) => recorded([waiting, way, '1'], '-n'));
      const ended = await Promise.all(WAYS.map((way, index) => disturbed(files[index] ?? '', [way, '600'], event)));
      expect(ended).to.deep.equal(WAYS.map(() => ({ out: 'done\n', status: 0 })));
    });
  }

  it('returns from a signal handler that the recording did not see at work', async () => {
    const file = recorded([waiting, 'read'], '-n');
    const ended = await disturbed(file, ['read'], async (pid) => {
      process.kill(pid, 'SIGUSR1');
      return Promise.resolve();
    });
    expect(ended).to.deep.equal({ out: 'handled\n', status: 0 });
  });

  it('asks the kernel for the time by the vsyscall page, which no recording sees', function () {
    // A kernel may be built or started without that page.
    if (!readFileSync('/proc/self/maps', 'utf8').includes('[vsyscall]')) this.skip();
    const file = recorded([waiting, 'vsyscall'], '-n');
    const { stdout } = spawnSync(spoc, ['run', '-p', file, waiting, 'vsyscall'], { encoding: 'utf8' });
    expect(stdout).to.equal('done\n');
  });

  /** The profile with a call refused as an older kernel does. */
  function without(file: string, call: string): string {
    const profile = JSON.parse(readFileSync(file, 'utf8')) as OciProfile;
    const names = profile.syscalls.flatMap((rule) => rule.names);
    expect(names).to.include(call);
    const allowed = { names: names.filter((name) => name !== call), action: 'SCMP_ACT_ALLOW' };
    const refused = { names: [call], action: 'SCMP_ACT_ERRNO', errnoRet: 38 };
    writeFileSync(file, JSON.stringify({ ...profile, syscalls: [allowed, refused] }));
    return file;
  }

  const programs: readonly (readonly [call: string, ...argv: string[]])[] = [
    ['clone3', fixture('processes'), 'spawn'],
    ['faccessat2', 'dash', '-c', 'test -r /etc/passwd'],
    ['renameat2', 'sh', '-c', 'cd "$0" && >a && mv a b'],
    ['copy_file_range', 'cp', '/etc/passwd'],
    ['statx', process.execPath, '-e', 'require("node:fs").statSync("/")'],
    ['io_uring_setup', process.execPath, '-e', '0'],
  ];
  for (const [call, ...argv] of programs) {
    it(`works where ${call} is refused: ${path.basename(argv[0] ?? '')}`, () => {
      const command = ['renameat2', 'copy_file_range'].includes(call) ? [...argv, folder] : argv;
      const file = without(recorded(command, '-n'), call);
      const { status, stderr } = spawnSync(spoc, ['run', '-p', file, ...command], { encoding: 'utf8' });
      expect(status, stderr).to.equal(0);
    });
  }

  for (const runtime of ['runc', 'crun']) {
    it(`goes on in a container of ${runtime} when it is stopped, or gets a debugger`, async () => {
      const seccomp: unknown = JSON.parse(readFileSync(recorded([waiting, 'poll', '1']), 'utf8'));
      const bundle = path.join(folder, runtime);
      const options = { noNewPrivileges: true, user: 0, capabilities: false, terminal: false } as const;
      makeBundle(bundle, waiting, { ...options, args: ['/bin/waiting', 'poll', '1500'], seccomp });
      const id = `unseen-${String(process.pid)}-${runtime}`;
      const [file, ...rest] = runtimeCall(runtime, 'run', '--bundle', bundle, id);
      const { ended } = followed(spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'] }));
      const pid = await pidOf(runtime, id);
      await settled(pid);
      for (const event of Object.values(EVENTS)) await event(pid);
      expect(await ended).to.deep.equal({ out: 'done\n', status: 0 });
    });
  }
});

/** The first process of a container, as the runtime knows it, once it is there. */
async function pidOf(runtime: string, id: string): Promise<number> {
  const [file, ...rest] = runtimeCall(runtime, 'state', id);
  for (;;) {
    const { stdout } = spawnSync(file, rest, { encoding: 'utf8' });
    const pid = Number(/"status": "running"/.test(stdout) ? (/"pid": (\d+)/.exec(stdout)?.[1] ?? 0) : 0);
    if (pid > 0) return pid;
    await sleep(20);
  }
}
