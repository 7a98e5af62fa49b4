// SPDX-License-Identifier: Apache-2.0
// The life of what the recorder of containers keeps: containers that were there before, that are ignored or forgotten;
// hooks that are taken away; and with how little it works.
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openRuntime } from '../../tools/oci-bundle.ts';
import { ContainerEvents, Containers, newContainerId, unifiedFolder } from './container-recordings.ts';
import { output } from './command-output.ts';
import { buildSanitized, fixture, nativeProgram } from './fixtures.ts';

const GETPPID = 110;
const GETPGRP = 111;

/** Links of the program to the kernel while it is attached and nothing is recorded. */
const HOOKS = 6;

/** The links of the one program that this process has started. */
function linksOfProgram(): number {
  const children = readFileSync(`/proc/self/task/${String(process.pid)}/children`, 'utf8')
    .trim()
    .split(' ');
  const pid = children.find((child) => readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('container_recor'));
  const files = readdirSync(`/proc/${String(pid)}/fdinfo`);
  return files.filter((file) => readFileSync(`/proc/${String(pid)}/fdinfo/${file}`, 'utf8').includes('link_type'))
    .length;
}

describe('container_recorder over time', function () {
  this.timeout(180_000);
  let folder: string;
  let containers: Containers;
  const open: ContainerEvents[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-slots-'));
    chmodSync(folder, 0o755);
    containers = new Containers(await openRuntime('runc'), folder);
  });
  after(async () => {
    await containers.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const events of open.splice(0)) await events.stop();
  });

  async function attached(program?: string, args: readonly string[] = []): Promise<ContainerEvents> {
    const events = new ContainerEvents(program, args);
    open.push(events);
    await events.attach();
    return events;
  }

  const short = (): string => containers.bundle(['/bin/call', `native:${String(GETPGRP)}`]);
  const native = process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';

  /** A container that waits for a line, and the process that is to give it. */
  async function waiting(id: string): Promise<{ readonly goOn: () => Promise<unknown> }> {
    const bundle = containers.bundle(['/bin/call', `native:${String(GETPPID)}`, 'wait', `native:${String(GETPGRP)}`]);
    const first = await attached();
    const container = containers.started(bundle, id);
    const end = once(container, 'close');
    while (!(await first.read(id)).numbers[native]?.includes(GETPPID));
    return { goOn: () => (container.stdin?.end('\n'), end) };
  }

  // The recorder of a pod has a PID namespace of its own, in which the tasks of other pods have no numbers.
  for (const [where, program, args] of [
    ['', undefined, []],
    [' in another PID namespace', 'unshare', ['--pid', '--fork', nativeProgram('container_recorder')]],
  ] as const) {
    it(`records containers${where} that were there before from then on, and says so`, async () => {
      const id = newContainerId();
      const { goOn } = await waiting(id);
      const events = await attached(program, args);
      await goOn();
      const { running, numbers } = await events.recordingOf(id);
      expect(running).to.equal(true);
      expect(numbers[native]).to.include(GETPGRP).and.not.include(GETPPID);
    });
  }

  it('tells once of a container that was there before and is ignored', async () => {
    const id = newContainerId();
    const first = await attached();
    containers.started(containers.bundle(['/bin/processes', 'restless']), id);
    while (!(await first.read(id)).names.includes('getpriority'));
    const events = await attached();
    const key = await events.keyOf(id);
    events.recorder.ignore(key);
    const next = newContainerId();
    await containers.run(short(), next);
    await events.recordingOf(next);
    await containers.call('delete', '--force', id);
    expect(events.of(key).filter(({ type }) => type === 'container')).to.have.length(1);
  });

  it('knows the entry point whose runtime has a thread in the mount namespace of the container', async function () {
    const unified = unifiedFolder();
    if (unified === undefined) this.skip();
    const events = await attached();
    const id = newContainerId();
    const group = path.join(unified, id);
    mkdirSync(group);
    const words = [path.join(group, 'cgroup.procs'), fixture('container')] as const;
    expect((await output([fixture('runtime'), ...words])).status).to.equal(0);
    rmdirSync(group);
    expect((await events.recordingOf(id)).names).to.deep.equal(['exit']);
  });

  it('says nothing more of a container that is ignored', async () => {
    const events = await attached();
    const id = newContainerId();
    await containers.create(containers.bundle(['/bin/container', 'wait']), id);
    const key = await events.keyOf(id);
    events.recorder.ignore(key);
    await containers.call('start', id);
    await containers.call('exec', id, '/bin/container');
    await containers.call('delete', '--force', id);
    const next = newContainerId();
    await containers.run(short(), next);
    await events.recordingOf(next);
    expect(events.of(key).map(({ type }) => type)).to.deep.equal(['container']);
  });

  it('looks at the end of calls only while a container is recorded or not yet answered for', async () => {
    const events = await attached();
    const id = newContainerId();
    /** Waits for a number of hooks. Containers of others, which may come at any time, are ignored. */
    const hooked = async (count: number): Promise<void> => {
      while (linksOfProgram() !== count) {
        for (const event of events.all)
          if (event.type === 'container' && !event.path.endsWith(id)) events.recorder.ignore(event.key);
        const before = events.of(1n).length;
        events.recorder.read(1n);
        await events.until(() => events.of(1n).length > before);
      }
    };
    await hooked(HOOKS);
    await containers.create(containers.bundle(['/bin/container', 'wait']), id);
    events.recorder.record(await events.keyOf(id));
    await hooked(HOOKS + 1);
    await containers.call('delete', '--force', id);
    await events.recordingOf(id);
    await hooked(HOOKS);
  });

  it('answers a read of what it does not know with the end of an answer', async () => {
    const events = await attached();
    events.recorder.read(1n);
    events.recorder.record(2n);
    events.recorder.forget(3n);
    await events.until(() => events.of(1n).length > 0);
    expect(events.of(1n)).to.deep.equal([{ type: 'complete', key: 1n }]);
  });

  it('tells what a container has called when the hooks are taken away, and that the rest is lost', async () => {
    const events = await attached();
    const id = newContainerId();
    await containers.create(containers.bundle(['/bin/container', 'wait']), id);
    await containers.call('start', id);
    events.recorder.record(await events.keyOf(id));
    while (!(await events.read(id)).names.includes('rt_sigsuspend'));
    events.recorder.detach();
    const { names, lost } = await events.recordingOf(id);
    expect(names).to.deep.equal(['rt_sigsuspend']);
    expect(lost).to.deep.equal({ detached: 1n });
    await events.until(() => events.all.at(-1)?.type === 'detached');
    await containers.call('delete', '--force', id);
  });

  it('works with control groups of version 1', async function () {
    if (!readFileSync('/proc/self/cgroup', 'utf8').includes(':pids:')) this.skip();
    const events = await attached(undefined, ['--pids']);
    const id = newContainerId();
    await containers.run(short(), id);
    const { types, numbers } = await events.recordingOf(id);
    expect(types).to.deep.equal(['container', 'entered', 'ended', 'syscalls', 'complete']);
    expect(numbers[native]).to.include(GETPGRP);
  });

  for (const args of [[], ['--libbpf']]) {
    it(`needs CAP_BPF and CAP_PERFMON as file capabilities and nothing else ${args.join()}`, async () => {
      const events = await attached(unprivileged('cap_bpf,cap_perfmon=ep'), args);
      const id = newContainerId();
      await containers.run(short(), id);
      expect((await events.recordingOf(id)).numbers[native]).to.include(GETPGRP);
    });
  }

  it('names the capability that it lacks', async () => {
    const events = new ContainerEvents(unprivileged('cap_bpf=ep'));
    events.recorder.attach();
    await events.ended;
    expect(events.all).to.deep.equal([
      {
        type: 'failed',
        reason: 'the recorder of containers cannot use eBPF: it lacks the capability CAP_PERFMON',
      },
    ]);
  });

  /** The program with capabilities of its file, behind a script that starts it as a user who has none. */
  function unprivileged(capabilities: string): string {
    const file = path.join(folder, 'container_recorder');
    const script = path.join(folder, 'script');
    copyFileSync(nativeProgram('container_recorder'), file);
    execFileSync('setcap', [capabilities, file]);
    const bounds = '--bounding-set -all,+bpf,+perfmon';
    writeFileSync(
      script,
      `#!/bin/sh\nPATH=/bin:/usr/bin exec setpriv --reuid 65535 --regid 65535 --clear-groups ${bounds} ${file} "$@"\n`,
    );
    chmodSync(script, 0o755);
    return script;
  }

  it('has no fault that a sanitizer finds', async () => {
    buildSanitized();
    const script = path.join(folder, 'sanitized');
    const report = path.join(folder, 'report');
    const options = `ASAN_OPTIONS=log_path=${report}:detect_leaks=1 UBSAN_OPTIONS=log_path=${report}`;
    writeFileSync(script, `#!/bin/sh\n${options} exec ${nativeProgram('container_recorder', 'Debug')} "$@"\n`);
    chmodSync(script, 0o755);
    for (const args of [[], ['--libbpf']]) {
      const events = await attached(script, args);
      for (let round = 0; round < 40; round += 1) {
        const id = newContainerId();
        await containers.run(short(), id);
        const { key, numbers } = await events.recordingOf(id);
        expect(numbers[native]).to.include(GETPGRP);
        events.recorder.forget(key);
      }
      events.recorder.detach();
      await events.attach();
    }
    for (const events of open.splice(0)) await events.stop();
    expect(spawnSync('sh', ['-c', `cat ${report}* 2>/dev/null`], { encoding: 'utf8' }).stdout).to.equal('');
  });
});
