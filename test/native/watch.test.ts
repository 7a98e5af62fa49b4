// SPDX-License-Identifier: Apache-2.0
// Recording by name: the processes that are called so, those that run already too, and nobody else.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';
import type { Recording } from '../../src/io/native/recorder.ts';
import { fixture } from './fixtures.ts';
import { awaited, rest, watchName } from './recordings.ts';

const SCHED_GET_PRIORITY_MAX = process.arch === 'x64' ? 146 : 125;
const GETPRIORITY = process.arch === 'x64' ? 140 : 141;

describe('recorder by name', function () {
  this.timeout(120_000);
  let folder: string;
  let running: ChildProcessByStdio<Writable, Readable, null>[] = [];

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'watch-'));
  });

  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running = [];
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a copy of the fixture under a name; it waits for a line before it makes the call. */
  function start(name: string, number: number): { proceed: () => Promise<void> } {
    const file = path.join(folder, name);
    // Not over a file that runs already.
    if (!existsSync(file)) copyFileSync(fixture('call'), file);
    const child = spawn(file, ['wait', `native:${String(number)}:0:0`, 'sleep'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    running.push(child);
    const proceed = async () => {
      child.stdin.write('\n');
      await new Promise((resolve) => child.stdout.once('data', resolve));
    };
    return { proceed };
  }

  function watch(name: string): { recording: Recording; events: AsyncIterator<Awaited<ReturnType<typeof awaited>>> } {
    const recording = watchName(name);
    return { recording, events: recording.events[Symbol.asyncIterator]() };
  }

  it('sees a process that comes later, and says that none was running', async () => {
    const { recording, events } = watch('late-comer');
    expect(await awaited(events, 'watching')).to.deep.equal({ type: 'watching', running: 0 });
    const other = start('somebody-else', GETPRIORITY);
    await start('late-comer', SCHED_GET_PRIORITY_MAX).proceed();
    await other.proceed();
    recording.stop();
    const { names, types } = await rest(events);
    expect(names).to.include('sched_get_priority_max').and.not.include('getpriority');
    expect(types).to.deep.equal(['syscalls', 'left', 'complete']);
  });

  it('sees what running ones do from now on, and says how many there are', async () => {
    const children = [start('early-bird', SCHED_GET_PRIORITY_MAX), start('early-bird', GETPRIORITY)];
    const { recording, events } = watch('early-bird');
    expect(await awaited(events, 'watching')).to.deep.equal({ type: 'watching', running: 2 });
    for (const child of children) await child.proceed();
    recording.stop();
    const { names } = await rest(events);
    expect(names).to.include.members(['sched_get_priority_max', 'getpriority']).and.not.include('execve');
  });

  it('compares the 15 bytes that the kernel keeps of a name', async () => {
    const { recording, events } = watch('a-name-longer-than-the-kernel-keeps');
    await awaited(events, 'watching');
    await start('a-name-longer-than-others', GETPRIORITY).proceed();
    await start('a-name-longer', SCHED_GET_PRIORITY_MAX).proceed();
    recording.stop();
    const { names } = await rest(events);
    expect(names).to.include('getpriority').and.not.include('sched_get_priority_max');
  });

  it('sees children that have another name', async () => {
    const name = 'shell-of-a-name';
    copyFileSync('/bin/sh', path.join(folder, name));
    const { recording, events } = watch(name);
    await awaited(events, 'watching');
    const child = spawn(path.join(folder, name), ['-c', `${fixture('call')} native:${String(GETPRIORITY)}:0:0; true`]);
    await new Promise((resolve) => child.once('close', resolve));
    recording.stop();
    expect((await rest(events)).names).to.include('getpriority');
  });

  it('finds a program whose processes call themselves otherwise, one that runs already and one that comes', async () => {
    const file = path.join(folder, 'renaming');
    copyFileSync(process.execPath, file);
    const code = `process.title = 'something-else'; console.log('there');
      process.stdin.once('data', () => { process.getegid(); require('os').getPriority(0); console.log('done'); })`;
    const begin = async () => {
      const child = spawn(file, ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'] });
      running.push(child);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      return child;
    };
    const finish = async (child: Awaited<ReturnType<typeof begin>>) => {
      child.stdin.write('go');
      await new Promise((resolve) => child.stdout.once('data', resolve));
    };
    for (const when of ['early', 'late']) {
      const early = when === 'early' ? await begin() : undefined;
      const { recording, events } = watch('renaming');
      const { running: count } = await awaited(events, 'watching');
      expect(count).to.equal(early === undefined ? 0 : 1);
      const child = early ?? (await begin());
      await finish(child);
      recording.stop();
      expect((await rest(events)).names, when).to.include('getpriority');
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
    }
  });

  it('compares the whole name of an executable file', async () => {
    const { recording, events } = watch('renaming-otherwise');
    await awaited(events, 'watching');
    const child = spawn(path.join(folder, 'renaming'), ['-e', "process.title = 'something-else'"]);
    await new Promise((resolve) => child.once('close', resolve));
    recording.stop();
    expect((await rest(events)).types).to.deep.equal(['complete']);
  });

  it('sees nothing of whoever records, nor by the name of its file', async () => {
    const { recording, events } = watch(path.basename(process.execPath));
    await awaited(events, 'watching');
    getPriority(0);
    await readFile('/proc/self/status');
    recording.stop();
    const { names } = await rest(events);
    expect(names).not.to.include('getpriority');
  });

  it('sees nothing of whoever records', async () => {
    const { title } = process;
    process.title = 'the-recording';
    try {
      const { recording, events } = watch('the-recording');
      await awaited(events, 'watching');
      await sleep(100);
      recording.stop();
      expect((await rest(events)).types).to.deep.equal(['complete']);
    } finally {
      process.title = title;
    }
  });
});
