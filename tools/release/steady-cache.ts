// SPDX-License-Identifier: Apache-2.0
// V8's caches of spoc's code, the same at each making. The order of strings in a cache hangs on the seed of V8's
// hashes, which is another one in each process; with a fixed seed it is always the same. But a cache also notes the
// options of V8, that seed among them, and is refused under others: so the note is replaced by that of a process
// without options.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../image/command.ts';

const CODE_CACHE = path.join(import.meta.dirname, '..', 'code-cache.ts');

/**
 * The bytes of the note in the head of a cache. Source: SerializedCodeData::kFlagHashOffset of V8 13.6, in
 * src/snapshot/code-serializer.h.
 */
const OPTIONS_NOTE = { start: 12, end: 16 } as const;

/**
 * The seed; and code is compiled in one thread and never thrown away, or the machine's load would show. Nor is memory
 * collected: a piece of bytecode has four bytes of padding that V8 does not write, and in memory that is used a second
 * time they are of what was there before.
 */
const STEADY = ['--hash-seed=1', '--predictable', '--no-flush-bytecode', '--initial-heap-size=1024'];

/** Prints the head of a cache as a process without options makes it, in base64. */
const USUAL_HEAD = "console.log(new (require('node:vm').Script)('0').createCachedData().toString('base64'))";

/**
 * Caches the code of spoc in a folder of roles, for this machine's processor.
 * @throws Error when spoc does not do its work, or the caches would be refused
 */
export async function cacheSteadily(roles: string): Promise<void> {
  await run(process.execPath, [...STEADY, CODE_CACHE, roles]);
  const usual = Buffer.from(await run(process.execPath, ['-e', USUAL_HEAD]), 'base64');
  for (const name of readdirSync(roles).filter((each) => each.endsWith('.code.cache'))) {
    const file = path.join(roles, name);
    const cache = readFileSync(file);
    usual.copy(cache, OPTIONS_NOTE.start, OPTIONS_NOTE.start, OPTIONS_NOTE.end);
    writeFileSync(file, cache);
    await requireTaken(file.replace(/cache$/, 'cjs'), file);
  }
}

async function requireTaken(code: string, cache: string): Promise<void> {
  const script = `const { Script } = require('node:vm'); const { readFileSync } = require('node:fs');
const [code, cache] = process.argv.slice(1);
const { cachedDataRejected } = new Script(readFileSync(code, 'utf8'), { cachedData: readFileSync(cache) });
process.exitCode = cachedDataRejected ? 1 : 0;`;
  await run(process.execPath, ['-e', script, code, cache]).catch((cause: unknown) => {
    throw new Error(`V8 does not take ${path.basename(cache)}: its format has changed`, { cause });
  });
}
