// SPDX-License-Identifier: Apache-2.0
// spoc as it is installed on a machine that has no Node.js: launcher, Node.js, bundle and compiled programs in one
// folder, around it the commands, man pages, completions and licences, where a prefix such as /usr has them.
import { cp, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { VERSION } from '../../src/core/version.ts';
import { writeAnswers } from '../answers.ts';
import { bundle } from '../build.ts';
import { manPages } from '../docs/man.ts';
import { compiledPrograms } from '../image/compile.ts';
import { stageLicences } from '../image/licences.ts';
import { nodeFolder } from '../image/node-binary.ts';
import type { Platform } from '../image/platforms.ts';
import { ownPlatform } from '../image/platforms.ts';
import { strip } from '../image/strip.ts';
import { place } from '../image/tree.ts';
import { cacheSteadily } from './steady-cache.ts';

/** The compiled programs that spoc starts, and itself. */
const PROGRAMS = ['spoc', 'recorder', 'runner', 'filter_reader'] as const;

/** The bundle's files that spoc loads, whatever else the cluster needs. */
const LOADED = /^(main\.cjs|roles\/(spoc[\w-]*|process\/.+)\.cjs|io\/.+\.cjs)$/;

/** The folder of everything that is no command, below the prefix. */
const HOME = 'lib/spoc';

/** Where each shell of Debian looks for completions, below the prefix. */
const COMPLETIONS: Readonly<Record<string, string>> = {
  bash: 'share/bash-completion/completions/spoc',
  zsh: 'share/zsh/vendor-completions/_spoc',
  fish: 'share/fish/vendor_completions.d/spoc.fish',
};

/** The name under which kubectl finds its plugins. */
const PLUGIN = `#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
exec "$(dirname "$(readlink -f "$0")")/spoc" "$@"
`;

/**
 * Lays out launcher, bundle and compiled programs in a folder, without Node.js. Caches of code come along where they
 * can be made, which is for the processor of this machine.
 *
 * @returns the folders of the npm packages in the bundle
 */
export async function stageHome(platform: Platform, home: string): Promise<ReadonlySet<string>> {
  const draft = `${home}.all`;
  const packages = await bundle(draft);
  for (const name of await readdir(draft, { recursive: true })) {
    if (LOADED.test(name)) await place(home, name, 0o644, { file: path.join(draft, name) });
  }
  await rm(draft, { recursive: true });
  await writeAnswers(home, platform.nodeArch);
  if (platform === ownPlatform()) await cacheSteadily(path.join(home, 'roles'));
  const programs = await compiledPrograms(platform);
  for (const name of PROGRAMS) {
    await strip(platform, await place(home, name, 0o755, { file: path.join(programs, name) }));
  }
  return packages;
}

/** Puts the Node.js of a platform beside the launcher. */
export async function stageNode(platform: Platform, home: string): Promise<void> {
  const file = path.join(await nodeFolder(platform), 'bin', 'node');
  await strip(platform, await place(home, 'node', 0o755, { file }));
}

/**
 * Lays out a whole prefix.
 *
 * @param home - a folder with everything but Node.js, of stageHome()
 */
export async function stagePrefix(platform: Platform, home: string, prefix: string): Promise<void> {
  await cp(home, path.join(prefix, HOME), { recursive: true });
  await stageNode(platform, path.join(prefix, HOME));
  // Real files: krew, which installs the tarball, takes no links.
  await mkdir(path.join(prefix, 'bin'), { recursive: true });
  await rename(path.join(prefix, HOME, 'spoc'), path.join(prefix, 'bin/spoc'));
  await place(prefix, 'bin/kubectl-spoc', 0o755, { text: PLUGIN });
  for (const [name, text] of manPages(VERSION)) await place(prefix, `share/man/man1/${name}`, 0o644, { text });
  for (const [shell, target] of Object.entries(COMPLETIONS)) {
    const text = await readFile(path.join(home, 'answers', `completion+${shell}`), 'utf8');
    await place(prefix, target, 0o644, { text });
  }
  await stageCopyright(platform, prefix);
}

/** One text of all licences, since all lies in one package. */
async function stageCopyright(platform: Platform, prefix: string): Promise<void> {
  const draft = path.join(prefix, '.licences');
  await stageLicences(draft);
  const docs = path.join(draft, 'usr/share/doc');
  const texts: string[] = [];
  for (const name of (await readdir(docs)).toSorted()) {
    texts.push(`== ${name}\n\n${await readFile(path.join(docs, name, 'copyright'), 'utf8')}`);
  }
  texts.push(`== Node.js\n\n${await readFile(path.join(await nodeFolder(platform), 'LICENSE'), 'utf8')}`);
  await rm(draft, { recursive: true });
  await place(prefix, 'share/doc/spoc/copyright', 0o644, { text: texts.join('\n') });
}
