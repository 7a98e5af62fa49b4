// SPDX-License-Identifier: Apache-2.0
// `npm run supply-chain`: what of the supply chain can only be looked at where the network answers, for a schedule. A
// source that does not answer is told and is no success: it ends with 0 where all is well, with 1 where something is
// wrong, and with 3 where something could not be looked at.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nodeFolder } from '../image/node-binary.ts';
import { PLATFORMS } from '../image/platforms.ts';
import { licenceFaults } from './licences.ts';
import type { Lock } from './licences.ts';
import { ageFault, binaryFault } from './node-release.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const LOCK = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as Lock;

/** The answer of a check: what is wrong; undefined where nothing is. Throws where it could not be found out. */
type Check = () => Promise<string | undefined>;

async function fetched(url: string): Promise<Uint8Array> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(300_000) });
  if (!answer.ok) throw new Error(`${url} answered ${String(answer.status)}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** The answer of npm as JSON. */
function npm(...args: readonly string[]): unknown {
  const { stdout, stderr } = spawnSync('npm', [...args, '--json'], { cwd: ROOT, encoding: 'utf8', timeout: 120_000 });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`npm ${args.join(' ')}: ${stderr.trim().split('\n')[0] ?? 'no answer'}`);
  }
}

function versionOf(name: string): string {
  const { version } = LOCK.packages[`node_modules/${name}`] ?? {};
  if (version === undefined) throw new Error(`package-lock.json does not pin ${name}`);
  return version;
}

async function advisories(): Promise<string | undefined> {
  const answer = npm('audit', '--omit=dev') as {
    readonly message?: string;
    readonly metadata?: { readonly vulnerabilities?: { readonly total?: number } };
  };
  const total = answer.metadata?.vulnerabilities?.total;
  if (total === undefined) throw new Error(`npm audit: ${answer.message ?? 'the registry gave no advisories'}`);
  return total === 0 ? undefined : `npm audit --omit=dev tells of ${String(total)} advisories`;
}

const CHECKS: readonly (readonly [name: string, check: Check])[] = [
  ...PLATFORMS.flatMap((platform) => {
    const { nodePackage, nodeArch: arch } = platform;
    const binary: Check = async () => {
      const file = path.join(await nodeFolder(platform), 'bin/node');
      return binaryFault(file, { version: versionOf(nodePackage), arch }, fetched);
    };
    const age: Check = async () =>
      ageFault(versionOf(nodePackage), npm('view', nodePackage, 'time') as Record<string, string>, Date.now());
    return [
      [`the program of ${nodePackage}`, binary],
      [`the age of ${nodePackage}`, age],
    ] as const;
  }),
  ['advisories of packages', advisories],
  ['licences of packages', () => Promise.resolve(licenceFaults(LOCK).join('; ') || undefined)],
];

const STATUS = { wrong: false, unanswered: false };
for (const [name, check] of CHECKS) {
  try {
    const fault = await check();
    STATUS.wrong ||= fault !== undefined;
    console.log(`${name}: ${fault ?? 'good'}`);
  } catch (error) {
    STATUS.unanswered = true;
    console.log(`${name}: could not be looked at: ${error instanceof Error ? error.message : String(error)}`);
  }
}
process.exitCode = STATUS.wrong ? 1 : STATUS.unanswered ? 3 : 0;
