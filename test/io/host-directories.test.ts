// SPDX-License-Identifier: Apache-2.0
// What the init container leaves on a node: `744,65535,65535`, the link, our own profiles; and again without harm.
import { lchown, lstat, mkdir, mkdtemp, readFile, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Host } from '../../src/io/host-directories.ts';
import { prepareHost } from '../../src/io/host-directories.ts';

describe('io/host-directories', () => {
  let mount: string;
  let host: Host;
  const owner = process.getuid?.() === 0 ? 65535 : (process.getuid?.() ?? 0);
  const seccomp = 'var/lib/kubelet/seccomp';

  beforeEach(async () => {
    mount = await mkdtemp(path.join(os.tmpdir(), 'spo-host-'));
    await mkdir(path.join(mount, 'own'));
    await writeFile(path.join(mount, 'own/security-profiles-operator.json'), '{"defaultAction":"SCMP_ACT_LOG"}');
    await writeFile(path.join(mount, 'own/README'), 'no profile');
    host = { mount, kubeletDir: '/var/lib/kubelet', ownProfiles: path.join(mount, 'own'), owner };
  });
  afterEach(() => rm(mount, { recursive: true, force: true }));

  async function ownership(file: string): Promise<string> {
    const { mode, uid, gid } = await lstat(path.join(mount, file));
    return [(mode & 0o777).toString(8), String(uid), String(gid)].join();
  }

  it("prepares the directories as users' checks expect", async () => {
    const done = await prepareHost(host);
    expect(await ownership('var/lib/security-profiles-operator')).to.equal(`744,${owner},${owner}`);
    expect(await ownership(seccomp)).to.equal(`744,${owner},${owner}`);
    expect(await readlink(path.join(mount, seccomp, 'operator'))).to.equal('/var/lib/security-profiles-operator');
    expect(
      JSON.parse(await readFile(path.join(mount, 'var/lib/security-profiles-operator/kubelet-config.json'), 'utf8')),
    ).to.deep.equal({ kubeletDir: '/var/lib/kubelet' });
    expect(await readdir(path.join(mount, seccomp))).to.have.members(['operator', 'security-profiles-operator.json']);
    expect(await ownership(`${seccomp}/security-profiles-operator.json`)).to.equal(`644,${owner},${owner}`);
    expect(done).to.include(`profile /var/lib/kubelet/seccomp/security-profiles-operator.json is in place`);
  });

  it('may run again, and takes over what is there', async () => {
    await prepareHost(host);
    const old = path.join(mount, 'var/lib/security-profiles-operator/ns');
    await mkdir(old);
    await writeFile(path.join(old, 'a.json'), '{}');
    if (owner === 65535) await lchown(path.join(old, 'a.json'), 0, 0);
    await prepareHost(host);
    expect(await ownership('var/lib/security-profiles-operator/ns/a.json')).to.match(new RegExp(`,${owner},${owner}$`));
    expect(await readdir(path.join(mount, seccomp))).to.have.length(2);
  });

  it('follows no link out of the directory when it hands over', async function () {
    if (owner !== 65535) this.skip();
    await prepareHost(host);
    const outside = path.join(mount, 'outside');
    await writeFile(outside, 'x');
    await lchown(outside, 7, 7);
    await symlink(outside, path.join(mount, 'var/lib/security-profiles-operator/link'));
    await prepareHost(host);
    expect(await ownership('outside')).to.match(/,7,7$/);
  });

  it('puts the link right, and replaces an empty directory by it', async () => {
    await mkdir(path.join(mount, seccomp), { recursive: true });
    await symlink('/elsewhere', path.join(mount, seccomp, 'operator'));
    await prepareHost(host);
    expect(await readlink(path.join(mount, seccomp, 'operator'))).to.equal('/var/lib/security-profiles-operator');
    await rm(path.join(mount, seccomp, 'operator'));
    await mkdir(path.join(mount, seccomp, 'operator'));
    await prepareHost(host);
    expect(await readlink(path.join(mount, seccomp, 'operator'))).to.equal('/var/lib/security-profiles-operator');
  });

  it('refuses to throw away a directory that holds something', async () => {
    await mkdir(path.join(mount, seccomp, 'operator/ns'), { recursive: true });
    const problem = await prepareHost(host).then(String, (error: unknown) => String(error));
    expect(problem).to.contain('is a directory where the link to /var/lib/security-profiles-operator belongs');
  });

  it('works in a kubelet directory of its own', async () => {
    await prepareHost({ ...host, kubeletDir: '/mnt/resource/kubelet' });
    expect(await readlink(path.join(mount, 'mnt/resource/kubelet/seccomp/operator'))).to.equal(
      '/var/lib/security-profiles-operator',
    );
  });
});
