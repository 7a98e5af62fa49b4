// SPDX-License-Identifier: Apache-2.0
// A node whose disk is full, read-only or not what it should be: the profile says so with path and reason, nothing
// half-written stays, what was there stays whole, and once the disk is well again all goes on by itself.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ASIDE_PREFIX } from '../../src/core/status/moved-aside.ts';
import type { Condition } from '../../src/core/status/conditions.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import { syscallName, syscallNumbers } from '../../src/core/seccomp/syscalls.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, Installation, profilesPath, REPORTS_PATH } from '../../tools/lab/operator.ts';
import { sharedPlane, uninstall } from './shared-plane.ts';

const NAMESPACE = 'disk-trouble';
const NODE = 'node-a';
/** Retries of a failing pass come ever more rarely. */
const PATIENCE_S = 240;

describe('a node whose disk is in trouble', function () {
  this.timeout(300_000);
  const disk = mkdtempSync(path.join(tmpdir(), 'spo-disk-'));
  const operator = path.join(disk, 'seccomp/operator');
  const folder = path.join(operator, NAMESPACE);
  let plane: ControlPlane;
  let installation: Installation;

  before(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk]);
    plane = await sharedPlane();
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    installation = await Installation.start(plane, { nodes: [NODE], directories: { [NODE]: disk } });
  });

  after(async () => {
    await uninstall(installation);
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  const names = syscallNumbers('SCMP_ARCH_X86_64').map((number) => syscallName('SCMP_ARCH_X86_64', number) ?? 'read');
  const spec = (count: number): object => ({
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [{ action: 'SCMP_ACT_ALLOW', names: names.slice(0, count) }],
  });
  const at = (name: string): string => `${profilesPath(NAMESPACE)}/${name}`;

  async function put(name: string, count = names.length): Promise<void> {
    const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    await create(plane, profilesPath(NAMESPACE), { ...kind, metadata: { name }, spec: spec(count) });
  }

  async function profile(name: string): Promise<SeccompProfile | undefined> {
    const { status, body } = await plane.admin.request('GET', at(name));
    return status === 200 ? (body as SeccompProfile) : undefined;
  }

  async function untilState(name: string, state: string): Promise<SeccompProfile> {
    let seen: SeccompProfile | undefined;
    const holds = async (): Promise<boolean> => {
      seen = await profile(name);
      const current = seen?.status?.observedGeneration === seen?.metadata.generation || state === 'Terminating';
      return seen?.status?.status === state && current;
    };
    await until(holds, PATIENCE_S, () => `${name} is not ${state}: ${JSON.stringify(seen)}`);
    if (seen === undefined) throw new Error(`${name} is gone`);
    return seen;
  }

  function messageOf({ status }: SeccompProfile): string {
    return status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
  }

  function fill(): void {
    try {
      writeFileSync(path.join(disk, 'filler'), Buffer.alloc(1 << 20));
    } catch (error) {
      expect(String(error)).to.include('ENOSPC');
    }
  }

  it('says that it is full, with the path, on the profile, in the report of the node and in an event', async () => {
    fill();
    await put('full');
    const message = messageOf(await untilState('full', 'Error'));
    expect(message).to.include('1 of 1 node failed; node-a').and.to.include('no space left on device');
    expect(message).to.include(path.join(folder, 'full.json'));
    const { body } = await plane.admin.request('GET', REPORTS_PATH);
    expect(JSON.stringify(body)).to.include('"reason":"CannotSaveSeccompProfile"');
    const reasons = async (): Promise<boolean> => {
      const events = await plane.admin.request('GET', `/apis/events.k8s.io/v1/namespaces/${NAMESPACE}/events`);
      return JSON.stringify(events.body).includes('CannotSaveSeccompProfile');
    };
    await until(reasons, 120, () => 'no event tells of it');
  });

  it('leaves nothing half-written, and installs by itself when there is room again', async () => {
    // A further attempt has its own file there for a moment.
    const files = (): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);
    await until(
      async () => files().length === 0,
      PATIENCE_S,
      () => `left: ${files().join(', ')}`,
    );
    rmSync(path.join(disk, 'filler'));
    await untilState('full', 'Installed');
    expect(readdirSync(folder)).to.deep.equal(['full.json']);
  });

  it('keeps the old file whole when a new one does not fit', async () => {
    const before = readFileSync(path.join(folder, 'full.json'), 'utf8');
    fill();
    await plane.admin.request('PATCH', at('full'), { spec: spec(200) }, 'application/merge-patch+json');
    await untilState('full', 'Error');
    expect(readFileSync(path.join(folder, 'full.json'), 'utf8')).to.equal(before);
    rmSync(path.join(disk, 'filler'));
    await untilState('full', 'Installed');
    expect(readFileSync(path.join(folder, 'full.json'), 'utf8')).to.not.equal(before);
    expect(readdirSync(folder)).to.deep.equal(['full.json']);
  });

  it('says that it is read-only, to writes and to removals, and goes on when it is not any more', async () => {
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await put('read-only', 3);
    expect(messageOf(await untilState('read-only', 'Error'))).to.include('read-only file system');
    await plane.admin.request('DELETE', at('full'));
    const told = async (): Promise<boolean> => {
      const found = await profile('full');
      return found !== undefined && messageOf(found).includes('read-only file system');
    };
    await until(told, PATIENCE_S, () => 'the profile that cannot be removed does not say why');
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    await untilState('read-only', 'Installed');
    await until(
      async () => (await profile('full')) === undefined,
      PATIENCE_S,
      () => 'the deletion does not end',
    );
    expect(readdirSync(folder)).to.deep.equal(['read-only.json']);
  });

  it('moves aside what stands where the directory of a namespace should be, and the report says what', async () => {
    await plane.admin.request('DELETE', at('read-only'));
    await until(
      async () => !existsSync(folder),
      PATIENCE_S,
      () => 'the directory stays',
    );
    writeFileSync(folder, 'in the way');
    await put('blocked', 3);
    await untilState('blocked', 'Installed');
    const [moved = ''] = readdirSync(operator).filter((name) => name.startsWith(ASIDE_PREFIX));
    expect(readFileSync(path.join(operator, moved), 'utf8')).to.equal('in the way');
    let intact: Condition | undefined;
    await until(
      async () => {
        const { body } = await plane.admin.request('GET', `${REPORTS_PATH}/${NODE}`);
        intact = (body as SecurityProfileNodeStatus).status?.conditions?.find(({ type }) => type === 'Intact');
        return intact?.status === 'False';
      },
      PATIENCE_S,
      () => 'the report does not tell of it',
    );
    expect(intact?.message).to.include(moved);
  });

  it('says so when the operator’s own directory has vanished, and goes on when it is back', async () => {
    renameSync(operator, path.join(disk, 'aside'));
    await put('homeless', 3);
    expect(messageOf(await untilState('homeless', 'Error')))
      .to.include(operator)
      .and.include('no such file or directory');
    renameSync(path.join(disk, 'aside'), operator);
    await untilState('homeless', 'Installed');
    expect(readdirSync(folder)).to.deep.equal(['blocked.json', 'homeless.json']);
    expect(installation.roles.flatMap(({ deaths }) => deaths)).to.deep.equal([]);
  });
});
