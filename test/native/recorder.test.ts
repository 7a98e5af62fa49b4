// SPDX-License-Identifier: Apache-2.0
// The recorder on the real kernel: what it sees of a tree of processes, and that it sees nothing else.
import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixture, nativeProgram } from './fixtures.ts';
import { awaited, followed, NOBODY, recorded, rest, startRecording } from './recordings.ts';

const processes = fixture('processes');
const call = fixture('call');
const nothing = fixture('nothing');

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** Waits until the fixture's way "sleeping" has made its child. */
async function settled(pid: number): Promise<void> {
  while (childrenOf(pid).length === 0) await sleep(5);
}

/** Waits until that way has come to its end with all of its processes: it sleeps. */
async function asleep(pid: number): Promise<void> {
  await settled(pid);
  const sleeps = (one: number): boolean => /^State:\s+S/m.test(readFileSync(`/proc/${String(one)}/status`, 'utf8'));
  while (![pid, ...childrenOf(pid)].every(sleeps)) await sleep(5);
}

/** Waits until a released fixture "call" has come to its way "sleep". */
async function pausing(pid: number): Promise<void> {
  const folder = `/proc/${String(pid)}`;
  const isThere = () => readlinkSync(`${folder}/exe`) === call;
  while (!(isThere() && /^State:\s+S/m.test(readFileSync(`${folder}/status`, 'utf8')))) await sleep(5);
}

/** Ends a process and its children. */
function endTree(pid: number): void {
  for (const member of [...childrenOf(pid), pid]) process.kill(member, 'SIGKILL');
}

/** Process id of the recorder that is a child of ours. */
function recorderPid(): number {
  const found = childrenOf(process.pid).find(
    (pid) => readFileSync(`/proc/${String(pid)}/comm`, 'utf8') === 'recorder\n',
  );
  if (found === undefined) throw new Error('no recorder is running');
  return found;
}

/** Ids of the BPF programs that a process holds. */
function programIds(pid: number): readonly string[] {
  const folder = `/proc/${String(pid)}/fdinfo`;
  const texts = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
  return texts.flatMap((text) => /^prog_id:\s*(\d+)/m.exec(text)?.[1] ?? []);
}

