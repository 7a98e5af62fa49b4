// SPDX-License-Identifier: Apache-2.0
// `npm run image`: builds the image of the operator for one or more platforms and writes it as one OCI archive, which
// containerd, podman, skopeo and docker read. Prints the digest and the sizes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { IMAGE, fullImageName } from '../../src/core/deploy/image.ts';
import { VERSION } from '../../src/core/version.ts';
import { stageAppArmor } from './apparmor.ts';
import { writeArchive } from './archive.ts';
import { ANY_MACHINE, writeAnswers } from '../answers.ts';
import { bundle } from '../build.ts';
import { stageBundle } from './bundle.ts';
import { cacheFolder, emptyCache } from './cache.ts';
import { compiledPrograms } from './compile.ts';
import { stageLicences } from './licences.ts';
import type { Platform } from './platforms.ts';
import { ownPlatform, parsePlatforms } from './platforms.ts';
import { stagePrograms } from './programs.ts';
import { stageRuntime } from './runtime.ts';
import { treeSize } from './tree.ts';

const root = path.join(import.meta.dirname, '..', '..');

const USAGE = `npm run image -- [options]

  --platform LIST  linux/amd64, linux/arm64 or both with a comma between (default: this machine's)
  --output FILE    the OCI archive to write (default: build/image.tar)
  --name NAME      name and tag of the image (default: ${IMAGE})
  --refresh        fetch Debian's libraries and the foreign Node.js anew instead of taking those of an earlier build`;

interface Settings {
  readonly platforms: readonly Platform[];
  readonly output: string;
  readonly name: string;
  readonly refresh: boolean;
}

/** Undefined where only the usage was asked for. */
function readSettings(args: readonly string[]): Settings | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { platform: text, output: text, name: text, refresh: flag, help: flag },
  });
  if (values.help) return undefined;
  return {
    platforms: values.platform === undefined ? [ownPlatform()] : parsePlatforms(values.platform),
    output: path.resolve(values.output ?? path.join(root, 'build', 'image.tar')),
    name: fullImageName(values.name ?? IMAGE),
    refresh: values.refresh,
  };
}

/**
 * File capabilities may be set by root alone. Another user gets a user namespace in which he is root, by buildah; what
 * it writes into the archive is the same.
 */
function becomeRoot(): number | undefined {
  if (process.geteuid?.() === 0) return undefined;
  const result = spawnSync('buildah', ['unshare', process.execPath, ...process.argv.slice(1)], { stdio: 'inherit' });
  if (result.error) throw new Error(`start buildah: ${result.error.message}`, { cause: result.error });
  return result.status ?? 1;
}

/** Lays out the layers of a platform. Returns the packages of others in it. */
async function stage(platform: Platform, bundle: string, root: string): Promise<readonly string[]> {
  const parts = await stageRuntime(platform, path.join(root, 'runtime'));
  const appArmor = await stageAppArmor(platform, path.join(root, 'runtime'));
  await stagePrograms(platform, await compiledPrograms(platform), path.join(root, 'programs'));
  await stageBundle(bundle, path.join(root, 'bundle'));
  await stageLicences(path.join(root, 'bundle'));
  return [...parts, ...appArmor];
}

async function build(settings: Settings, scratch: string): Promise<void> {
  const context = path.join(scratch, 'context');
  const bundled = path.join(scratch, 'bundle');
  await bundle(bundled);
  await writeAnswers(bundled, ANY_MACHINE);
  const parts = new Set<string>();
  for (const platform of settings.platforms) {
    for (const part of await stage(platform, bundled, path.join(context, platform.arch))) parts.add(part);
  }
  const input = { ...settings, context, version: VERSION, parts: [...parts] };
  const { digest, compressed } = await writeArchive(input, scratch, settings.output);
  console.log(`${settings.name}, digest ${digest}, in ${path.relative(process.cwd(), settings.output)}`);
  for (const { name, arch } of settings.platforms) {
    const unpacked = await treeSize(path.join(context, arch));
    console.log(`${name}: ${mebibytes(unpacked)} unpacked, ${mebibytes(compressed.get(arch) ?? 0)} compressed`);
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** A folder for the parts of a build, on a disk that holds them, removed when this process ends, also by a signal. */
function scratchFolder(): string {
  const folder = mkdtempSync(path.join(cacheFolder, '.build-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  return folder;
}

async function main(): Promise<number> {
  const settings = readSettings(process.argv.slice(2));
  if (settings === undefined) {
    console.log(USAGE);
    return 0;
  }
  const status = becomeRoot();
  if (status !== undefined) return status;
  process.umask(0o022);
  if (settings.refresh) await emptyCache();
  await mkdir(path.dirname(settings.output), { recursive: true });
  await mkdir(cacheFolder, { recursive: true });
  await build(settings, scratchFolder());
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`image: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
