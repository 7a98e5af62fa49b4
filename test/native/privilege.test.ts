// SPDX-License-Identifier: Apache-2.0
// With how little the recorder works, and what it says when that is missing.
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fixture, nativeProgram } from './fixtures.ts';
import { recorded } from './recordings.ts';

describe('recorder with few privileges', function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'privilege-'));
    chmodSync(folder, 0o755);
    for (const name of ['nothing', 'processes'] as const) copyFileSync(fixture(name), path.join(folder, name));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A copy of the recorder with file capabilities, behind a script that runs it in other circumstances. */
  function recorderWith(capabilities: string, circumstances: string): string {
    const file = path.join(folder, 'recorder');
    const script = path.join(folder, 'script');
    copyFileSync(nativeProgram('recorder'), file);
    if (capabilities !== '') execFileSync('setcap', [`${capabilities}=ep`, file]);
    writeFileSync(script, `#!/bin/sh\nexec ${circumstances.replace('RECORDER', file)} "$@"\n`);
    chmodSync(script, 0o755);
    return script;
  }

  const unprivileged = 'setpriv --reuid 65535 --regid 65535 --clear-groups --bounding-set -all,+bpf,+perfmon RECORDER';

  async function reasonOf(program: string): Promise<string> {
    const { events } = await recorded([path.join(folder, 'nothing')], { program });
    expect(events.length).to.equal(1);
    return events[0]?.type === 'failed' ? events[0].reason : '';
  }

  it('needs CAP_BPF and CAP_PERFMON as file capabilities and nothing else', async () => {
    const program = recorderWith('cap_bpf,cap_perfmon', unprivileged);
    expect((await recorded([path.join(folder, 'nothing')], { program })).names).to.deep.equal(['execve', 'exit']);
    expect((await recorded([path.join(folder, 'processes'), 'fork'], { program })).names).to.include('getpriority');
  });

  it('needs no more when libbpf loads its programs', async () => {
    const program = recorderWith('cap_bpf,cap_perfmon', `${unprivileged} --libbpf`);
    expect((await recorded([path.join(folder, 'nothing')], { program })).names).to.deep.equal(['execve', 'exit']);
  });

  it('names CAP_BPF when it has no capability', async () => {
    expect(await reasonOf(recorderWith('', unprivileged))).to.equal(
      'the recorder cannot use eBPF: it lacks the capability CAP_BPF',
    );
  });

  it('names CAP_PERFMON when it has only CAP_BPF', async () => {
    expect(await reasonOf(recorderWith('cap_bpf', unprivileged))).to.equal(
      'the recorder cannot use eBPF: it lacks the capability CAP_PERFMON',
    );
  });

  it('that cannot be executed at all names what the bounding set lacks, and how to get it', () => {
    recorderWith('cap_bpf,cap_perfmon', 'RECORDER');
    const spoc = path.join(import.meta.dirname, '../../bin/spoc');
    const env = { ...process.env, SPO_PROGRAMS: folder };
    const reasonWith = (bounds: string) => {
      const argv = ['--bounding-set', bounds, spoc, 'record', '-o', path.join(folder, 'profile.yaml'), 'true'];
      const { stderr, status } = spawnSync('setpriv', argv, { env, encoding: 'utf8' });
      expect(status, stderr).to.equal(1);
      return /Error: (.*)\n$/.exec(stderr)?.[1];
    };
    const sentence = (missing: string) =>
      `start ${folder}/recorder: Operation not permitted: it needs CAP_BPF and CAP_PERFMON, and ${missing} outside the capability ` +
      'bounding set of this process: run it on the host, or give the container the capabilities ' +
      '(docker run --cap-add BPF --cap-add PERFMON)';
    expect(reasonWith('-bpf')).to.equal(sentence('CAP_BPF is'));
    expect(reasonWith('-all')).to.equal(sentence('CAP_BPF and CAP_PERFMON are'));
  });

  it('cannot become another user without the capability, and says so', async () => {
    const program = recorderWith('cap_bpf,cap_perfmon', unprivileged);
    const user = { uid: 1000, gid: 1000, groups: [] };
    const { events } = await recorded([path.join(folder, 'nothing')], { program, user });
    const reason = `start ${folder}/nothing: become user 1000 and group 1000: Operation not permitted`;
    expect(events).to.deep.equal([{ type: 'failed', reason }]);
  });

  it('names the type information when libbpf cannot read it', async () => {
    const hidden = `unshare --mount sh -c 'mount -t tmpfs none /sys/kernel/btf && exec "$0" --libbpf "$@"' RECORDER`;
    expect(await reasonOf(recorderWith('', hidden))).to.match(
      /BTF, CONFIG_DEBUG_INFO_BTF.*\/sys\/kernel\/btf\/vmlinux/,
    );
  });

  it('does without the type information in user space when the kernel loads its programs', async () => {
    const hidden = `unshare --mount sh -c 'mount -t tmpfs none /sys/kernel/btf && exec "$0" "$@"' RECORDER`;
    const { names } = await recorded([path.join(folder, 'nothing')], { program: recorderWith('', hidden) });
    expect(names).to.deep.equal(['execve', 'exit']);
  });

  it('says what else may forbid eBPF when the capabilities are there', async () => {
    expect(await reasonOf(recorderWith('', 'unshare --user --map-root-user RECORDER'))).to.match(
      /^the recorder cannot attach its eBPF programs: the kernel says "Operation not permitted".*user namespace/,
    );
  });
});
