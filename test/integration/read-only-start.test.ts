// SPDX-License-Identifier: Apache-2.0
// A daemon that begins on a disk that it cannot write to, where an earlier life left things behind: it begins
// nevertheless, says what it cannot remove, and removes it once it can.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { Installation, REPORTS_PATH } from '../../tools/lab/operator.ts';
import { sharedPlane, uninstall } from './shared-plane.ts';

const NODE = 'node-a';

describe('a daemon that begins on a read-only disk', function () {
  this.timeout(300_000);
  const disk = mkdtempSync(path.join(tmpdir(), 'spo-read-only-'));
  const folder = path.join(disk, 'seccomp/operator/read-only-start');
  const orphan = path.join(folder, 'orphan.json');
  const draft = path.join(folder, '.spo-1-1.tmp');
  let plane: ControlPlane;
  let installation: Installation;

  before(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    plane = await sharedPlane();
    installation = await Installation.start(plane, { nodes: [NODE], directories: { [NODE]: disk } });
    await installation.nodes[0]?.daemon.end('SIGTERM');
    mkdirSync(folder);
    writeFileSync(orphan, '{}');
    writeFileSync(draft, '{"defaultAc');
    execFileSync('mount', ['-o', 'remount,ro', disk]);
  });

  after(async () => {
    await uninstall(installation);
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it('works, names the half-written file in its log and the file of no profile in its report', async () => {
    const daemon = installation.nodes[0]?.daemon;
    await daemon?.start();
    let seen = '';
    const reported = async (): Promise<boolean> => {
      expect(daemon?.deaths).to.deep.equal([]);
      const { body } = await plane.admin.request('GET', `${REPORTS_PATH}/${NODE}`);
      const entries = (body as SecurityProfileNodeStatus).status?.profiles ?? {};
      seen = JSON.stringify(entries);
      const { state, message = '' } = entries['SeccompProfile/read-only-start/orphan'] ?? {};
      return state === 'Error' && message.includes(orphan) && message.includes('read-only file system');
    };
    await until(reported, 120, () => `the report does not say why: ${seen}`);
    expect(readFileSync(daemon?.log ?? '', 'utf8')).to.include(draft);
  });

  it('removes the file by itself when it can, and the half-written one when it begins again', async () => {
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    await until(
      async () => !existsSync(orphan),
      120,
      () => 'the file of no profile stays',
    );
    const daemon = installation.nodes[0]?.daemon;
    expect(await daemon?.end('SIGTERM')).to.equal('status 0');
    await daemon?.start();
    await until(
      async () => !existsSync(draft),
      120,
      () => 'the half-written file stays',
    );
    expect(daemon?.deaths).to.deep.equal([]);
  });
});
