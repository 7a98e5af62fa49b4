// SPDX-License-Identifier: Apache-2.0
// Makes spoc start faster: V8's code cache of its bundles, taken after spoc has worked. Node.js takes its own cache
// when a file is loaded, so that functions which are compiled when they are first called are not in it; those cost spoc
// run ten milliseconds. Without a cache, or with one of another Node.js, the bundle is compiled as ever. A program,
// because it becomes spoc for a while.
import { mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';
import { RECORDER_PROTOCOL } from '../src/gen/wire/recorder.ts';
import { RUNNER_PROTOCOL } from '../src/gen/wire/runner.ts';
import { startCodeCacheRegistry } from './code-cache-registry.ts';

/** The file that takes the place of a bundle and runs it from the cache. */
const loader = (name: string): string => `'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = __dirname + '/${name}.code.cjs';
const cache = __dirname + '/${name}.code.cache';
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
  architectures:
    - SCMP_ARCH_X86_64
    - SCMP_ARCH_AARCH64
  syscalls:
    - action: SCMP_ACT_ERRNO
      errnoRet: 1
      names:
        - acct
        - personality
      args:
        - index: 0
          op: SCMP_CMP_EQ
          value: 4294967295
`;

/** The folder that the code is told that it is in: what it makes of it gets into the cache, which is for any folder. */
const PLACE = '/opt/spo/roles';

type Spoc = (args: readonly string[], surroundings: object) => Promise<{ readonly status?: number } | undefined>;

/** The same in words that need the whole parser of YAML, which has to be compiled for spoc, too. */
const NOT_PLAIN = `${PROFILE}status: { conditions: [] }\n`;

/** The exports of a bundle of src/roles/, as far as they are needed here. */
type SpocModule = Readonly<Record<string, Spoc>>;

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

/** Calls a function of a bundle with words, and plays the program that it would talk to. */
type Call = (words: readonly string[], said: readonly string[]) => Promise<void>;

/** Calls that are made once, with a profile of this text. `profile` and `output` are files. */
interface Work {
  readonly text: string;
  readonly calls: (call: Call, profile: string, output: string) => Promise<void>;
}

/** A bundle of spoc, and the function of it that takes words. */
const BUNDLES = {
  spoc: 'spoc',
  'spoc-run': 'spocRun',
  'spoc-judge': 'spocJudge',
  'spoc-pull': 'spocPull',
} as const;

const WORK: Readonly<Record<keyof typeof BUNDLES, Work>> = {
  spoc: {
    text: NOT_PLAIN,
    calls: async (call, profile, output) => {
      await call(['convert', '-o', output, profile], []);
      await call(['merge', '-o', output, profile, profile], []);
      await call(['diff', profile, profile], []);
      await call(['score', profile], []);
      await call(['explain', profile, 'personality'], []);
      await call(['run', '-p', profile, 'true'], CONVERSATIONS.run);
      await call(['record', '-o', output, 'true'], CONVERSATIONS.record);
    },
  },
  'spoc-run': {
    text: PROFILE,
    calls: (call, profile) => call(['run', '-p', profile, 'true'], CONVERSATIONS.run),
  },
  'spoc-judge': {
    text: PROFILE,
    calls: async (call, profile) => {
      await call(['diff', profile, profile], []);
      await call(['score', profile], []);
      await call(['explain', profile], []);
      await call(['explain', profile, 'personality'], []);
    },
  },
  'spoc-pull': {
    text: PROFILE,
    calls: async (call, _, output) => {
      const registry = await startCodeCacheRegistry(PROFILE);
      const key = `${output}.key`;
      writeFileSync(key, registry.publicKey);
      const words = ['pull', '--plain-http', '-p', 'linux/amd64', '-o', output, registry.reference];
      await call([...words, '-s'], []);
      await call([...words, '--key', key], []);
      registry.close();
    },
  },
};

async function carryOut({ text, calls }: Work, spoc: Spoc): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'code-cache-'));
  const [profile, output, events] = ['profile.yaml', 'output', 'events'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const nowhere = openSync('/dev/null', 'w');
  const call: Call = async (words, said) => {
    writeFileSync(events, said.map((line) => `${line}\n`).join(''));
    const ending = await spoc(words, { env: {}, wire: [openSync(events, 'r'), nowhere], profile: undefined });
    if (ending?.status !== 0) throw new Error(`spoc ${words.join(' ')} failed while its code was cached`);
  };
  try {
    writeFileSync(profile, text);
    await calls(call, profile, output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Puts a loader in place of a bundle in a folder, with the bundle and its cache beside it.
 *
 * @throws Error when spoc does not do its work
 */
async function addCodeCache(folder: string, name: keyof typeof BUNDLES): Promise<void> {
  const replaced = path.join(folder, `${name}.cjs`);
  const file = path.join(folder, `${name}.code.cjs`);
  renameSync(replaced, file);
  writeFileSync(replaced, loader(name));
  const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
  writeFileSync(file, text);
  const code = new Script(text, { filename: `${PLACE}/${name}.code.cjs` });
  const module: { exports: SpocModule } = { exports: {} };
  (code.runInThisContext() as Wrapped)(module.exports, createRequire(file), module, `${PLACE}/${name}.code.cjs`, PLACE);
  const spoc = module.exports[BUNDLES[name]];
  if (spoc === undefined) throw new Error(`the bundle ${name} exports no function of spoc`);
  await carryOut(WORK[name], spoc);
  writeFileSync(path.join(folder, `${name}.code.cache`), code.createCachedData());
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('code-cache.ts FOLDER: the folder of the roles');
await addCodeCache(folder, 'spoc');
await addCodeCache(folder, 'spoc-run');
await addCodeCache(folder, 'spoc-judge');
await addCodeCache(folder, 'spoc-pull');
