// SPDX-License-Identifier: Apache-2.0
// The image as it is built and shipped: the same twice, nothing in it that isn't named here, privileges only on the
// files that the table of programs names, and its entry point running as uid 65535 in a container that may nothing
// else.
import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { IMAGE, fullImageName } from '../../src/core/deploy/image.ts';
import { VERSION } from '../../src/core/version.ts';
import { cacheFolder } from '../../tools/image/cache.ts';
import { ownPlatform, PLATFORMS } from '../../tools/image/platforms.ts';
import type { Finished } from './container.ts';
import { runContainer } from './container.ts';
import type { Emulated } from './emulation.ts';
import { emulate } from './emulation.ts';
import { OciArchive } from './oci-image.ts';
import type { TarEntry } from './tar.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** Largest unpacked image, in MiB; the original's is 195. */
const LARGEST = 150;

const NON_ROOT = 65535;

/** e_machine of ELF files, from elf.h. */
const MACHINES = { amd64: 62, arm64: 183 } as const;

/** The files in the image beside libraries, bundles and licences. */
const FILES = [
  'etc/group',
  'etc/nsswitch.conf',
  'etc/passwd',
  'opt/spo/apparmor_loader',
  'opt/spo/auditor',
  'opt/spo/bounded',
  'opt/spo/container_recorder',
  'opt/spo/filter_reader',
  'opt/spo/main.cjs',
  'opt/spo/non_root_enabler',
  'opt/spo/recorder',
  'opt/spo/runner',
  'opt/spo/selinux_policy',
];
const COMMANDS = [
  ...['usr/bin/node', 'usr/bin/security-profiles-operator', 'usr/bin/spoc'],
  'usr/sbin/sefcontext_compile',
  'sbin/apparmor_parser',
];
const LIBRARIES = ['libc.so.6', 'libdl.so.2', 'libgcc_s.so.1', 'libm.so.6', 'libpthread.so.0', 'libstdc++.so.6'];
const SELINUX_LIBRARIES = ['libpcre2-8.so.0', 'libselinux.so.1', 'libsepol.so.2'];
const LOADERS = { amd64: 'lib64/ld-linux-x86-64.so.2', arm64: 'lib/ld-linux-aarch64.so.1' } as const;

/** cap_perfmon and cap_bpf by linux/capability.h. */
const RECORDER_CAPABILITIES = (1n << 38n) | (1n << 39n);

/** cap_mac_admin and cap_setgid. */
const LOADER_CAPABILITIES = (1n << 33n) | (1n << 6n);

/** The same, and cap_dac_read_search. */
const AUDITOR_CAPABILITIES = RECORDER_CAPABILITIES | (1n << 2n);

/** cap_setgid and cap_setuid. */
const POLICY_CAPABILITIES = (1n << 6n) | (1n << 7n);

/** The first words of each compiled program when it is started by hand. */
const ALONE: readonly (readonly [string, string])[] = [
  ...['recorder', 'container_recorder', 'runner', 'selinux_policy'].map(
    (name) => [name, `${name}: another program starts it`] as const,
  ),
  ...['auditor', 'apparmor_loader', 'filter_reader', 'bounded'].map((name) => [name, `usage: ${name} `] as const),
  ['non_root_enabler', 'Error: HOST_MOUNT must name the directory of the node'],
];

const POLICY = 'include <tunables/global>\nprofile example {\n  include <abstractions/base>\n}\n';

interface FileCapabilities {
  readonly permitted: bigint;
  readonly inheritable: bigint;
  readonly effective: boolean;
}

