// SPDX-License-Identifier: Apache-2.0
// The pinned Node.js against the project's own releases: npm has it from packages that others fill, so its bytes are
// compared with those of the archive that nodejs.org publishes, and the archive with the published sum.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../image/command.ts';

/** Days after which a newer release of the line must be pinned. */
export const GRACE_DAYS = 14;

const DAY_MS = 86_400_000;

/** Fetches bytes. Rejects where nothing answers, or not with success. */
export type Fetch = (url: string) => Promise<Uint8Array>;

/** The sum of a file in a list of `sha256sum`; undefined where it is not in it. */
export function sumOf(list: string, file: string): string | undefined {
  const lines = list.split('\n').map((line) => line.trim().split(/\s+/));
  return lines.find(([, name]) => name === file)?.[0];
}

/**
 * A sentence about what is wrong with a binary of a version; undefined for the one that was published.
 * @param arch - as nodejs.org names it: `x64`
 * @throws Error where the release cannot be fetched or unpacked
 */
export async function binaryFault(
  binary: string,
  { version, arch }: { readonly version: string; readonly arch: string },
  fetch: Fetch,
): Promise<string | undefined> {
  const at = `https://nodejs.org/dist/v${version}`;
  const name = `node-v${version}-linux-${arch}`;
  const sum = sumOf(new TextDecoder().decode(await fetch(`${at}/SHASUMS256.txt`)), `${name}.tar.gz`);
  if (sum === undefined) return `nodejs.org publishes no sum of ${name}.tar.gz`;
  const archive = await fetch(`${at}/${name}.tar.gz`);
  if (sha256(archive) !== sum) return `${name}.tar.gz is not what its published sum says`;
  const published = await unpacked(archive, `${name}/bin/node`);
  const same = sha256(published) === sha256(await readFile(binary));
  return same ? undefined : `${binary} is not the program of ${name}.tar.gz`;
}

async function unpacked(archive: Uint8Array, member: string): Promise<Uint8Array> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spo-node-'));
  try {
    await writeFile(path.join(folder, 'archive'), archive);
    await run('tar', ['-xzf', 'archive', member], { cwd: folder });
    return await readFile(path.join(folder, member));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * A sentence about a pin that is too old: its line has a newer release, for longer than the time of grace.
 * @param times - when each version was published, as `npm view PACKAGE time --json` tells
 * @param now - milliseconds since 1970
 */
export function ageFault(pin: string, times: Readonly<Record<string, string>>, now: number): string | undefined {
  const line = `${pin.split('.')[0] ?? ''}.`;
  const newer = Object.entries(times).filter(([version]) => version.startsWith(line) && isNewer(version, pin));
  const [first] = newer.toSorted(([, a], [, b]) => Date.parse(a) - Date.parse(b));
  if (first === undefined) return undefined;
  const [version, time] = first;
  const days = Math.floor((now - Date.parse(time)) / DAY_MS);
  return days <= GRACE_DAYS ? undefined : `${pin} is pinned, and ${version} is there for ${String(days)} days`;
}

function isNewer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  const at = (a ?? []).findIndex((part, index) => part !== b?.[index]);
  return at >= 0 && (a?.[at] ?? 0) > (b?.[at] ?? 0);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
