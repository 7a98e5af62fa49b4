// SPDX-License-Identifier: Apache-2.0
// Runs in a guest with AppArmor: kills the daemon's part, the loader and the parser at random while profiles come and
// go, and holds the kernel against what is wanted. Prints how often what was killed; throws where something is wrong.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { renderProfile } from '../../../src/core/apparmor/render.ts';
import type { AppArmorProfileSpec } from '../../../src/gen/crd/app-armor-profile.ts';
import { randomFrom } from '../../integration/random.ts';

const [seed = '', rounds = '', folder = ''] = process.argv.slice(2);
// Not among the words, by which processes are found that are to be killed.
const killProcess = process.env['KILL_PROCESS'] ?? '';
const SECURITYFS = '/sys/kernel/security';
const NAMES = ['kills-a', 'kills-b', 'kills-c', 'kills-d'];
const OWN = 'hosts-own';
const PART = path.join(import.meta.dirname, 'apparmor-part.ts');
const SETTLE_MS = 120_000;

/** How long a process is waited for that is to be killed: a part that was killed needs some seconds to be back. */
const WAIT_MS = 30_000;

/** The longest that a process may work before it is killed, in microseconds. */
const LONGEST_US = { apparmor_loader: 30_000, apparmor_parser: 300_000 } as const;

const random = randomFrom(Number(seed));
const wishes = path.join(folder, 'wishes');
const root = path.join(folder, 'root');
const wanted = new Map<string, AppArmorProfileSpec>();
const killed = { part: 0, apparmor_loader: 0, apparmor_parser: 0 };
let version = 0;
let done = -1;
let part: ChildProcess | undefined;

function specOf(name: string): AppArmorProfileSpec {
  const place = `/srv/${String(Math.floor(random() * 1e9))}/**`;
  if (random() < 0.5) return { policy: `profile ${name} {\n  file,\n  deny ${place} w,\n}\n` };
  const filesystem = { readOnlyPaths: [place] };
  return { abstract: { executable: { allowedExecutables: ['/bin/busybox'] }, filesystem } };
}

function tell(): void {
  version += 1;
  writeFileSync(`${wishes}.new`, JSON.stringify({ version, specs: Object.fromEntries(wanted) }));
  renameSync(`${wishes}.new`, wishes);
}

function change(): void {
  for (const name of NAMES.filter(() => random() < 0.6)) {
    if (wanted.has(name) && random() < 0.4) wanted.delete(name);
    else wanted.set(name, specOf(name));
  }
  tell();
}

function start(): void {
  const child = spawn(process.execPath, [PART, wishes, root, SECURITYFS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (bytes: Buffer) => {
    for (const [, number] of bytes.toString().matchAll(/^done (\d+)$/gm)) done = Number(number);
  });
  part = child;
}

async function kill(): Promise<void> {
  const [dice, delay] = [random(), random()];
  if (dice < 0.4) {
    await sleep(delay * 2000);
    const ended = new Promise((resolve) => {
      part?.once('close', resolve);
    });
    part?.kill('SIGKILL');
    await ended;
    killed.part += 1;
    start();
    return;
  }
  const name = dice < 0.8 ? 'apparmor_loader' : 'apparmor_parser';
  const words = [name, String(Math.floor(delay * LONGEST_US[name])), String(WAIT_MS)];
  const killer = spawn(killProcess, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of killer.stdout) if (String(line).startsWith('killed')) killed[name] += 1;
}

const inKernel = (...steps: readonly string[]): string => path.join(SECURITYFS, 'apparmor', ...steps);

function loaded(): readonly string[] {
  const lines = readFileSync(inKernel('profiles'), 'utf8').split('\n');
  return lines.map((line) => line.replace(/ \(.*/, '')).filter((name) => name !== '');
}

/** The hash of what the kernel was given under a name, by itself. */
function hashInKernel(name: string): string {
  const entries = readdirSync(inKernel('policy/profiles')).filter((entry) => entry.replace(/\.\d+$/, '') === name);
  return entries.map((entry) => readFileSync(inKernel('policy/profiles', entry, 'raw_sha1'), 'utf8').trim()).join();
}

function compiledHash(text: string): string {
  const flags = ['--skip-kernel-load', '--skip-cache', '--stdout', '--config-file=/dev/null'];
  const node = ['--base=/etc/apparmor.d', `--kernel-features=${inKernel('features')}`];
  const { stdout } = spawnSync('apparmor_parser', [...flags, ...node], { input: text, maxBuffer: 1 << 26 });
  return createHash('sha1').update(stdout).digest('hex');
}

async function settled(where: string, own: string): Promise<void> {
  const end = Date.now() + SETTLE_MS;
  while (done !== version) {
    if (Date.now() > end) throw new Error(`seed ${seed}, ${where}: not done`);
    await sleep(50);
  }
  const faults = [...wanted].flatMap(([name, spec]) =>
    hashInKernel(name) === compiledHash(renderProfile(name, spec).text) ? [] : [`${name} has another text`],
  );
  const stray = NAMES.filter((name) => !wanted.has(name) && loaded().includes(name));
  const notes = readdirSync(path.join(root, '.apparmor')).toSorted().join();
  const expected = [...wanted.keys()].map((name) => `${name}.note`).toSorted();
  if (notes !== expected.join()) faults.push(`there are the notes ${notes}`);
  if (hashInKernel(OWN) !== own) faults.push(`${OWN} is another one`);
  if (faults.length + stray.length > 0) throw new Error(`seed ${seed}, ${where}: ${[...faults, ...stray].join('; ')}`);
}

mkdirSync(path.join(root, '.apparmor'), { recursive: true });
spawnSync('apparmor_parser', ['--replace', '--skip-cache', '--config-file=/dev/null'], {
  input: `profile ${OWN} {\n  file,\n}\n`,
});
const own = hashInKernel(OWN);
tell();
start();
for (let round = 1; round <= Number(rounds); round += 1) {
  change();
  await kill();
  if (round % 3 === 0) await settled(`round ${String(round)}`, own);
}
wanted.clear();
tell();
await settled('the end', own);
if (own === '') throw new Error(`${OWN} was not loaded`);
part?.kill('SIGKILL');
console.log(JSON.stringify(killed));
process.exit(0);
