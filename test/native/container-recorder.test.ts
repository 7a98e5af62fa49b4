// SPDX-License-Identifier: Apache-2.0
// The program that records containers, with containers of real runtimes: everything from the entry point on, nothing of
// the runtime's, and nothing of another container.
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openRuntime } from '../../tools/oci-bundle.ts';
import { ContainerEvents, Containers, newContainerId } from './container-recordings.ts';
import { fixture } from './fixtures.ts';

/** Calls that nothing else in a container makes: getpgrp, getsid, personality, sched_get_priority_max and the like. */
const RARE = [111, 124, 135, 146, 147, 160, 186, 201];

for (const name of ['runc', 'crun']) {
  describe(`container_recorder with ${name}`, function () {
    this.timeout(120_000);
    let folder: string;
    let containers: Containers;
    let events: ContainerEvents;

    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'spo-containers-'));
      containers = new Containers(await openRuntime(name), folder);
    });
    after(async () => {
      await containers.close();
      rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      events = new ContainerEvents();
      await events.attach();
    });
    afterEach(() => events.stop());

    for (const noNewPrivileges of [true, false]) {
      it(`has nothing of the runtime, noNewPrivileges ${String(noNewPrivileges)}`, async () => {
        const id = newContainerId();
        const bundle = containers.bundle(['/bin/container'], { noNewPrivileges });
        expect(await containers.run(bundle, id)).to.deep.equal({ status: 0, text: '' });
        const { names, types, lost } = await events.recordingOf(id);
        expect(names).to.deep.equal(['exit']);
        expect(types).to.deep.equal(['container', 'entered', 'ended', 'syscalls', 'complete']);
        expect(lost).to.deep.equal({});
      });
    }

    it('has nothing of the hooks that the runtime runs inside', async () => {
      const hook = (file: string) => [{ path: file, args: ['processes', 'fork'] }];
      const bundle = containers.bundle(['/bin/container'], {}, (configuration) => {
        const hooks = { createContainer: hook(fixture('processes')), startContainer: hook('/bin/processes') };
        Object.assign(configuration, { hooks });
      });
      const id = newContainerId();
      expect(await containers.run(bundle, id)).to.deep.equal({ status: 0, text: '' });
      expect((await events.recordingOf(id)).names).to.deep.equal(['exit']);
    });

    it('tells the number of the mount namespace', async () => {
      const id = newContainerId();
      const pid = await containers.create(containers.bundle(['/bin/container', 'wait']), id);
      await containers.call('start', id);
      const key = await events.keyOf(id);
      const told = () =>
        events.of(key).flatMap((event) => (event.type === 'entered' ? [`mnt:[${String(event.mountNamespace)}]`] : []));
      await events.until(() => told().length > 0);
      expect(told()).to.deep.equal([readlinkSync(`/proc/${String(pid)}/ns/mnt`)]);
      await containers.call('delete', '--force', id);
    });

    it('has what is executed in a container later', async () => {
      const id = newContainerId();
      await containers.create(containers.bundle(['/bin/container', 'wait']), id);
      await containers.call('start', id);
      await events.until(() => events.all.some(({ type }) => type === 'entered'));
      expect((await containers.call('exec', id, '/bin/container')).status).to.equal(0);
      expect((await events.read(id)).names).to.deep.equal(['exit', 'rt_sigsuspend']);
      await containers.call('delete', '--force', id);
      expect((await events.recordingOf(id)).names).to.deep.equal(['exit', 'rt_sigsuspend']);
    });

    it('has nothing of the runtime of a container that waits for its start when the hooks come', async () => {
      const id = newContainerId();
      await containers.create(containers.bundle(['/bin/container']), id);
      const late = new ContainerEvents();
      try {
        await late.attach();
        await containers.call('start', id);
        expect((await late.recordingOf(id)).names).to.deep.equal(['exit']);
      } finally {
        await late.stop();
        await containers.call('delete', '--force', id);
      }
    });

    it('keeps containers apart that run side by side', async () => {
      const ids = await Promise.all(
        RARE.map(async (number) => {
          const id = newContainerId();
          const { status, text } = await containers.run(
            containers.bundle(['/bin/call', `native:${String(number)}`]),
            id,
          );
          expect(status, text).to.equal(0);
          return id;
        }),
      );
      for (const [at, id] of ids.entries()) {
        const { numbers } = await events.recordingOf(id);
        const found = RARE.filter((number) => Object.values(numbers).flat().includes(number));
        expect(found).to.deep.equal([RARE[at]]);
      }
    });

    it('tells of a container whose entry point cannot be executed that nothing was called', async () => {
      const id = newContainerId();
      expect((await containers.run(containers.bundle(['/bin/none']), id)).status).not.to.equal(0);
      expect((await events.recordingOf(id)).types).to.deep.equal(['container', 'ended', 'complete']);
    });

    it('tells what a filter refuses', async () => {
      const rules = [
        { names: ['getsid'], action: 'SCMP_ACT_ERRNO' },
        { names: ['personality'], action: 'SCMP_ACT_KILL_PROCESS' },
      ];
      const seccomp = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: rules };
      const id = newContainerId();
      await containers.create(
        containers.bundle(['/bin/call', 'native:111', 'native:124', 'native:135'], { seccomp }),
        id,
      );
      // Refusals are seen from the answer on: the program takes another hook when there is a container.
      await events.read(id);
      await containers.call('start', id);
      const { numbers, refused } = await events.recordingOf(id);
      expect(refused).to.deep.equal({ SCMP_ARCH_X86_64: [124, 135] });
      expect(numbers['SCMP_ARCH_X86_64']).to.include(111).and.not.include(124);
    });

    it('tells calls of 32 bits', async function () {
      if (process.arch !== 'x64') this.skip();
      const id = newContainerId();
      await containers.run(containers.bundle(['/bin/call', 'compat:20']), id);
      expect((await events.recordingOf(id)).numbers['SCMP_ARCH_X86']).to.deep.equal([20]);
    });
  });
}