/** The extended attribute security.capability: struct vfs_cap_data, revision 2, of linux/capability.h. */
function fileCapabilities({ pax }: TarEntry): FileCapabilities | undefined {
  const value = pax.get('SCHILY.xattr.security.capability');
  if (value === undefined) return undefined;
  const words = [...new Uint32Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.length))];
  const [magic = 0, permitted = 0, inheritable = 0, permittedHigh = 0, inheritableHigh = 0] = words;
  expect(magic & 0xff000000).to.equal(0x02000000);
  return {
    permitted: BigInt(permitted) | (BigInt(permittedHigh) << 32n),
    inheritable: BigInt(inheritable) | (BigInt(inheritableHigh) << 32n),
    effective: (magic & 1) === 1,
  };
}

async function build(folder: string): Promise<OciArchive> {
  const file = path.join(folder, 'image.tar');
  const list = PLATFORMS.map(({ name }) => name).join(',');
  const args = [path.join(root, 'tools/image/main.ts'), '--platform', list, '--output', file];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  process.stdout.write(stdout);
  return OciArchive.open(file, path.join(folder, 'layout'));
}

/** A file that is there once for every role, package, chunk or word of AppArmor's language and is named by it. */
const isBundleOrLicence = (name: string): boolean =>
  /^opt\/spo\/((roles|io)\/[a-z/-]+\.cjs|answers\/[a-z+-]+)$/.test(name) ||
  /^usr\/share\/doc\/[a-z0-9.+-]+\/copyright$/.test(name) ||
  /^etc\/apparmor\.d\/(abi|abstractions|tunables)\/[\w.@/+-]+$/.test(name);

