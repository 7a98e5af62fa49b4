// SPDX-License-Identifier: Apache-2.0
// The recorder reports the calls that it could not store. The kernel's memory for it is made scarce: it belongs to the
// memory cgroup in which the recorder loaded its programs, and that one gets a limit once everything else has left it.
import { expect } from 'chai';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixture, nativeProgram } from './fixtures.ts';
import { awaited, rest, startRecording } from './recordings.ts';

/** Files of the memory controller, version 1 or 2; undefined where there is none. */
function memoryController(): { readonly root: string; readonly limit: string; readonly usage: string } | undefined {
  const first = '/sys/fs/cgroup/memory';
  if (existsSync(path.join(first, 'memory.limit_in_bytes')) || existsSync(path.join(first, 'memory.usage_in_bytes')))
    return { root: first, limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes' };
  const controllers = '/sys/fs/cgroup/cgroup.subtree_control';
  if (existsSync(controllers) && readFileSync(controllers, 'utf8').includes('memory'))
    return { root: '/sys/fs/cgroup', limit: 'memory.max', usage: 'memory.current' };
  return undefined;
}

/** Whether a process handles SIGUSR1, for which it waits. */
function isReady(pid: number): boolean {
  return /^SigCgt:\s+0*2[0-9a-f]{2}$/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
}

describe('a recording that loses something', function () {
  this.timeout(120_000);
  const controller = memoryController();
  let folder: string;
  let group: string;

  before(function () {
    if (controller === undefined) this.skip();
    folder = mkdtempSync(path.join(tmpdir(), 'loss-'));
    group = path.join(controller.root, path.basename(folder));
    mkdirSync(group);
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    // The kernel lets go of a group some moments after its last process.
    for (let tries = 0; tries < 100 && existsSync(group); tries += 1) {
      try {
        rmdirSync(group);
      } catch {
        await sleep(20);
      }
    }
  });

  function leaveGroup(root: string): void {
    const members = readFileSync(path.join(group, 'cgroup.procs'), 'utf8').trim().split('\n');
    for (const member of members) writeFileSync(path.join(root, 'cgroup.procs'), member);
  }

  it('counts the children that the kernel could not mark', async function () {
    if (controller === undefined) this.skip();
    const program = path.join(folder, 'recorder');
    writeFileSync(program, `#!/bin/sh\necho $$ >${group}/cgroup.procs\nexec ${nativeProgram('recorder')} "$@"\n`);
    chmodSync(program, 0o755);
    const events = startRecording([fixture('processes'), 'crowd'], { program }).events[Symbol.asyncIterator]();
    const { pid } = await awaited(events, 'started');
    leaveGroup(controller.root);
    writeFileSync(path.join(group, controller.limit), readFileSync(path.join(group, controller.usage)));
    while (!isReady(pid)) await sleep(10);
    process.kill(pid, 'SIGUSR1');
    const { types, events: said } = await rest(events);
    const lost = said.find((event) => event.type === 'lost');
    expect(types).to.deep.equal(['exited', 'syscalls', 'lost', 'complete']);
    expect(lost?.reason).to.equal('process');
    expect(Number(lost?.count)).to.be.within(1, 4000);
  });
});
