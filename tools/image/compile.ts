// SPDX-License-Identifier: Apache-2.0
// The compiled programs of a platform. This machine's own are those of native/bpf/build, which the tests have run; for
// a foreign platform the same build runs once more, on a copy of the sources, with a cross compiler and that platform's
// Debian libraries.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache.ts';
import { run } from './command.ts';
import { unpackDebian } from './debian.ts';
import type { Platform } from './platforms.ts';
import { ownPlatform } from './platforms.ts';

const root = path.join(import.meta.dirname, '..', '..');
const native = path.join(root, 'native', 'bpf');

/** The libraries that the programs are linked against; libc's and the kernel's headers come with them. */
const LIBRARY_PACKAGES: readonly string[] = [
  ...['libbpf-dev', 'libseccomp-dev', 'libsemanage-dev', 'libselinux1-dev', 'libsepol-dev'],
  ...['libaudit-dev', 'libcap-ng-dev', 'libpcre2-dev', 'libbz2-dev'],
];

/**
 * Folder of the compiled programs of a platform.
 * @throws Error when this machine's own aren't built, or with the end of the compiler's output
 */
export async function compiledPrograms(platform: Platform): Promise<string> {
  if (platform !== ownPlatform()) return crossCompiled(platform);
  const folder = path.join(native, 'build', 'Release');
  if (!existsSync(folder)) throw new Error('the compiled programs are not built: run npm run build:native');
  return folder;
}

async function crossCompiled(platform: Platform): Promise<string> {
  const { root: sysroot, versions } = await unpackDebian(platform, LIBRARY_PACKAGES);
  const sources = await sourceFiles();
  const hash = createHash('sha256').update(versions.join(' '));
  for (const file of sources) hash.update(`${file}\0`).update(await readFile(path.join(native, file)));
  const folder = await cached(`programs-${platform.arch}-${hash.digest('hex').slice(0, 16)}`, async (draft) => {
    console.error(`image: compiling for ${platform.name}`);
    for (const file of sources) await cp(path.join(native, file), path.join(draft, file));
    await run('npm', ['run', '--silent', 'build'], { cwd: draft, env: crossEnvironment(platform, sysroot) });
    await keepPrograms(draft);
  });
  return path.join(folder, 'Release');
}

/** Everything that the build reads, from native/bpf. */
async function sourceFiles(): Promise<readonly string[]> {
  const entries = await readdir(native, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(native, path.join(entry.parentPath, entry.name)));
  return files.filter((file) => !/^(build|fuzz|node_modules)\//.test(file)).toSorted();
}

/** Tells npm, node-gyp, make and pkg-config which compiler and whose libraries to take. */
function crossEnvironment(platform: Platform, sysroot: string): Readonly<Record<string, string>> {
  const compiler = `${platform.triplet}-gcc --sysroot=${sysroot}`;
  return {
    PATH: `${path.join(root, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
    // The build asks for the package of the pinned Node.js, which the copy isn't beside of.
    NODE_PATH: path.join(root, 'node_modules'),
    npm_config_arch: platform.nodeArch,
    CC: compiler,
    CXX: compiler,
    LINK: compiler,
    AR: `${platform.triplet}-ar`,
    PKG_CONFIG_SYSROOT_DIR: sysroot,
    PKG_CONFIG_LIBDIR: path.join(sysroot, 'usr', 'lib', platform.triplet, 'pkgconfig'),
  };
}

/** Leaves the programs in `folder`/Release and drops what they were made from. */
async function keepPrograms(folder: string): Promise<void> {
  const kept = '.release';
  await rename(path.join(folder, 'build', 'Release'), path.join(folder, kept));
  for (const name of await readdir(folder)) {
    if (name !== kept) await rm(path.join(folder, name), { recursive: true });
  }
  for (const name of ['obj', 'obj.target', '.deps']) {
    await rm(path.join(folder, kept, name), { recursive: true, force: true });
  }
  await rename(path.join(folder, kept), path.join(folder, 'Release'));
}
