// SPDX-License-Identifier: Apache-2.0
// Bundles the program into dist/: main.cjs, and a file for each role that is loaded when the role is asked for.
// CommonJS, because it starts faster than modules do, and with V8's caches beside it, made here by running commands
// once. A fresh folder is made and put in place of the old one, so that a failed build leaves the last good one.
import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeAnswers } from './answers.ts';
import { LEAN_CLIENT } from './lean-client.ts';
import { LEAN_COMMANDER } from './lean-commander.ts';

const root = path.join(import.meta.dirname, '..');

/** Code that a role loads when it is asked for, too: libraries of megabytes that few commands need. */
const LATE = ['src/io/signature/sigstore.ts', 'src/io/kube/reader.ts'];

/** The same for commands that are to start quickly, most of which read no YAML that needs its library. */
const LATE_OF_QUICK = ['src/io/yaml-library.ts'];

/** Leaves such code a file of its own beside the folder of the roles. */
function later(late: readonly string[]): Plugin {
  return {
    name: 'later',
    setup(context) {
      context.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path: imported, kind, resolveDir }) => {
        const file = path.relative(root, path.join(resolveDir, imported));
        if (kind !== 'dynamic-import' || !late.includes(file)) return undefined;
        return { path: path.relative('src/roles', file).replace(/\.ts$/, '.cjs'), external: true };
      });
    },
  };
}

/**
 * Keeps main.cjs small: what it imports when it is asked for (a role) stays a file of its own, found beside it.
 *
 * @param found - gets the paths of those files, from src/
 */
function apart(found: Set<string>): Plugin {
  return {
    name: 'apart',
    setup(context) {
      context.onResolve({ filter: /^\.\/.*\.ts$/ }, ({ path: imported, kind }) => {
        if (kind !== 'dynamic-import') return undefined;
        found.add(`src/${path.normalize(imported)}`);
        return { path: imported.replace(/\.ts$/, '.cjs'), external: true };
      });
    },
  };
}

/** The folder of the innermost package that a file belongs to. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

const OPTIONS: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  legalComments: 'none',
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

/** Code that is started often and works for a moment: the shorter it is, the sooner it has been read. */
const COMMAND_OPTIONS: BuildOptions = { ...OPTIONS, minify: true, keepNames: true };

/**
 * Code that works for days, with the names as they are written: to keep them beside short ones, each function is given
 * its name whenever it is made, thousands of times a second, which was a tenth of a manager's or webhook's CPU time.
 */
const PROCESS_OPTIONS: BuildOptions = { ...OPTIONS, minifyWhitespace: true, minifySyntax: true };

/**
 * Code that is not read when it is started, but taken out of V8's cache (tools/code-cache.ts): its length costs
 * nothing, and to give each function its name would be work at every start.
 */
const QUICK_OPTIONS: BuildOptions = PROCESS_OPTIONS;

/** Whether a file is the code of quick commands: `spoc-run.ts` and others beside the role of all commands. */
function isOfQuick(file: string): boolean {
  return file.startsWith('src/roles/spoc-');
}

/** Whether a file is the code of commands, which libraries that are loaded when they are asked for serve, too. */
function isOfCommands(file: string): boolean {
  return file.startsWith('src/roles/spoc') || LATE.includes(file) || LATE_OF_QUICK.includes(file);
}

/**
 * Bundles everything into a folder. Returns the folders of the npm packages that code was taken of, as
 * `node_modules/NAME`. Throws with esbuild's message when something does not resolve.
 */
export async function bundle(folder: string): Promise<ReadonlySet<string>> {
  const roles = new Set<string>();
  const output = { outdir: folder, metafile: true } as const;
  const entryPoints = ['src/main.ts'];
  const main = await build({ ...COMMAND_OPTIONS, ...output, entryPoints, plugins: [apart(roles), LEAN_CLIENT] });
  const parts = { ...output, outbase: 'src', plugins: [later(LATE), LEAN_CLIENT, LEAN_COMMANDER] };
  const quickParts = { ...parts, plugins: [later([...LATE, ...LATE_OF_QUICK]), LEAN_CLIENT] };
  const files = [...roles, ...LATE, ...LATE_OF_QUICK];
  const quick = await build({ ...QUICK_OPTIONS, ...quickParts, entryPoints: files.filter(isOfQuick) });
  const ofCommands = files.filter((file) => isOfCommands(file) && !isOfQuick(file));
  const commands = await build({ ...COMMAND_OPTIONS, ...parts, entryPoints: ofCommands });
  const ofProcesses = files.filter((file) => !isOfCommands(file));
  const processes = await build({ ...PROCESS_OPTIONS, ...parts, entryPoints: ofProcesses });
  const inputs = [main, quick, commands, processes].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  return new Set(inputs.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []));
}

/**
 * Runs what users wait for once, so that its compiled code is cached beside the bundle. Throws when the bundle is
 * broken.
 */
function warmCompileCache(folder: string): void {
  const env = { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'cache') };
  const profile = path.join(root, 'test/golden/cli/profile.yaml');
  for (const words of [['version'], ['help'], ['convert', '-o', '/dev/null', profile]]) {
    execFileSync(process.execPath, [path.join(folder, 'main.cjs'), 'spoc', ...words], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
}

/** Has spoc's code cached by a process of its own, whose log is shown only when it fails. */
function cacheCode(folder: string): void {
  const words = [path.join(import.meta.dirname, 'code-cache.ts'), path.join(folder, 'roles')];
  execFileSync(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
}

if (import.meta.main) {
  const dist = path.join(root, 'dist');
  const draft = `${dist}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await bundle(draft);
  await writeAnswers(draft, process.arch);
  await rm(dist, { recursive: true, force: true });
  await rename(draft, dist);
  cacheCode(dist);
  warmCompileCache(dist);
}
