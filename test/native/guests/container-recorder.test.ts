// SPDX-License-Identifier: Apache-2.0
// The program that records containers, on a node as most are: control groups of version 2 and none of version 1, and
// Debian's kernel. Both runtimes start their containers otherwise there than on control groups of both versions.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { ContainerRecorderCommand, ContainerRecorderEvent } from '../../../src/gen/wire/container-recorder.ts';
import {
  parseContainerRecorderEvent,
  printContainerRecorderCommand,
} from '../../../src/gen/wire/container-recorder.ts';
import { shellWord } from '../../../tools/lab/guest/answer.ts';
import { runInGuest } from '../../../tools/lab/guest/run.ts';
import { makeBundle } from '../../../tools/oci-bundle.ts';
import { newContainerId, recordingAmong } from '../container-recordings.ts';
import { fixture, nativeProgram } from '../fixtures.ts';

const RUNTIMES = ['runc', 'crun'] as const;

/** Of a runtime: a container that ends by itself, and one that waits while something is executed in it. */
interface Ids {
  readonly short: string;
  readonly long: string;
}

describe('container_recorder with control groups of version 2', function () {
  this.timeout(900_000);
  const ids = { runc: newIds(), crun: newIds() };
  let folder: string;
  let events: readonly ContainerRecorderEvent[];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-v2-'));
    bundle('short', ['/bin/container']);
    bundle('long', ['/bin/container', 'wait']);
    const { status, stdout, stderr } = await runInGuest({
      module: 'apparmor',
      command: ['sh', '-c', script()],
      cwd: import.meta.dirname,
    });
    expect(status, stderr + stdout).to.equal(0);
    expect(stderr).to.equal('cgroup2fs\n');
    events = stdout.trimEnd().split('\n').map(parseContainerRecorderEvent);
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function newIds(): Ids {
    return { short: newContainerId(), long: newContainerId() };
  }

  function bundle(name: string, args: readonly string[]): void {
    const options = { noNewPrivileges: true, user: 1000, capabilities: true, terminal: false, seccomp: undefined };
    makeBundle(path.join(folder, name), fixture('container'), { ...options, args });
  }

  /** The program, and containers beside it; what it tells is the output. */
  function script(): string {
    const said = (command: ContainerRecorderCommand): string =>
      `printf %s ${shellWord(printContainerRecorderCommand(command))} >&9`;
    return `set -eu
stat -fc %T /sys/fs/cgroup >&2
cd /run && mkfifo commands
${shellWord(nativeProgram('container_recorder'))} 3<commands 4>events & recorder=$!
exec 9>commands
${said({ type: 'attach' })}
until grep -q '"attached"' events; do kill -0 $recorder; busybox usleep 50000; done
${RUNTIMES.map(containersOf).join('\n')}
${said({ type: 'stop' })}
wait $recorder
cat events`;
  }

  function containersOf(runtime: (typeof RUNTIMES)[number]): string {
    const { short, long } = ids[runtime];
    const bundleOf = (name: keyof Ids): string => shellWord(path.join(folder, name));
    return `${runtime} run --bundle ${bundleOf('short')} ${short} 9>&-
${runtime} run --detach --bundle ${bundleOf('long')} ${long} </dev/null >/dev/null 9>&-
${runtime} exec ${long} /bin/container 9>&-
${runtime} delete --force ${long} 9>&-`;
  }

  for (const runtime of RUNTIMES) {
    it(`has a container of ${runtime}, and nothing of the runtime`, () => {
      const { names, types, lost } = recordingAmong(events, ids[runtime].short);
      expect(names).to.deep.equal(['exit']);
      expect(types).to.deep.equal(['container', 'entered', 'ended', 'syscalls', 'complete']);
      expect(lost).to.deep.equal({});
    });

    it(`has what ${runtime} executes in a container later`, () => {
      const { names, lost } = recordingAmong(events, ids[runtime].long);
      expect(names).to.deep.equal(['exit', 'rt_sigsuspend']);
      expect(lost).to.deep.equal({});
    });
  }
});
