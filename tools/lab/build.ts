// SPDX-License-Identifier: Apache-2.0
// Builds programs from their pinned Go modules into a cache outside of the tree. A program appears in the cache under
// its name only when it is complete, so that an interrupted build goes on where it was.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { run } from '../image/command.ts';
import { installPackages } from './debian.ts';
import { withLock } from './lock.ts';
import type { Program } from './programs.ts';
import { moduleFolder } from './programs.ts';

/** Where messages for the user go, a line each. */
export type Say = (line: string) => void;

/** While one program is being built: so often a sign of life is given, in milliseconds. */
const SIGN_OF_LIFE = 60_000;

/** Folder of all that is built for the lab, and of its locks. */
export function buildCache(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  return path.join(cache, 'security-profiles-operator', 'lab');
}

/** Where the cache keeps a program: the folder's name is a hash of all that the build depends on. */
export function cachedFile(program: Program): string {
  const hash = createHash('sha256').update(process.arch);
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(path.join(moduleFolder(program.module), file)));
  const key = `${program.module}-${hash.digest('hex').slice(0, 12)}`;
  return path.join(buildCache(), key, program.name);
}

/**
 * Builds the programs that the cache lacks, telling what it does and how long it will take.
 * @throws Error when Go is missing or too old, and with the compiler's words when a build fails
 */
export async function buildMissing(programs: readonly Program[], say: Say): Promise<void> {
  const missing = (): readonly Program[] => programs.filter((program) => !existsSync(cachedFile(program)));
  const [first] = missing();
  if (first === undefined) return;
  await checkGo(first);
  if (missing().some(({ cgo }) => cgo))
    await installPackages(['gcc', 'libc6-dev', 'pkg-config', 'libseccomp-dev'], say);
  const lock = path.join(buildCache(), 'build.lock');
  await withLock(
    lock,
    () => buildAll(missing(), say),
    () => say('another process builds programs for the lab, waiting for it'),
  );
}

async function checkGo({ module }: Program): Promise<void> {
  try {
    // In the module's folder, so that go itself compares its version with what go.mod asks for, or fetches that one.
    await run('go', ['list', '-m'], { cwd: moduleFolder(module) });
  } catch (cause) {
    const wanted = /^go (\S+)$/m.exec(readFileSync(path.join(moduleFolder(module), 'go.mod'), 'utf8'))?.[1] ?? '';
    const reason = cause instanceof Error ? (cause.message.split('\n').at(-1) ?? '') : String(cause);
    const advice = 'install it from https://go.dev/dl/ (tar -C /usr/local -xzf FILE) and put /usr/local/go/bin on PATH';
    throw new Error(`Go ${wanted} or later is needed to build the lab's programs: ${advice} (${reason})`, { cause });
  }
}

async function buildAll(programs: readonly Program[], say: Say): Promise<void> {
  const total = programs.reduce((sum, { seconds }) => sum + seconds, 0);
  if (programs.length === 0) return;
  say(`building ${programs.length} programs, once: about ${duration(total)} on two free cores`);
  const started = Date.now();
  let expected = 0;
  for (const [index, program] of programs.entries()) {
    const spent = (Date.now() - started) / 1000;
    // How this machine compares with the one of the estimates shows as soon as something is built.
    const pace = expected === 0 ? 1 : spent / expected;
    const rest = (total - expected) * pace;
    say(
      `building ${program.name} ${program.version} (${index + 1} of ${programs.length}), about ${duration(rest)} to go`,
    );
    await build(program, say);
    expected += program.seconds;
  }
  say(`built ${programs.length} programs in ${duration((Date.now() - started) / 1000)}`);
}

async function build(program: Program, say: Say): Promise<void> {
  const file = cachedFile(program);
  const draft = `${file}.${process.pid}.part`;
  const started = Date.now();
  const timer = setInterval(
    () => say(`still building ${program.name}, for ${duration((Date.now() - started) / 1000)}`),
    SIGN_OF_LIFE,
  );
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await compile(program, draft);
    const handle = await open(draft, 'r');
    await handle.sync();
    await handle.close();
    await rename(draft, file);
  } finally {
    clearInterval(timer);
    await rm(draft, { force: true });
  }
}

async function compile(program: Program, output: string): Promise<void> {
  const flags = [
    '-trimpath',
    '-buildvcs=false',
    `-tags=${program.tags.join(',')}`,
    `-ldflags=${program.ldflags.join(' ')}`,
  ];
  await run('nice', ['-n', '10', 'go', 'build', ...flags, '-o', output, program.package], {
    cwd: moduleFolder(program.module),
    env: { CGO_ENABLED: program.cgo ? '1' : '0', GOFLAGS: '' },
  });
}

function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
