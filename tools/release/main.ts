// SPDX-License-Identifier: Apache-2.0
// `npm run release -- --dry-run`: makes everything that a release publishes, twice, and compares both byte for byte.
// Publishing is left to who has the rights: the files are the same wherever they are made, and their sums say so.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { VERSION } from '../../src/core/version.ts';
import { cacheFolder } from '../image/cache.ts';
import { differences, digestsOf } from './digests.ts';
import type { Release } from './making.ts';
import { makeRelease } from './making.ts';
import { AUTHORITY, FILE } from './names.ts';
import { LOCAL_BUILDER } from './provenance.ts';
import { openSigner, signingOf } from './signing.ts';
import type { Sign, Signing } from './signing.ts';
import { readSource } from './source.ts';

const ROOT = path.join(import.meta.dirname, '../..');

const USAGE = `npm run release -- --dry-run [options]

  --dry-run      make everything twice and compare both, byte for byte; publish nothing
  --output DIR   where the files go (default: build/release); it is emptied
  --url URL      where the files will be found, for the manifest of krew (default: ${AUTHORITY}/v${VERSION})
  --builder URI  who makes it, for the provenance (default: ${LOCAL_BUILDER})
  --key FILE     private key that signs the provenance; COSIGN_PASSWORD is the password of one that is encrypted
  --keyless      sign it without a key, as whom a token names: --identity-token (or SIGSTORE_ID_TOKEN, or that of a job
                 of GitHub), by sigstore's services, or others: --fulcio-url, --rekor-url, --trusted-root FILE`;

interface Settings extends Omit<Release, 'source'> {
  readonly output: string;
  readonly signing: Signing | undefined;
}

const NO_SIGNING = {
  ...{ key: undefined, 'identity-token': undefined },
  ...{ 'fulcio-url': undefined, 'rekor-url': undefined, 'trusted-root': undefined },
};

/** Undefined where only the usage was asked for. */
function readSettings(args: readonly string[]): Settings | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ 'dry-run': flag, output: text, url: text, builder: text, help: flag },
      ...{ key: text, keyless: flag, 'identity-token': text },
      ...{ 'fulcio-url': text, 'rekor-url': text, 'trusted-root': text },
    },
  });
  if (values.help) return undefined;
  if (!values['dry-run']) throw new Error('nothing is published from here: say --dry-run, and publish build/release');
  const output = path.resolve(values.output ?? path.join(ROOT, 'build/release'));
  requireReplaceable(output);
  return {
    output,
    url: (values.url ?? `${AUTHORITY}/v${VERSION}`).replace(/\/+$/, ''),
    builder: values.builder ?? LOCAL_BUILDER,
    signing: signingOf({ ...NO_SIGNING, ...values }),
  };
}

/** The folder is emptied, so it must be one of a release, or have nothing in it. */
function requireReplaceable(output: string): void {
  if (!existsSync(output) || readdirSync(output).length === 0 || existsSync(path.join(output, FILE.sums))) return;
  throw new Error(`--output ${output}: has files that are not of a release, and would be emptied`);
}

/** Files of hundreds of megabytes do not belong in a /tmp of memory. Gone when this process ends. */
function scratchFolder(): string {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(path.join(cacheFolder, '.release-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  return folder;
}

/** Makes everything in two folders. Returns the first. */
async function makeTwice(release: Release, scratch: string): Promise<string> {
  const folders = ['first', 'again'].map((name) => path.join(scratch, name));
  for (const folder of folders) {
    await mkdir(folder);
    const work = path.join(scratch, 'work');
    await makeRelease(release, work, folder, (line) => console.error(`release: ${path.basename(folder)}: ${line}`));
    await rm(work, { recursive: true });
  }
  const [first = '', again = ''] = folders;
  const differing = differences(await digestsOf(first), await digestsOf(again));
  if (differing.length > 0) throw new Error(`made again, these are not the same: ${differing.join(', ')}`);
  return first;
}

async function signProvenance(output: string, sign: Sign): Promise<void> {
  const statement = readFileSync(path.join(output, FILE.provenance), 'utf8');
  await writeFile(path.join(output, FILE.signature), await sign(statement));
}

async function report(output: string): Promise<void> {
  for (const name of (await readdir(output)).toSorted()) {
    const { size } = await stat(path.join(output, name));
    console.log(`${(size / 1024).toFixed(0).padStart(8)} KiB  ${name}`);
  }
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2));
  if (settings === undefined) {
    console.log(USAGE);
    return;
  }
  process.umask(0o022);
  const sign = settings.signing === undefined ? undefined : await openSigner(settings.signing, process.env);
  const source = await readSource();
  if (source.changed) console.error('release: files differ from the commit, and the provenance says so');
  const first = await makeTwice({ ...settings, source }, scratchFolder());
  await rm(settings.output, { recursive: true, force: true });
  await cp(first, settings.output, { recursive: true });
  if (sign !== undefined) await signProvenance(settings.output, sign);
  await report(settings.output);
  console.log(`made twice, byte for byte the same: ${path.relative(process.cwd(), settings.output)}`);
}

try {
  await main();
} catch (error) {
  console.error(`release: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
