// SPDX-License-Identifier: Apache-2.0
// Looks at a machine that is made of files, and at the one that runs the test.
import { expect } from 'chai';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { examineNode } from '../../../src/io/examination/node-facts.ts';
import { seen } from '../../core/doctor/node-facts.ts';

describe('the facts of a machine', () => {
  let root = '';

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'spo-doctor-'));
  });

  afterEach(() => rmSync(root, { recursive: true }));

  function write(file: string, text: string): void {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }

  const examine = (programs?: string) => examineNode({ root, kubeletDir: '/var/lib/kubelet', programs });

  it('says what it could not see, and does not guess', async () => {
    mkdirSync(path.join(root, 'proc'));
    const facts = await examine();
    expect(facts.kernel.actions).to.equal(undefined);
    expect(facts.loggedActions)
      .to.have.property('why')
      .that.matches(/actions_logged: no such file/);
    expect(facts.modules.type).to.equal('unseen');
    expect(facts).to.include({ hasBtf: false, cgroupVersion: undefined });
    expect(facts.auditLogs.map(({ state }) => state)).to.deep.equal(['missing', 'missing']);
    expect(facts.selinux).to.include({ isOn: false, hasStore: false, policy: undefined });
    expect(facts.appArmor).to.deep.equal({ isOn: false, hasParser: false });
    expect(facts.runtimes).to.deep.equal({ sockets: [], programs: [] });
    expect(facts.kubelet).to.deep.include({ isThere: false, link: seen(undefined), profiles: seen(undefined) });
    expect(facts.kubelet.daemonRuns).to.deep.equal(seen(false));
    expect(facts.missingPrograms).to.deep.equal(['recorder', 'runner']);
  });

  it('reads what is there', async () => {
    write('proc/sys/kernel/seccomp/actions_avail', 'errno log\n');
    write('proc/sys/kernel/seccomp/actions_logged', 'errno log\n');
    write('proc/cmdline', 'quiet audit=0\n');
    write('proc/17/cmdline', '/usr/bin/node\0/opt/spo/main.cjs\0daemon\0');
    write('sys/kernel/security/lsm', 'capability,selinux\n');
    write('sys/kernel/btf/vmlinux', '');
    write('sys/fs/cgroup/cgroup.controllers', 'cpu\n');
    write('var/log/audit/audit.log', '');
    write('sys/fs/selinux/enforce', '1');
    write('etc/selinux/config', '# SELINUXTYPE=mls\nSELINUX=enforcing\nSELINUXTYPE=targeted\n');
    write('var/lib/selinux/targeted/semanage.read.LOCK', '');
    write('var/lib/kubelet/config.yaml', '');
    write('var/lib/security-profiles-operator/ns/a.json', '{}');
    write('var/lib/security-profiles-operator/limit.json', '{}');
    mkdirSync(path.join(root, 'var/lib/kubelet/seccomp'));
    symlinkSync('/var/lib/security-profiles-operator', path.join(root, 'var/lib/kubelet/seccomp/operator'));
    write('programs/recorder', '');
    write('programs/runner', '');
    chmodSync(path.join(root, 'programs/runner'), 0o755);
    const facts = await examine(path.join(root, 'programs'));
    expect(facts).to.deep.include({
      loggedActions: seen(['errno', 'log']),
      bootOptions: seen(['quiet', 'audit=0']),
      modules: seen(['capability', 'selinux']),
      hasBtf: true,
      cgroupVersion: 2,
      selinux: { isOn: true, isEnforcing: seen(true), policy: 'targeted', hasStore: true },
      missingPrograms: ['recorder'],
    });
    expect(facts.auditLogs[0]).to.deep.equal({ path: '/var/log/audit/audit.log', state: 'readable' });
    const { isThere, link, profiles, daemonRuns, room } = facts.kubelet;
    expect({ isThere, link, profiles, daemonRuns }).to.deep.equal({
      isThere: true,
      link: seen('/var/lib/security-profiles-operator'),
      profiles: seen(1),
      daemonRuns: seen(true),
    });
    expect(room).to.have.nested.property('value.bytes').above(0);
  });

  it('finds runtimes, and runs nothing that others may have put there', async () => {
    mkdirSync(path.join(root, 'run/crio'), { recursive: true });
    mkdirSync(path.join(root, 'proc'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path.join(root, 'run/crio/crio.sock'), resolve));
    write('usr/bin/runc', `#!/bin/sh\ntouch ${root}/ran\necho runc version 9\n`);
    chmodSync(path.join(root, 'usr/bin/runc'), 0o777);
    symlinkSync('runc', path.join(root, 'usr/bin/crun'));
    const { runtimes } = await examine();
    server.close();
    expect(runtimes.sockets).to.deep.equal(['/run/crio/crio.sock']);
    expect(runtimes.programs, 'two names of one file').to.have.length(1);
    if (process.getuid?.() !== 0) return;
    expect(runtimes.programs[0]?.version)
      .to.have.property('why')
      .that.matches(/users other than root/);
  });

  it('looks at this machine', async () => {
    const facts = await examineNode({ root: '/', kubeletDir: '/var/lib/kubelet', programs: undefined });
    expect(facts.kernel.release).to.match(/^\d+\.\d+/);
    expect(facts.bootOptions.type).to.equal('seen');
  });
});
