// SPDX-License-Identifier: Apache-2.0
// A daemon's start on nodes without AppArmor, and on one that cannot tell.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { SILENT } from '../../../src/core/log.ts';
import { Aside } from '../../../src/io/aside.ts';
import { openAppArmor } from '../../../src/roles/process/apparmor.ts';
import type { AppArmorOfNode } from '../../../src/roles/process/apparmor.ts';

describe('roles/process/apparmor', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'spo-apparmor-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const open = (securityfs?: string): Promise<AppArmorOfNode> =>
    openAppArmor(
      securityfs,
      root,
      { release: '6.1', machine: 'x86_64', actions: [] },
      new Registry(),
      SILENT,
      new Aside(),
      AbortSignal.abort(),
    );

  it('says that a node has none', async () => {
    for (const securityfs of [undefined, root])
      expect((await open(securityfs)).support).to.include({ status: 'False', reason: 'AppArmorNotSupportedOnNode' });
  });

  it('takes a failure for none of that, and names it', async () => {
    mkdirSync(path.join(root, 'apparmor/features/caps/mask'), { recursive: true });
    const failure = await open(root).catch((error: unknown) => error);
    expect(String(failure)).to.match(/^Error: whether the kernel has AppArmor is not known: EISDIR/);
  });
});
