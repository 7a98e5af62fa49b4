// SPDX-License-Identifier: Apache-2.0
// The features that this machine's kernel reports.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readBootId, readKernel } from '../../src/io/node-kernel.ts';

describe('io/node-kernel', () => {
  it('reads the actions of this kernel', async () => {
    const kernel = await readKernel();
    expect(kernel.release).to.equal(os.release());
    expect(kernel.actions).to.include.members(['errno', 'allow', 'kill_thread']);
  });

  it('reads the name of this boot, which has no line end', async () => {
    const boot = await readBootId();
    expect(boot).to.match(/^[0-9a-f-]{36}$/);
    expect(await readBootId()).to.equal(boot);
  });

  it('takes no kernel for one without seccomp because it could not be asked', async () => {
    const proc = await mkdtemp(path.join(os.tmpdir(), 'spo-proc-'));
    const file = path.join(proc, 'sys/kernel/seccomp/actions_avail');
    await mkdir(file, { recursive: true });
    expect(await readKernel(proc).catch(String)).to.equal(`Error: read ${file}: is a directory`);
    await rm(proc, { recursive: true });
  });

  it('has no actions where the kernel has no seccomp', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'spo-proc-'));
    expect((await readKernel(empty)).actions).to.equal(undefined);
    await rm(empty, { recursive: true });
  });
});
