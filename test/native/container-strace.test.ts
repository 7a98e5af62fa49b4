// SPDX-License-Identifier: Apache-2.0
// The recorder of containers against strace, on the very same run: strace follows the process of a container that was
// created and not yet started, so that its log has the runtime's last calls, the execve of the entry point, and all
// that the container does from there on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openRuntime } from '../../tools/oci-bundle.ts';
import { ContainerEvents, Containers, newContainerId } from './container-recordings.ts';

/** Names of the calls behind the execve of the entry point. */
function namesIn(log: string, program: string): readonly string[] {
  const lines = log.split('\n');
  const started = lines.findIndex((line) => line.includes(`execve("${program}"`));
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

/** Shows the programs of this machine in a container. */
function showMachine(configuration: Record<string, unknown>): void {
  const folders = ['/usr', '/lib', '/lib64', '/bin', '/etc', path.dirname(process.execPath)];
  const mounts = folders.map((folder) => ({
    destination: folder,
    type: 'bind',
    source: realpathSync(folder),
    options: ['rbind', 'ro'],
  }));
  (configuration['mounts'] as unknown[]).push(...mounts);
  configuration['root'] = { path: 'rootfs', readonly: false };
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
      await containers.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Names of the calls of a container as the recorder and as strace has them. */
    async function compared(bundle: string, program: string) {
      const id = newContainerId();
      const log = path.join(folder, 'log');
      const pid = await containers.create(bundle, id);
      const { end } = await traced(pid, log);
      expect((await containers.call('start', id)).status).to.equal(0);
      await end;
      const { names, lost } = await events.recordingOf(id);
      await containers.call('delete', '--force', id);
      expect(lost).to.deep.equal({});
      return { names, traced: namesIn(readFileSync(log, 'utf8'), program) };
    }

    for (const way of ['threads', 'fork', 'vfork', 'spawn', 'clone3', 'short', 'killed', 'leader', 'thread-exec']) {
      it(`has the same calls of processes made by ${way}`, async () => {
        const { names, traced: expected } = await compared(
          containers.bundle(['/bin/processes', way]),
          '/bin/processes',
        );
        expect(names).to.deep.equal(expected);
        expect(names).to.include('getpriority');
      });
    }

    const SHELL = 'for i in 1 2 3; do (echo $i | cat | wc -l) & done; wait; ls -la /etc | sort | head -3; kill -9 $$';
    const READING = 'require("fs").readFileSync("/etc/passwd"); require("dns").lookup("localhost", () => {})';
    for (const [what, ...argv] of [
      ['a shell with pipes and background jobs', '/bin/bash', '-c', SHELL],
      ['Python', '/usr/bin/python3', '-c', 'import json, subprocess; subprocess.run(["true"])'],
      ['Node.js', process.execPath, '-e', READING],
    ] as const) {
      it(`has the same calls of ${what}`, async function () {
        if (!existsSync(argv[0])) this.skip();
        const bundle = containers.bundle(argv, {}, showMachine);
        const { names, traced: expected } = await compared(bundle, argv[0]);
        expect(names).to.deep.equal(expected);
        expect(expected.length).to.be.greaterThan(20);
      });
    }
  });
}
