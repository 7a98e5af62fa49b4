// SPDX-License-Identifier: Apache-2.0
// The features that this machine's kernel reports.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readKernel } from '../../src/io/node-kernel.ts';

describe('io/node-kernel', () => {
  it('reads the actions of this kernel', async () => {
    const kernel = await readKernel();
    expect(kernel.release).to.equal(os.release());
    expect(kernel.actions).to.include.members(['errno', 'allow', 'kill_thread']);
  });

  it('has no actions where the kernel has no seccomp', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'spo-proc-'));
    expect((await readKernel(empty)).actions).to.equal(undefined);
    await rm(empty, { recursive: true });
  });
});