describe('the image', function () {
  this.timeout(600_000);

  const { arch, triplet } = ownPlatform();
  let folder: string;
  let image: OciArchive;
  let entries: readonly TarEntry[];

  const file = (name: string): TarEntry => {
    const found = entries.find((entry) => entry.name === name);
    if (found === undefined) throw new Error(`no ${name} in the image`);
    return found;
  };

  before('build it for every platform', async () => {
    // Where file capabilities can be kept: not every /tmp does.
    await mkdir(cacheFolder, { recursive: true });
    folder = await mkdtemp(path.join(cacheFolder, '.test-'));
    image = await build(path.join(folder, 'first'));
    entries = await image.entries(arch);
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('is the same, byte for byte, when it is built again', async () => {
    const again = await build(path.join(folder, 'again'));
    expect(again.index.digest).to.equal(image.index.digest);
    expect((await readFile(again.file)).equals(await readFile(image.file))).to.equal(true);
  });

  it('has the name that the manifests ask for, and every platform', async () => {
    const names = await image.names();
    expect(names).to.deep.equal({
      'io.containerd.image.name': fullImageName(IMAGE),
      'org.opencontainers.image.ref.name': VERSION,
    });
    expect(await image.architectures()).to.have.members(PLATFORMS.map((platform) => platform.arch));
  });

  it('holds what it needs and nothing else: no shell, no package manager', () => {
    const names = entries.filter(({ type }) => type !== '5').map(({ name }) => name);
    const libraries = [...LIBRARIES, ...SELINUX_LIBRARIES].map((name) => `lib/${triplet}/${name}`);
    const rest = names.filter((name) => !isBundleOrLicence(name));
    expect(rest).to.have.members([...FILES, ...COMMANDS, ...libraries, LOADERS[arch]]);
    expect(names.filter(isBundleOrLicence)).to.include('opt/spo/roles/spoc.cjs');
    expect(new Set(names).size).to.equal(names.length);
  });

  it('belongs to root, at a fixed time, and nobody else may write to it', () => {
    for (const { name, type, mode, uid, gid, mtime } of entries) {
      expect({ name, type, uid, gid, mtime }).to.deep.equal({ name, type, uid: 0, gid: 0, mtime: 0 });
      expect(type, name).to.be.oneOf(['0', '5']);
      const program = type === '5' || COMMANDS.includes(name) || /^opt\/spo\/\w+$|\/ld-linux/.test(name);
      expect(mode & 0o7777, name).to.equal(program ? 0o755 : 0o644);
    }
  });

  it('gives the recorders and those that change policies two capabilities, the auditor three, and nothing else any', () => {
    const privileged = entries.filter((entry) => fileCapabilities(entry) !== undefined).map(({ name }) => name);
    expect(privileged.toSorted()).to.deep.equal(
      ['apparmor_loader', 'auditor', 'container_recorder', 'recorder', 'selinux_policy'].map(
        (name) => `opt/spo/${name}`,
      ),
    );
    const common = { inheritable: 0n, effective: true };
    for (const name of ['opt/spo/recorder', 'opt/spo/container_recorder'])
      expect(fileCapabilities(file(name))).to.deep.equal({ permitted: RECORDER_CAPABILITIES, ...common });
    const auditor = fileCapabilities(file('opt/spo/auditor'));
    expect(auditor).to.deep.equal({ permitted: AUDITOR_CAPABILITIES, ...common });
    const loader = fileCapabilities(file('opt/spo/apparmor_loader'));
    expect(loader).to.deep.equal({ permitted: LOADER_CAPABILITIES, ...common });
    const policy = fileCapabilities(file('opt/spo/selinux_policy'));
    expect(policy).to.deep.equal({ permitted: POLICY_CAPABILITIES, ...common });
  });

  it('starts as uid 65535 with the main bundle', async () => {
    const config = await image.config(arch);
    expect(config.User).to.equal('65535:65535');
    expect(config.Entrypoint[0]).to.equal('/usr/bin/node');
    expect(config.Entrypoint.at(-1)).to.equal('/opt/spo/main.cjs');
    expect(config.Labels['org.opencontainers.image.version']).to.equal(VERSION);
    expect(config.Labels['io.x-k8s.spo.parts']).to.match(/\blibc6=\d/);
  });

  it('stays below its limit', () => {
    const mebibytes = entries.reduce((sum, { content }) => sum + content.length, 0) / 2 ** 20;
    expect(mebibytes).to.be.below(LARGEST);
  });

  it('has programs of the right machine on every platform', async () => {
    for (const platform of PLATFORMS) {
      const files = (await image.entries(platform.arch)).filter(
        ({ content }) => content.toString('latin1', 0, 4) === '\x7fELF',
      );
      const own = ['auditor', 'container_recorder', 'recorder', 'runner', 'non_root_enabler', 'selinux_policy'].map(
        (name) => `opt/spo/${name}`,
      );
      const programs = ['usr/bin/node', 'usr/bin/spoc', ...own, LOADERS[platform.arch]];
      expect(files.map(({ name }) => name)).to.include.members(programs);
      for (const { name, content } of files) {
        expect(content.readUInt16LE(18), `${platform.name} ${name}`).to.equal(MACHINES[platform.arch]);
      }
    }
  });

  describe('in a container', () => {
    let unpacked: string;
    let out: string;

    const start = async (words: readonly string[], bounding: readonly string[] = []): Promise<Finished> => {
      const { Env: env } = await image.config(arch);
      return runContainer(path.join(folder, 'runc'), { root: unpacked, args: words, env, bounding, out });
    };
    const startImage = async (words: readonly string[], bounding?: readonly string[]): Promise<Finished> =>
      start([...(await image.config(arch)).Entrypoint, ...words], bounding);

    before('unpack it', async function () {
      if (process.getuid?.() !== 0) {
        console.log('      not root: an image cannot be unpacked and run here');
        this.skip();
      }
      unpacked = path.join(folder, 'root');
      out = path.join(folder, 'out');
      await mkdir(out);
      await chown(out, NON_ROOT, NON_ROOT);
      await image.unpack(arch, unpacked);
      // A container runtime makes the folders that it mounts on.
      for (const name of ['proc', 'dev', 'tmp', 'out']) await mkdir(path.join(unpacked, name));
    });

    it('answers to `spoc`, as the manual calls it, and to the command of that name', async () => {
      const called = await startImage(['spoc', 'version']);
      expect(called.stdout).to.include(VERSION);
      expect(await start(['/usr/bin/spoc', 'version'])).to.deep.equal(called);
      expect(called.status).to.equal(0);
    });

    it('starts a role of the cluster, which says in a sentence what it misses', async () => {
      const { status, stderr } = await start(['/usr/bin/security-profiles-operator', 'daemon']);
      expect(stderr.trim()).to.equal('Error: NODE_NAME must hold the name of the node');
      expect(status).to.equal(1);
    });

    it('reads what policies of AppArmor usually include', async () => {
      await writeFile(path.join(out, 'policy'), POLICY);
      const { status, stdout, stderr } = await start(['/sbin/apparmor_parser', '--names', '/out/policy']);
      expect(status, stderr).to.equal(0);
      expect(stdout).to.equal('example\n');
    });

    it('records with no more than the two capabilities of the recorder', async () => {
      const words = [
        'spoc',
        'record',
        '-n',
        '-t',
        'raw-seccomp',
        '-o',
        '/out/profile.json',
        '/usr/bin/spoc',
        'version',
      ];
      const { status, stdout, stderr } = await startImage(words, ['CAP_BPF', 'CAP_PERFMON']);
      expect(status, stderr).to.equal(0);
      expect(stdout).to.include(VERSION);
      const profile = await readFile(path.join(out, 'profile.json'), 'utf8');
      expect(profile).to.include('"SCMP_ACT_ALLOW"').and.to.include('"execve"').and.not.to.include('"bpf"');
    });

    it('runs a command under a profile without any capability', async () => {
      const words = ['spoc', 'run', '-p', '/out/profile.json', '/usr/bin/spoc', 'version'];
      const { status, stdout, stderr } = await startImage(words);
      expect(status, stderr).to.equal(0);
      expect(stdout).to.include(VERSION);
    });
  });

  for (const platform of PLATFORMS.filter((each) => each.arch !== arch)) {
    describe(`for ${platform.name}, whose processor is emulated`, () => {
      let unpacked: string;
      let run: Emulated;

      before('unpack it', async function () {
        if (process.getuid?.() !== 0) {
          console.log('      not root: an image cannot be unpacked and run here');
          this.skip();
        }
        unpacked = path.join(folder, platform.arch);
        await image.unpack(platform.arch, unpacked);
        run = await emulate(platform, unpacked);
      });

      it('has compiled programs that start', async () => {
        for (const [name, words] of ALONE) {
          const { status, stderr } = run(`/opt/spo/${name}`);
          expect(stderr.startsWith(words), `${name}: ${stderr}`).to.equal(true);
          expect(status, name).to.be.oneOf([1, 2]);
        }
        expect(run('/usr/bin/spoc', '--help').stdout).to.match(/^Usage: spoc /);
        await writeFile(path.join(unpacked, 'policy'), POLICY);
        expect(run('/sbin/apparmor_parser', '--names', '/policy').stdout).to.equal('example\n');
        expect(run('/usr/sbin/sefcontext_compile').stderr).to.contain('usage: /usr/sbin/sefcontext_compile');
      });

      it('has a Node.js that runs the bundle', async () => {
        const profile = (...names: readonly string[]): string =>
          JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }] });
        await writeFile(path.join(unpacked, 'one.json'), profile('read', 'write'));
        await writeFile(path.join(unpacked, 'other.json'), profile('read', 'close'));
        const words = ['spoc', 'merge', '-o', '/merged.json', '/one.json', '/other.json'];
        const { status, stderr } = run('/usr/bin/node', '/opt/spo/main.cjs', ...words);
        expect(status, stderr).to.equal(0);
        const merged: unknown = JSON.parse(await readFile(path.join(unpacked, 'merged.json'), 'utf8'));
        expect(merged).to.deep.equal(JSON.parse(profile('close', 'read', 'write')));
      });
    });
  }
});
