// SPDX-License-Identifier: Apache-2.0
// Finds the programs of a cluster: those that the user names by KUBEBUILDER_ASSETS, those built earlier, those on PATH
// that are of the same release series, and only then by building them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Say } from './build.ts';
import { buildMissing, cachedFile } from './build.ts';
import { onPath } from './debian.ts';
import type { Program } from './programs.ts';

/**
 * Makes a folder of links, one for each program, that can be put on PATH.
 * @throws Error when a program has to be built and can't
 */
export async function provide(programs: readonly Program[], folder: string, say: Say): Promise<void> {
  await linkPrograms(programs, await prepareMissing(programs, say), folder);
}

/**
 * Makes the same folder of programs that are all there.
 * @param found - where those are that are not in the cache, by name, as prepareMissing() returns it
 */
export async function linkPrograms(
  programs: readonly Program[],
  found: ReadonlyMap<string, string | undefined>,
  folder: string,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const program of programs) {
    await symlink(found.get(program.name) ?? cachedFile(program), path.join(folder, program.name));
  }
}

/**
 * Builds those programs that are nowhere to be found. Returns where the others were found, by name.
 * @throws Error when a program has to be built and can't
 */
export async function prepareMissing(
  programs: readonly Program[],
  say: Say,
): Promise<ReadonlyMap<string, string | undefined>> {
  const found = new Map(programs.map((program) => [program.name, find(program, say)]));
  await buildMissing(
    programs.filter(({ name }) => found.get(name) === undefined),
    say,
  );
  return found;
}

/** Whether none of those programs has to be built. */
export function areThere(programs: readonly Program[]): boolean {
  return programs.every((program) => find(program, () => undefined) !== undefined);
}

function find(program: Program, say: Say): string | undefined {
  return fromAssets(program, say) ?? fromCache(program) ?? fromPath(program, say);
}

/** Programs in KUBEBUILDER_ASSETS were set on purpose: another release than ours is taken too, with a warning. */
function fromAssets(program: Program, say: Say): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (assets === undefined) return undefined;
  const file = path.join(assets, program.name);
  if (!existsSync(file)) return undefined;
  const version = versionOf(file, program);
  if (version !== undefined && !sameSeries(version, program.version)) {
    say(`warning: ${file} is of version ${version}, the lab is made for ${program.version}`);
  }
  return file;
}

function fromCache(program: Program): string | undefined {
  const file = cachedFile(program);
  return existsSync(file) ? file : undefined;
}

/** A program on PATH is taken only if it is of the same series, because configuration differs between series. */
function fromPath(program: Program, say: Say): string | undefined {
  const file = program.versionArgs === undefined ? undefined : onPath(program.name);
  if (file === undefined) return undefined;
  const version = versionOf(file, program);
  if (version !== undefined && sameSeries(version, program.version)) return file;
  say(`warning: ${file} is of version ${version ?? 'unknown'}, not ${program.version}: not used`);
  return undefined;
}

function versionOf(file: string, program: Program): string | undefined {
  if (program.versionArgs === undefined) return undefined;
  const result = spawnSync(file, program.versionArgs, { encoding: 'utf8', timeout: 10_000 });
  return /\bv?(\d+\.\d+\.\d+)/.exec(result.stdout)?.[1];
}

function sameSeries(a: string, b: string): boolean {
  const series = (version: string): string => version.split('.').slice(0, 2).join('.');
  return series(a) === series(b);
}
