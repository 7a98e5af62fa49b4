// SPDX-License-Identifier: Apache-2.0
// Makes spoc start faster: V8's code cache of its bundle, taken after spoc has worked. Node.js takes its own cache when a file is
// loaded, so that functions which are compiled when they are first called are not in it; those cost spoc run ten milliseconds.
// Without a cache, or with one of another Node.js, the bundle is compiled as ever. A program, because it becomes spoc for a while.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';

/** The file that takes the place of the bundle and runs it from the cache. */
const LOADER = `'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = __dirname + '/spoc.code.cjs';
const cache = __dirname + '/spoc.code.cache';
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const code = new Script(readFileSync(filename, 'utf8'), { filename, cachedData });
code.runInThisContext()(exports, require, module, filename, __dirname);
`;

/** Under this profile any command runs; it has a bit of everything that is compiled to a filter. */
const PROFILE = `apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata:
  name: example
spec:
  defaultAction: SCMP_ACT_ALLOW
  architectures: [SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64]
  syscalls:
    - action: SCMP_ACT_ERRNO
      errnoRet: 1
      names: [acct, personality]
      args:
        - { index: 0, op: SCMP_CMP_EQ, value: 4294967295 }
`;

/** What the bundle of src/roles/spoc.ts exports, as far as it is needed here. */
interface SpocModule {
  spoc?: (args: readonly string[], surroundings: object) => Promise<{ readonly status?: number }>;
}

type Wrapped = (exports: SpocModule, require: NodeJS.Require, module: object, file: string, folder: string) => void;

async function work(module: SpocModule, programs: string): Promise<void> {
  const { spoc } = module;
  if (spoc === undefined) throw new Error('the bundle of spoc exports no function spoc');
  const folder = mkdtempSync(path.join(tmpdir(), 'code-cache-'));
  const [profile, output] = [path.join(folder, 'profile.yaml'), path.join(folder, 'output')];
  const call = async (words: readonly string[]) => spoc(words, { env: process.env, cwd: folder, programs });
  try {
    writeFileSync(profile, PROFILE);
    for (const words of [
      ['convert', '-o', output, profile],
      ['merge', '-o', output, profile, profile],
    ]) {
      if ((await call(words)).status !== 0) throw new Error(`spoc ${words.join(' ')} failed while its code was cached`);
    }
    // How it ends is no matter: the programs may not be built yet, or filters forbidden here. What it called is cached.
    await call(['run', '-p', profile, 'true']);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Puts a loader in place of the bundle `spoc.cjs` in a folder, with the bundle and its cache beside it.
 *
 * @param programs - folder of the compiled programs
 * @throws Error when spoc does not do its work
 */
async function addCodeCache(folder: string, programs: string): Promise<void> {
  const loader = path.join(folder, 'spoc.cjs');
  const file = path.join(folder, 'spoc.code.cjs');
  renameSync(loader, file);
  writeFileSync(loader, LOADER);
  const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
  writeFileSync(file, text);
  const code = new Script(text, { filename: file });
  const module: { exports: SpocModule } = { exports: {} };
  (code.runInThisContext() as Wrapped)(module.exports, createRequire(file), module, file, folder);
  await work(module.exports, programs);
  writeFileSync(path.join(folder, 'spoc.code.cache'), code.createCachedData());
}

const [folder, programs] = process.argv.slice(2);
if (folder === undefined || programs === undefined) throw new Error('code-cache.ts FOLDER PROGRAMS: two folders');
await addCodeCache(folder, programs);
