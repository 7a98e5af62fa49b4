// SPDX-License-Identifier: Apache-2.0
// spoc as people install it without a clone: the tarball, the Debian package and the npm package of a release, unpacked
// into empty folders and run on what is a machine without Node.js.
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VERSION } from '../../src/core/version.ts';
import { cacheFolder } from '../../tools/image/cache.ts';
import { ownPlatform } from '../../tools/image/platforms.ts';
import { digestsOf } from '../../tools/release/digests.ts';
import { debianName, folderName, NPM_PACKAGE, npmName, tarballName } from '../../tools/release/names.ts';
import { packNpm } from '../../tools/release/npm-package.ts';
import { readLock } from '../../tools/release/parts.ts';
import { stageHome } from '../../tools/release/spoc-files.ts';
import { makeSpoc } from '../../tools/release/spoc-packages.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const EPOCH = 1_700_000_000;
const PROFILE = `apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata: {name: example}
spec: {defaultAction: SCMP_ACT_ERRNO, syscalls: [{action: SCMP_ACT_ALLOW, names: [read]}]}
`;

describe('spoc of a release', function () {
  this.timeout(600_000);
  const platform = ownPlatform();
  const { arch, nodePackage } = platform;
  let folder: string;
  let output: string;

  /** An empty folder. */
  const place = (name: string): string => {
    const made = path.join(folder, name);
    mkdirSync(made, { recursive: true });
    return made;
  };

  /** Runs it with nothing of this machine but the programs of /usr/bin that a shell script needs. */
  const run = (spoc: string, ...words: readonly string[]) =>
    spawnSync(spoc, words, { encoding: 'utf8', cwd: folder, env: { PATH: '/usr/bin:/bin' } });

  const expectWork = (spoc: string): void => {
    const version = run(spoc, 'version');
    expect(version.stdout, version.stderr).to.match(new RegExp(`^version: +${VERSION.replaceAll('.', '\\.')}\n`));
    const merged = path.join(path.dirname(spoc), 'merged.yaml');
    const merge = run(spoc, 'merge', '-o', merged, 'profile.yaml', 'profile.yaml');
    expect(merge.status, merge.stderr).to.equal(0);
    expect(merge.stderr).to.contain(`Wrote merged profile to: ${merged}`);
    const own = run(spoc, 'run', '-p', 'loose.json', 'true');
    expect(own.status, own.stderr).to.equal(0);
  };

  before(async () => {
    mkdirSync(cacheFolder, { recursive: true });
    folder = mkdtempSync(path.join(cacheFolder, '.test-release-'));
    output = place('output');
    writeFileSync(path.join(folder, 'profile.yaml'), PROFILE);
    writeFileSync(path.join(folder, 'loose.json'), JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' }));
    await makeSpoc(platform, { version: VERSION, epoch: EPOCH }, place('scratch'), output);
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('works from the tarball', () => {
    const tarball = path.join(output, tarballName(VERSION, arch));
    const types = execFileSync('tar', ['-tvzf', tarball], { encoding: 'utf8' })
      .split('\n')
      .map(([type]) => type);
    expect([...new Set(types)].toSorted(), 'krew takes files and folders only').to.deep.equal(['-', 'd', undefined]);
    execFileSync('tar', ['-xzf', tarball, '-C', place('tarball')]);
    const prefix = path.join(folder, 'tarball', folderName(VERSION, arch));
    expectWork(path.join(prefix, 'bin/spoc'));
    expectWork(path.join(prefix, 'bin/kubectl-spoc'));
    // As krew and people link it into a folder of their PATH.
    symlinkSync(path.join(prefix, 'bin/spoc'), path.join(folder, 'kubectl-spoc'));
    expectWork(path.join(folder, 'kubectl-spoc'));
  });

  it('works from the Debian package, whose sums are those of its files', () => {
    const deb = path.join(output, debianName(VERSION, arch));
    const root = place('debian');
    execFileSync('dpkg-deb', ['--raw-extract', deb, root]);
    execFileSync('md5sum', ['--check', '--strict', '--quiet', 'DEBIAN/md5sums'], { cwd: root });
    expect(execFileSync('dpkg-deb', ['--field', deb, 'Package', 'Architecture'], { encoding: 'utf8' })).to.equal(
      `Package: spoc\nArchitecture: ${arch}\n`,
    );
    const listed = execFileSync('dpkg-deb', ['--contents', deb], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    for (const line of listed.trim().split('\n')) expect(line).to.match(/ root\/root .* 2023-11-14 22:13 /);
    const told = readdirSync(path.join(root, 'usr/share/man/man1')).concat(
      readdirSync(path.join(root, 'usr/share/doc/spoc')),
    );
    expect(told).to.include.members(['spoc.1.gz', 'spoc-run.1.gz', 'kubectl-spoc.1.gz', 'changelog.gz', 'copyright']);
    expect(told.filter((name) => !name.endsWith('.gz'))).to.deep.equal(['copyright']);
    const page = gunzipSync(readFileSync(path.join(root, 'usr/share/man/man1/spoc-run.1.gz'))).toString();
    expect(page).to.contain('run a command using a security profile');
    expectWork(path.join(root, 'usr/bin/spoc'));
  });

  for (const [name, parent] of [
    ['beside others', ''],
    ['with its own Node.js', `${NPM_PACKAGE}/node_modules`],
  ] as const) {
    it(`works from the npm package, installed ${name}`, async () => {
      const licences = path.join(ROOT, 'LICENSE');
      await packNpm(path.join(folder, 'scratch/npm'), { version: VERSION, lock: readLock(), licences }, output);
      const modules = place(`npm-${String(parent.length)}/node_modules`);
      const home = path.join(modules, NPM_PACKAGE);
      mkdirSync(home, { recursive: true });
      execFileSync('tar', ['-xzf', path.join(output, npmName(VERSION)), '-C', home, '--strip-components=1']);
      mkdirSync(path.join(modules, parent), { recursive: true });
      symlinkSync(path.join(ROOT, 'node_modules', nodePackage), path.join(modules, parent, nodePackage));
      mkdirSync(path.join(modules, '.bin'));
      symlinkSync(`../${NPM_PACKAGE}/bin/spoc`, path.join(modules, '.bin/spoc'));
      expectWork(path.join(modules, '.bin/spoc'));
    });
  }

  it('is the same when it is made again, caches of code included', async () => {
    const again = path.join(folder, 'again');
    await stageHome(platform, again);
    for (const part of ['.', 'roles', 'answers']) {
      const names = ['-type', 'f', '-maxdepth', '1'];
      const list = (root: string): string =>
        execFileSync('sh', ['-c', `find . ${names.join(' ')} -exec sha256sum {} + | sort -k2`], {
          cwd: path.join(root, part),
          encoding: 'utf8',
        });
      expect(list(again)).to.equal(list(path.join(folder, 'scratch/npm/lib', arch)));
    }
    const caches = [...(await digestsOf(path.join(again, 'roles/process'))).keys()];
    expect(caches).to.deep.equal(['exit-status.cjs']);
  });
});