function isLoaded(id: string): boolean {
  try {
    execFileSync('bpftool', ['prog', 'show', 'id', id], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('recorder', function () {
  this.timeout(120_000);

  it('sees a command from its execve on, and nothing of what it does itself', async () => {
    expect((await recorded([nothing])).names).to.deep.equal(['execve', 'exit']);
  });

  it('sees nothing of becoming another user either', async () => {
    const { names, types } = await recorded([nothing], { user: { ...NOBODY, groups: [65534, 100] } });
    expect(names).to.deep.equal(['execve', 'exit']);
    expect(types).to.deep.equal(['started', 'exited', 'syscalls', 'complete']);
  });

  for (const way of [
    'threads',
    'fork',
    'vfork',
    'spawn',
    'clone3',
    'clone-parent',
    'short',
    'user',
    'killed',
  ] as const) {
    it(`sees what processes made by ${way} do`, async () => {
      expect((await recorded([processes, way])).names).to.include('getpriority');
    });
  }

  it('tells the exit code and the signal of a command', async () => {
    const { events } = await recorded([processes, 'unknown way']);
    expect(events).to.deep.include({ type: 'exited', code: 2, signal: 0 });
    expect((await recorded([processes, 'killed'])).events).to.deep.include({ type: 'exited', code: 0, signal: 9 });
  });

  it('follows a child that outlives the command, and says that it does', async () => {
    const { types, names, events } = await recorded([processes, 'outliving']);
    expect(types).to.deep.equal(['started', 'exited', 'orphans', 'syscalls', 'complete']);
    expect(events).to.deep.include({ type: 'exited', code: 3, signal: 0 });
    expect(events).to.deep.include({ type: 'orphans', count: 1 });
    expect(names).to.include('getpriority');
  });

  it('keeps calls by another entry apart', async function () {
    if (process.arch !== 'x64') this.skip();
    const { numbers } = await recorded([call, 'native:40', 'compat:20', 'x32:41']);
    expect(numbers['SCMP_ARCH_X86']).to.deep.equal([20]);
    expect(numbers['SCMP_ARCH_X32']).to.deep.equal([41]);
    expect(numbers['SCMP_ARCH_X86_64']).to.include(40).and.not.include(20).and.not.include(41);
  });

  it('counts a number that no table holds, and stores it nowhere', async () => {
    const plain = await recorded([call, 'native:39']);
    const { events, numbers } = await recorded([
      call,
      'native:39',
      'native:1024',
      'native:1063',
      'native:-1',
      'native:4294967295',
    ]);
    expect(events).to.deep.include({ type: 'lost', reason: 'number', count: 4n });
    expect(numbers).to.deep.equal(plain.numbers);
    expect(plain.types).not.to.include('lost');
  });

  it('sees no other process, not even one of the same name', async () => {
    const other = spawn(call, ['wait', 'native:140:0:0', 'sleep'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const recording = startRecording([call, 'sleep']);
    const events = recording.events[Symbol.asyncIterator]();
    const { pid } = await awaited(events, 'started');
    other.stdin.write('\n');
    await new Promise((resolve) => other.stdout.once('data', resolve));
    await pausing(pid);
    other.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    const { names } = await rest(events);
    expect(names).to.include('pause').and.not.include('getpriority');
  });

  it('gives at a read what was seen so far, and at the end everything again', async () => {
    const recording = startRecording([processes, 'sleeping']);
    const events = recording.events[Symbol.asyncIterator]();
    const { pid } = await awaited(events, 'started');
    await asleep(pid);
    const reads = [];
    for (let count = 0; count < 2; count += 1) {
      recording.read();
      reads.push((await awaited(events, 'syscalls')).numbers);
      expect(await awaited(events, 'complete')).to.deep.equal({ type: 'complete', final: false });
    }
    recording.stop();
    const last = await rest(events);
    expect(last.types).to.deep.equal(['syscalls', 'left', 'complete']);
    expect(reads).to.deep.equal([Object.values(last.numbers)[0], Object.values(last.numbers)[0]]);
    expect(last.names).to.include('getpriority');
    endTree(pid);
  });

  it('ends at once when it is stopped, and leaves the command alone', async () => {
    const recording = startRecording([processes, 'sleeping']);
    const events = recording.events[Symbol.asyncIterator]();
    const { pid } = await awaited(events, 'started');
    await settled(pid);
    const children = childrenOf(pid);
    recording.stop();
    expect((await rest(events)).types).to.deep.equal(['syscalls', 'left', 'complete']);
    expect(childrenOf(pid)).to.deep.equal(children);
    endTree(pid);
  });

  it('takes SIGTERM for stop and leaves SIGINT to the command', async () => {
    const events = startRecording([processes, 'sleeping']).events[Symbol.asyncIterator]();
    const { pid } = await awaited(events, 'started');
    await settled(pid);
    const recorder = recorderPid();
    process.kill(recorder, 'SIGINT');
    process.kill(recorder, 'SIGTERM');
    expect((await rest(events)).types).to.deep.equal(['syscalls', 'left', 'complete']);
    endTree(pid);
  });

  it('has nothing attached afterwards, and needs little memory', async () => {
    const recording = startRecording([processes, 'sleeping']);
    const events = recording.events[Symbol.asyncIterator]();
    const { pid } = await awaited(events, 'started');
    await settled(pid);
    const recorder = recorderPid();
    const ids = programIds(recorder);
    expect(ids.length).to.be.greaterThan(0);
    expect(ids.filter(isLoaded)).to.deep.equal(ids);
    const peak = Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(recorder)}/status`, 'utf8'))?.[1]);
    expect(peak).to.be.within(100, 4096);
    recording.stop();
    await rest(events);
    endTree(pid);
    // The kernel frees a program when no processor can be in it any more.
    for (let tries = 0; tries < 2000 && ids.some(isLoaded); tries += 1) await sleep(50);
    expect(ids.filter(isLoaded)).to.deep.equal([]);
  });

  it('ends with whoever started it, and leaves the command alone', async () => {
    const script = `import { startRecording } from '${path.join(import.meta.dirname, 'recordings.ts')}';
      for await (const event of startRecording(['${processes}', 'sleeping']).events) console.log(event.pid);`;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await new Promise((resolve) => starter.stdout.once('data', resolve)));
    const recorder = childrenOf(starter.pid ?? 0)[0] ?? 0;
    starter.kill('SIGKILL');
    while (existsSync(`/proc/${String(recorder)}`)) await sleep(10);
    await settled(pid);
    endTree(pid);
  });

  it('says in a sentence that a command cannot be executed', async () => {
    const { events } = await recorded(['/nowhere/at all']);
    expect(events).to.deep.equal([{ type: 'failed', reason: 'execute /nowhere/at all: No such file or directory' }]);
  });

  it('does the same when libbpf loads its programs', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'libbpf-'));
    const program = path.join(folder, 'recorder');
    try {
      copyFileSync(nativeProgram('recorder'), program);
      execFileSync(
        'sh',
        [
          '-c',
          `mv recorder real && printf '#!/bin/sh\nexec ${program.replace('recorder', 'real')} --libbpf "$@"\n' >recorder && chmod 755 recorder`,
        ],
        { cwd: folder },
      );
      const { names, numbers } = await recorded([processes, 'fork'], { program });
      expect({ names, numbers }).to.deep.equal(
        (({ names, numbers }) => ({ names, numbers }))(await recorded([processes, 'fork'])),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('records two commands at once, each for itself', async () => {
    const first = startRecording([call, 'native:140:0:0']);
    const second = startRecording([call, 'native:145:0']);
    const [a, b] = await Promise.all([followed(first), followed(second)]);
    expect(a.names).to.include('getpriority').and.not.include('sched_getscheduler');
    expect(b.names).to.include('sched_getscheduler').and.not.include('getpriority');
  });
});
