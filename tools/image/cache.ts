// SPDX-License-Identifier: Apache-2.0
// Where a build keeps what it fetched, outside of the tree: a clone that is thrown away must not cost the next one a
// download.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** The folder of the image's parts: below XDG_CACHE_HOME, or `~/.cache`. */
export const cacheFolder = path.join(
  process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
  'security-profiles-operator',
  'image',
);

/**
 * The folder `name` of the cache, made by `fill` when it isn't there. It appears whole or not at all: two builds at the
 * same time, or one that is killed, leave no half of it.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const draft = await mkdtemp(path.join(cacheFolder, `.${name}-`));
  try {
    await fill(draft);
    await rename(draft, folder).catch((cause: unknown) => {
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Forgets everything that was fetched, so that the next build takes the newest. */
export async function emptyCache(): Promise<void> {
  await rm(cacheFolder, { recursive: true, force: true });
}
