// SPDX-License-Identifier: Apache-2.0
// A profile recorded on this machine carries a container: the runtime's own calls, measured and kept in a table, are
// enough for the runtimes that Debian ships, and without them the container does not start.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeBundle, runtimeCommand } from '../../tools/oci-bundle.ts';

const spoc = path.join(import.meta.dirname, '../../bin/spoc');
const busybox = '/bin/busybox';

describe('a recorded profile in a container', function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'container-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function recorded(...options: readonly string[]): unknown {
    const file = path.join(folder, 'profile.json');
    const command = [
      'record',
      '-t',
      'raw-seccomp',
      '-o',
      file,
      ...options,
      busybox,
      'echo',
      'hello from the container',
    ];
    const { status, stderr } = spawnSync(spoc, command, { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    return JSON.parse(readFileSync(file, 'utf8'));
  }

  function start(runtime: string, seccomp: unknown, noNewPrivileges: boolean, user: number) {
    const bundle = path.join(folder, 'bundle');
    const args = [busybox, 'echo', 'hello from the container'];
    makeBundle(bundle, busybox, { args, noNewPrivileges, user, capabilities: true, terminal: false, seccomp });
    const id = `test-${String(process.pid)}-${process.hrtime.bigint().toString(36)}`;
    const [file, ...rest] = runtimeCommand(runtime, bundle, id);
    const result = spawnSync(file, rest, { encoding: 'utf8', timeout: 120_000 });
    spawnSync(runtime, ['delete', '--force', id]);
    return result;
  }

  for (const runtime of ['runc', 'crun']) {
    for (const noNewPrivileges of [true, false]) {
      for (const user of [0, 1000]) {
        it(`starts with ${runtime} as user ${String(user)}${noNewPrivileges ? ' without new privileges' : ''}`, () => {
          const { stdout, stderr, status } = start(runtime, recorded(), noNewPrivileges, user);
          expect({ stdout, status }, stderr).to.deep.equal({ stdout: 'hello from the container\n', status: 0 });
        });
      }
    }

    it(`does not start with ${runtime} when the base system calls are left out`, () => {
      const { stdout, status } = start(runtime, recorded('-n'), false, 1000);
      expect(stdout).not.to.include('hello');
      expect(status).not.to.equal(0);
    });
  }
});
