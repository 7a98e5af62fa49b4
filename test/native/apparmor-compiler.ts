// SPDX-License-Identifier: Apache-2.0
// The real apparmor_parser of Debian, without a kernel: what it makes of a text, and the names of the profiles in it.
import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { createHash } from 'node:crypto';

/** Features of a kernel as Debian ships them; the machine's own may have no AppArmor. */
const FEATURES = '/usr/share/apparmor-features/features';

/** An answer of the compiler. */
export interface Compiled {
  readonly accepted: boolean;
  /** Hash of the binary that a kernel would be given. */
  readonly hash: string;
  readonly messages: string;
}

function parser(args: readonly string[], text: string): SpawnSyncReturns<Buffer> {
  const common = ['--skip-kernel-load', '--skip-cache', '--kernel-features', FEATURES, '--base', '/etc/apparmor.d'];
  const ran = spawnSync('/sbin/apparmor_parser', [...common, '--config-file', '/dev/null', ...args], {
    input: text,
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (ran.error !== undefined) throw ran.error;
  return ran;
}

/** Compiles a text. */
export function compile(text: string): Compiled {
  const { status, signal, stdout, stderr } = parser(['--stdout'], text);
  if (signal !== null) throw new Error(`apparmor_parser was ended by ${signal} over ${JSON.stringify(text)}`);

  return {
    accepted: status === 0,
    hash: createHash('sha256').update(stdout).digest('hex'),
    messages: stderr.toString(),
  };
}

/** The names of the profiles in a text that compiles. */
export function namesByCompiler(text: string): readonly string[] {
  const { stdout } = parser(['--names'], text);
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}
