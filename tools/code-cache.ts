// SPDX-License-Identifier: Apache-2.0
// Makes spoc start faster: V8's code cache of its bundle, taken after spoc has worked. Node.js takes its own cache when
// a file is loaded, so that functions which are compiled when they are first called are not in it; those cost spoc run
// ten milliseconds. Without a cache, or with one of another Node.js, the bundle is compiled as ever. A program, because
// it becomes spoc for a while.
import { mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';
import { RECORDER_PROTOCOL } from '../src/gen/wire/recorder.ts';
import { RUNNER_PROTOCOL } from '../src/gen/wire/runner.ts';

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

/** The exports of the bundle of src/roles/spoc.ts, as far as they are needed here. */
interface SpocModule {
  spoc?: (args: readonly string[], surroundings: object) => Promise<{ readonly status?: number }>;
}

type Wrapped = (exports: SpocModule, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/** The events of a program without faults, so that spoc can run without one. */
const CONVERSATIONS = {
  run: [
    `{"type":"hello","protocol":"${RUNNER_PROTOCOL}"}`,
    '{"type":"started","pid":1}',
    '{"type":"exited","code":0,"signal":0}',
  ],
  record: [
    `{"type":"hello","protocol":"${RECORDER_PROTOCOL}"}`,
    '{"type":"started","pid":1}',
    '{"type":"exited","code":0,"signal":0}',
    '{"type":"syscalls","architecture":"SCMP_ARCH_X86_64","numbers":[0,1,2,3,59]}',
    '{"type":"complete","final":true}',
  ],
} as const;

async function work(module: SpocModule): Promise<void> {
  const { spoc } = module;
  if (spoc === undefined) throw new Error('the bundle of spoc exports no function spoc');
  const folder = mkdtempSync(path.join(tmpdir(), 'code-cache-'));
  const [profile, output, events] = ['profile.yaml', 'output', 'events'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const nowhere = openSync('/dev/null', 'w');
  const call = async (words: readonly string[], said: readonly string[]) => {
    writeFileSync(events, said.map((line) => `${line}\n`).join(''));
    const { status } = await spoc(words, { env: {}, wire: [openSync(events, 'r'), nowhere], profile: undefined });
    if (status !== 0) throw new Error(`spoc ${words.join(' ')} failed while its code was cached`);
  };
  try {
    writeFileSync(profile, PROFILE);
    await call(['convert', '-o', output, profile], []);
    await call(['merge', '-o', output, profile, profile], []);
    await call(['run', '-p', profile, 'true'], CONVERSATIONS.run);
    await call(['record', '-o', output, 'true'], CONVERSATIONS.record);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Puts a loader in place of the bundle `spoc.cjs` in a folder, with the bundle and its cache beside it.
 *
 * @throws Error when spoc does not do its work
 */
async function addCodeCache(folder: string): Promise<void> {
  const loader = path.join(folder, 'spoc.cjs');
  const file = path.join(folder, 'spoc.code.cjs');
  renameSync(loader, file);
  writeFileSync(loader, LOADER);
  const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
  writeFileSync(file, text);
  const code = new Script(text, { filename: file });
  const module: { exports: SpocModule } = { exports: {} };
  (code.runInThisContext() as Wrapped)(module.exports, createRequire(file), module, file, folder);
  await work(module.exports);
  writeFileSync(path.join(folder, 'spoc.code.cache'), code.createCachedData());
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('code-cache.ts FOLDER: the folder of the roles');
await addCodeCache(folder);
