// SPDX-License-Identifier: Apache-2.0
// Debian packages of any architecture, unpacked into a folder without being installed. apt gets its own state and an
// empty list of installed packages, so that it resolves and verifies as always and the machine's own packages aren't
// touched: no `dpkg --add-architecture`, no root. The same way serves the machine's own architecture and a foreign one.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache.ts';
import { run } from './command.ts';
import type { Platform } from './platforms.ts';

/** Packages of a platform, unpacked over each other, with all that they depend on. */
export interface Unpacked {
  readonly root: string;
  /** Each package with its version, such as `libc6=2.36-9`, sorted. */
  readonly versions: readonly string[];
}

/**
 * Fetches packages and their dependencies for a platform.
 * @throws Error with apt's own words, for example when the machine's sources don't carry the architecture
 */
export async function unpackDebian(platform: Platform, packages: readonly string[]): Promise<Unpacked> {
  const mark = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const folder = await cached(`debian-${platform.arch}-${mark}`, async (draft) => {
    console.error(`image: fetching Debian packages for ${platform.name}: ${packages.join(' ')}`);
    await download(platform, packages, draft);
    await unpack(draft);
  });
  const archives = await debs(folder);
  const versions = await Promise.all(archives.map((deb) => packageVersion(path.join(folder, 'archives', deb))));
  return { root: path.join(folder, 'root'), versions: versions.toSorted() };
}

async function download(platform: Platform, packages: readonly string[], folder: string): Promise<void> {
  await mkdir(path.join(folder, 'lists', 'partial'), { recursive: true });
  await mkdir(path.join(folder, 'archives', 'partial'), { recursive: true });
  await writeFile(path.join(folder, 'status'), '');
  const options = aptOptions(platform, folder);
  await run('apt-get', [...options, 'update']);
  await run('apt-get', [...options, '--yes', '--download-only', '--no-install-recommends', 'install', ...packages]);
  await rm(path.join(folder, 'lists'), { recursive: true });
}

function aptOptions(platform: Platform, folder: string): readonly string[] {
  const settings = {
    'APT::Architecture': platform.arch,
    'APT::Architectures': platform.arch,
    // No user to switch to: the folder belongs to the user who builds.
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Debug::NoLocking': 'true',
    'Dir::State::lists': path.join(folder, 'lists'),
    'Dir::State::status': path.join(folder, 'status'),
    'Dir::Cache': folder,
    'Dir::Cache::archives': path.join(folder, 'archives'),
  };
  return ['-qq', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

async function unpack(folder: string): Promise<void> {
  const root = path.join(folder, 'root');
  await mkdir(root);
  for (const deb of await debs(folder)) await run('dpkg-deb', ['--extract', path.join(folder, 'archives', deb), root]);
}

async function debs(folder: string): Promise<readonly string[]> {
  return (await readdir(path.join(folder, 'archives'))).filter((name) => name.endsWith('.deb')).toSorted();
}

async function packageVersion(deb: string): Promise<string> {
  return (await run('dpkg-deb', ['--show', '--showformat=${Package}=${Version}', deb])).trim();
}
