// SPDX-License-Identifier: Apache-2.0
// The pinned Node.js of a platform. npm has installed this machine's own; a foreign one is fetched by npm in the
// version and with the checksum of package-lock.json, so that both are equally pinned.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache.ts';
import { run } from './command.ts';
import { isRecord, readRecord } from './json.ts';
import type { Platform } from './platforms.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** The entry of a package in package-lock.json, as far as it matters here. */
interface Locked {
  readonly version: string;
  /** `sha512-` and the digest in base64. */
  readonly integrity: string;
}

/** Folder of the npm package with `bin/node` and `LICENSE` for a platform. */
export async function nodeFolder(platform: Platform): Promise<string> {
  const installed = path.join(root, 'node_modules', platform.nodePackage);
  if (existsSync(path.join(installed, 'bin', 'node'))) return installed;
  const locked = await lockedPackage(platform.nodePackage);
  return cached(`${platform.nodePackage}-${locked.version}`, (draft) => fetchPackage(platform, locked, draft));
}

/**
 * The entry of a package in package-lock.json.
 * @throws Error when there is none
 */
async function lockedPackage(name: string): Promise<Locked> {
  const { packages } = await readRecord(path.join(root, 'package-lock.json'));
  const entry = isRecord(packages) ? packages[`node_modules/${name}`] : undefined;
  const { version, integrity } = isRecord(entry) ? entry : {};
  if (typeof version !== 'string' || typeof integrity !== 'string') {
    throw new Error(`package-lock.json has no version and integrity of ${name}`);
  }
  return { version, integrity };
}

async function fetchPackage(platform: Platform, locked: Locked, folder: string): Promise<void> {
  const wanted = `${platform.nodePackage}@${locked.version}`;
  console.error(`image: fetching ${wanted} (50 MB)`);
  await run('npm', ['pack', wanted, '--pack-destination', folder, '--loglevel=error'], { cwd: folder });
  const archive = path.join(folder, `${platform.nodePackage}-${locked.version}.tgz`);
  const digest = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (locked.integrity !== `sha512-${digest}`) {
    throw new Error(`${wanted} has the checksum sha512-${digest}, package-lock.json says ${locked.integrity}`);
  }
  await run('tar', ['-xzf', archive, '-C', folder, '--strip-components=1', 'package/bin/node', 'package/LICENSE']);
  await rm(archive);
}
