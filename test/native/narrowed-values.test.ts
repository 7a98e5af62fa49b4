// SPDX-License-Identifier: Apache-2.0
// A recorded profile that was narrowed to the values of its own trace, judged by the kernel: the program runs as
// before, a value that it has not used is refused, and container runtimes start it.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeBundle, runtimeCommand } from '../../tools/oci-bundle.ts';

const spoc = path.join(import.meta.dirname, '../../bin/spoc');
const busybox = '/bin/busybox';

/** Opens a socket of the family that it is told. */
const SOCKET = 'import socket, sys; socket.socket(int(sys.argv[1]), socket.SOCK_DGRAM).close()';
const AF_INET = '2';
/** A family that neither Python nor the C library opens by itself, as both do AF_UNIX to ask for a home folder. */
const AF_NETLINK = '16';

describe('a profile that is narrowed to observed values', function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'narrowed-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function call(...args: readonly string[]) {
    return spawnSync(spoc, args, { encoding: 'utf8' });
  }

  /** The file with the narrowed profile of a command. */
  function narrowed(type: 'seccomp' | 'raw-seccomp', ...command: readonly string[]): string {
    const [profile, trace, result] = ['profile', 'trace', 'narrowed'].map((name) => path.join(folder, name));
    for (const args of [
      ['record', '-t', type, '-o', profile ?? '', '--trace', trace ?? '', ...command],
      ['adapt', '--values', trace ?? '', '-o', result ?? '', profile ?? ''],
      ['simulate', result ?? '', trace ?? ''],
    ]) {
      const { status, stderr, stdout } = call(...args);
      expect(status, `${args.join(' ')}: ${stderr}${stdout}`).to.equal(0);
    }
    return result ?? '';
  }

  it('lets the program do what it did, and nothing else', () => {
    const profile = narrowed('seccomp', 'python3', '-c', SOCKET, AF_INET);
    const again = call('run', '-p', profile, 'python3', '-c', SOCKET, AF_INET);
    expect(again.status, again.stderr).to.equal(0);
    const other = call('run', '-p', profile, 'python3', '-c', SOCKET, AF_NETLINK);
    expect(other.stderr).to.include('PermissionError');
    expect(other.status).to.equal(1);
  });

  for (const runtime of ['runc', 'crun']) {
    it(`starts with ${runtime}`, () => {
      const seccomp: unknown = JSON.parse(readFileSync(narrowed('raw-seccomp', busybox, 'echo', 'hello'), 'utf8'));
      const bundle = path.join(folder, 'bundle');
      const args = [busybox, 'echo', 'hello'];
      makeBundle(bundle, busybox, {
        args,
        noNewPrivileges: false,
        user: 1000,
        capabilities: true,
        terminal: false,
        seccomp,
      });
      const id = `test-${String(process.pid)}-${process.hrtime.bigint().toString(36)}`;
      const [file, ...rest] = runtimeCommand(runtime, bundle, id);
      const { stdout, stderr, status } = spawnSync(file, rest, { encoding: 'utf8', timeout: 120_000 });
      spawnSync(runtime, ['delete', '--force', id]);
      expect({ stdout, status }, stderr).to.deep.equal({ stdout: 'hello\n', status: 0 });
    });
  }
});
