// SPDX-License-Identifier: Apache-2.0
// spoc's job on a real command, the first part of `npm start`: records a small program with eBPF, shows the profile,
// runs the program under it, and shows that a call which the program did not make while it was recorded is refused
// afterwards.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const spoc = path.join(import.meta.dirname, '..', 'bin', 'spoc');
const folder = mkdtempSync(path.join(tmpdir(), 'spoc-demo-'));
const profile = path.join(folder, 'profile.yaml');
const RECORDED = ['cat', '/etc/hostname'];

function title(text: string): void {
  console.log(`\n\u001b[1m${text}\u001b[0m`);
}

function shown(args: readonly string[]): string {
  return ['spoc', ...args].join(' ');
}

function demonstrate(args: readonly string[]): number {
  console.log(`$ ${shown(args)}`);
  const result = spawnSync(spoc, args, { stdio: 'inherit' });
  if (result.error) throw new Error(`start ${spoc}`, { cause: result.error });
  return result.status ?? 1;
}

function main(): number {
  title('1. Record what a command does');
  if (demonstrate(['record', '-o', profile, ...RECORDED]) !== 0) return 1;
  title('2. The profile that was recorded');
  console.log(readFileSync(profile, 'utf8'));
  title('3. Run the same command under it');
  if (demonstrate(['run', '-p', profile, ...RECORDED]) !== 0) return 1;
  title('4. Run another one under it, which makes a call that nobody recorded');
  if (demonstrate(['run', '-p', profile, 'mkdir', path.join(folder, 'new')]) === 0) {
    console.error('the call was not refused: the profile does not confine');
    return 1;
  }
  title('mkdir was refused, as it should be. Go on with: bin/spoc help');
  return 0;
}

/** Shows spoc at work. Returns the exit status. */
export function demonstrateSpoc(): number {
  try {
    return main();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
