// SPDX-License-Identifier: Apache-2.0
// How long `spoc pull` takes as a whole process, from a registry on loopback, against the emptiest program of the
// pinned Node.js, and against skopeo or oras, and cosign, doing the same between them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { provide } from '../tools/lab/binaries.ts';
import { COSIGN, ORAS } from '../tools/lab/programs.ts';
import { startRegistry } from '../tools/lab/registry.ts';
import { node, spoc } from './programs.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 25;

const PROFILE = path.join(import.meta.dirname, '..', 'manifests', 'examples', 'baseprofile-crun.yaml');
const PASSWORD = 'of the benchmark';

/** A place to work in: keys, a signed artifact, the programs. */
interface Ground {
  readonly folder: string;
  readonly reference: string;
}

function environment(folder: string): Readonly<Record<string, string>> {
  return { PATH: process.env['PATH'] ?? '', HOME: folder, COSIGN_PASSWORD: PASSWORD };
}

function timed(folder: string, command: readonly [string, ...string[]]): number {
  const [file, ...args] = command;
  const started = process.hrtime.bigint();
  const result = spawnSync(file, args, { cwd: folder, env: environment(folder), encoding: 'utf8' });
  const elapsed = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.status !== 0) throw new Error(`${command.join(' ')}: ${result.stderr}`);
  return elapsed;
}

async function prepare(folder: string, registry: string): Promise<Ground> {
  await provide([COSIGN, ORAS], path.join(folder, 'bin'), (line) => console.error(`lab: ${line}`));
  const env = environment(folder);
  execFileSync(path.join(folder, 'bin', 'cosign'), ['generate-key-pair'], { cwd: folder, env, stdio: 'ignore' });
  // skopeo makes a folder of an artifact; the policy of whom it trusts is its own.
  writeFileSync(path.join(folder, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  const reference = `${registry}/profiles/crun:v1`;
  timed(folder, [spoc, 'push', '--plain-http', '--key', 'cosign.key', '-f', PROFILE, reference]);
  return { folder, reference };
}

function commandsOf({ folder, reference }: Ground): readonly (readonly [string, ...string[]])[] {
  const pull = [spoc, 'pull', '--plain-http', '-o', path.join(folder, 'out.yaml'), reference] as const;
  const copy = ['skopeo', '--policy', 'policy.json', 'copy', '--src-tls-verify=false'] as const;
  const [cosign, oras] = ['cosign', 'oras'].map((name) => path.join(folder, 'bin', name)) as [string, string];
  return [
    [node, '-e', '0'],
    [...pull, '-s'],
    [...pull, '--key', 'cosign.pub'],
    [...copy, `docker://${reference}`, `dir:${path.join(folder, 'copy')}`],
    [oras, 'pull', '--plain-http', '-o', path.join(folder, 'by-oras'), reference],
    [cosign, 'verify', '--key', 'cosign.pub', '--insecure-ignore-tlog', reference],
  ];
}

/** Whole-process times (median, in ms). */
export async function measurePull(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-pull-'));
  await using registry = await startRegistry();
  try {
    const commands = commandsOf(await prepare(folder, registry.address));
    const times = commands.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++)
      commands.forEach((command, index) => times[index]?.push(timed(folder, command)));
    const [bare = 0, pulled = 0, verified = 0, copied = 0, taken = 0, checked = 0] = times.map(median);
    const floor = { what: 'node -e 0', value: bare };
    return [
      { what: 'spoc pull, without verification', value: pulled, unit: 'ms', floor, bar: 6 * bare },
      { what: 'spoc pull, signature verified by key', value: verified, unit: 'ms', floor, bar: 12 * bare },
      {
        what: 'the same against skopeo copy and cosign verify',
        value: verified,
        unit: 'ms',
        floor,
        bar: copied + checked,
      },
      {
        what: 'the same against oras pull and cosign verify',
        value: verified,
        unit: 'ms',
        floor,
        bar: taken + checked,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
