// SPDX-License-Identifier: Apache-2.0
// Writes the base profiles of the container runtimes that were measured, a file for each version and platform, and
// publishes them: an artifact for each version, with a profile for each platform.
// Usage: npm run -s base-profiles -- FOLDER [REGISTRY/REPOSITORIES [OPTION OF spoc push...]]
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Document } from 'yaml';
import { SECCOMP_PROFILE } from '../src/gen/kinds.ts';
import { isKnown, syscallNumber } from '../src/core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../src/core/seccomp/syscalls.ts';
import { readTable } from './gen/syscalls.ts';
import type { Table } from './gen/syscalls.ts';

const ROOT = path.join(import.meta.dirname, '..');

/** The tables with the calls of runtimes, and with those that the kernel makes a process call. */
export interface BaseTables {
  readonly runtimes: Table;
  readonly kernel: Table;
}

/** A version of a runtime, as its artifact is called: `runc` and `v1.5.2`. */
export interface RuntimeVersion {
  readonly runtime: string;
  readonly version: string;
  /** The measured versions whose calls it has: its own, or the ones before and after it. */
  readonly measured: readonly string[];
}

/** A platform that profiles are made for, and how it is called in filters. */
export interface BasePlatform {
  readonly name: 'linux/amd64' | 'linux/arm64';
  readonly architecture: KnownArchitecture;
  /** Whether the runtimes were measured on it. */
  readonly isMeasured: boolean;
}

/** The platforms. */
export const BASE_PLATFORMS: readonly BasePlatform[] = [
  { name: 'linux/amd64', architecture: 'SCMP_ARCH_X86_64', isMeasured: true },
  { name: 'linux/arm64', architecture: 'SCMP_ARCH_AARCH64', isMeasured: false },
];

/** Architectures of 32 bits whose programs kernels of the platforms run, too. */
const COMPATIBLE: Readonly<Record<BasePlatform['name'], KnownArchitecture>> = {
  'linux/amd64': 'SCMP_ARCH_X86',
  'linux/arm64': 'SCMP_ARCH_ARM',
};

/** The version in the manual's examples, which lies between two measured ones that agree. */
const OF_THE_MANUAL: RuntimeVersion = { runtime: 'runc', version: 'v1.1.12', measured: ['runc-1.1.5', 'runc-1.5.2'] };

/** Runtimes that are written in Go, whose own runtime makes calls at any moment. */
const WRITTEN_IN_GO: readonly string[] = ['runc'];

/** Reads the tables of the project. */
export async function readBaseTables(): Promise<BaseTables> {
  return { runtimes: await readTable(ROOT, 'base-syscalls'), kernel: await readTable(ROOT, 'kernel-syscalls') };
}

function wordsOf(cell = ''): readonly string[] {
  return cell.split(' ').filter((word) => word !== '');
}

/** All versions that there is a profile for, in order. */
export function runtimeVersions({ runtimes }: BaseTables): readonly RuntimeVersion[] {
  const names = new Set(runtimes.rows.flatMap(([, start, exec]) => [...wordsOf(start), ...wordsOf(exec)]));
  const measured = [...names].map((name): RuntimeVersion => {
    const dash = name.indexOf('-');
    return { runtime: name.slice(0, dash), version: `v${name.slice(dash + 1)}`, measured: [name] };
  });
  return [...measured, OF_THE_MANUAL].sort((a, b) => (titleOf(a) < titleOf(b) ? -1 : 1));
}

function titleOf({ runtime, version }: RuntimeVersion): string {
  return `${runtime}-${version}`;
}

/** The calls of a version: its own, those of Go at any moment, and those that the kernel makes it call. */
function callsOf({ runtimes, kernel }: BaseTables, { runtime, measured }: RuntimeVersion): readonly string[] {
  const isGo = WRITTEN_IN_GO.includes(runtime);
  const made = runtimes.rows.filter(([, start, exec, go, omitted]) => {
    const isSeen = [...wordsOf(start), ...wordsOf(exec)].some((name) => measured.includes(name));
    return omitted === '' && (isSeen || (isGo && go !== ''));
  });
  return [...new Set([...made, ...kernel.rows].map(([name = '']) => name))].sort();
}

/** Those that a platform has, in programs of 64 or of 32 bits. */
function onPlatform(names: readonly string[], { name, architecture }: BasePlatform): readonly string[] {
  const both = [architecture, COMPATIBLE[name]].filter(isKnown);
  return names.filter((call) => both.some((one) => syscallNumber(one, call) !== undefined));
}

function comment(version: RuntimeVersion, platform: BasePlatform): string {
  const where = platform.isMeasured
    ? `as it was measured on ${platform.name}`
    : `as it was measured on linux/amd64, without the calls that ${platform.name} has not: nothing was measured there`;
  const from = `Source: schemas/tables/base-syscalls.csv (${version.measured.join(', ')}) and kernel-syscalls.csv.`;
  return ` What ${version.runtime} calls under the filter of a container, ${where}.\n ${from}`;
}

/** The text of a profile. */
export function baseProfile(tables: BaseTables, version: RuntimeVersion, platform: BasePlatform): string {
  const names = onPlatform(callsOf(tables, version), platform);
  const document = new Document({
    apiVersion: `${SECCOMP_PROFILE.group}/${SECCOMP_PROFILE.version}`,
    kind: SECCOMP_PROFILE.kind,
    metadata: { name: titleOf(version) },
    spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names }] },
  });
  document.commentBefore = comment(version, platform);
  return document.toString();
}

/** The file of a profile in the folder. */
function fileOf(folder: string, version: RuntimeVersion, { name }: BasePlatform): string {
  return path.join(folder, `${titleOf(version)}-${name.replace('/', '-')}.yaml`);
}

async function write(folder: string, tables: BaseTables): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const version of runtimeVersions(tables)) {
    for (const platform of BASE_PLATFORMS) {
      await writeFile(fileOf(folder, version, platform), baseProfile(tables, version, platform));
    }
  }
}

function publish(folder: string, version: RuntimeVersion, place: string, options: readonly string[]): void {
  const files = BASE_PLATFORMS.flatMap((platform) => ['-f', fileOf(folder, version, platform), '-p', platform.name]);
  const words = ['push', ...options, ...files, `${place}/${version.runtime}:${version.version}`];
  const { status } = spawnSync(path.join(ROOT, 'bin/spoc'), words, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`spoc ${words.join(' ')}: ended with status ${String(status)}`);
}

async function main(folder: string | undefined, place: string | undefined, options: readonly string[]): Promise<void> {
  if (folder === undefined) throw new Error('where do the files go? FOLDER [REGISTRY/REPOSITORIES [OPTION...]]');
  const tables = await readBaseTables();
  await write(folder, tables);
  if (place === undefined) return;
  for (const version of runtimeVersions(tables)) publish(folder, version, place, options);
}

if (import.meta.main) await main(process.argv[2], process.argv[3], process.argv.slice(4));
