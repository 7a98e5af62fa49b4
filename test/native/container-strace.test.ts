// SPDX-License-Identifier: Apache-2.0
// The recorder of containers against strace, on the very same run: strace follows the process of a container that was
// created and not yet started, so that its log has the runtime's last calls, the execve of the entry point, and all
// that the container does from there on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openRuntime } from '../../tools/oci-bundle.ts';
import { ContainerEvents, Containers, newContainerId } from './container-recordings.ts';

/** Names of the calls behind the execve of the entry point. */
function namesIn(log: string): readonly string[] {
  const lines = log.split('\n');
  const started = lines.findIndex((line) => line.includes('execve("/bin/processes"'));
  // A call during which another thread is told of ends in a line of its own.
  const ended = lines.findIndex((line, index) => index >= started && /execve( resumed>)?\(?.* = 0$/.test(line));
  const names = lines.slice(ended + 1).map((line) => /^\d+\s+(?:<\.\.\. )?(\w+)(?:\(| resumed)/.exec(line)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

/** Starts strace on a process and its threads, and waits until it is there. Returns its end. */
async function traced(pid: number, log: string): Promise<{ readonly end: Promise<unknown> }> {
  const strace = spawn('strace', ['-f', '-p', String(pid), '-o', log], { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = once(strace, 'close');
  // It ends by a signal when nobody reads what it says.
  await new Promise<void>((resolve, reject) => {
    strace.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('attached')) resolve();
    });
    void end.then(() => reject(new Error('strace has ended')));
  });
  return { end };
}

for (const name of ['runc', 'crun']) {
  describe(`container_recorder beside strace, with ${name}`, function () {
    this.timeout(120_000);
    let folder: string;
    let containers: Containers;
    let events: ContainerEvents;

    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'spo-strace-'));
      containers = new Containers(await openRuntime(name), folder);
      events = new ContainerEvents();
      await events.attach();
    });
    after(async () => {
      await events.stop();
      containers.close();
      rmSync(folder, { recursive: true, force: true });
    });

    for (const way of ['threads', 'fork', 'vfork', 'spawn', 'clone3', 'short', 'killed', 'leader', 'thread-exec']) {
      it(`has the same calls of processes made by ${way}`, async () => {
        const id = newContainerId();
        const log = path.join(folder, `${way}.log`);
        const pid = await containers.create(containers.bundle(['/bin/processes', way]), id);
        const { end } = await traced(pid, log);
        expect((await containers.call('start', id)).status).to.equal(0);
        await end;
        const { names, lost } = await events.recordingOf(id);
        await containers.call('delete', '--force', id);
        expect(lost).to.deep.equal({});
        expect(names).to.deep.equal(namesIn(readFileSync(log, 'utf8')));
        expect(names).to.include('getpriority');
      });
    }
  });
}
