// SPDX-License-Identifier: Apache-2.0
// Compiles modules with secilc, beside a small base policy.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const BASE = path.join(import.meta.dirname, '../golden/selinux/base.cil');

/** The outcome of a compilation. */
export interface Compiled {
  /** The binary policy; undefined where it was refused. */
  readonly binary: Buffer | undefined;
  readonly messages: string;
  readonly signal: NodeJS.Signals | null;
}

/** Compiles modules; delete the folder afterwards. */
export class CilCompiler {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'cil-'));

  compile(block: string, ...modules: readonly string[]): Compiled {
    const file = (name: string): string => path.join(this.folder, name);
    const files = modules.map((text, index) => {
      const name = file(index === 0 ? `${block}.cil` : `other${String(index)}.cil`);
      writeFileSync(name, text);
      return name;
    });
    const output = file('policy');
    rmSync(output, { force: true });
    const options = ['-o', output, '-f', file('contexts'), BASE];
    const { status, stderr, stdout, signal } = spawnSync('secilc', [...options, ...files], { encoding: 'utf8' });
    const binary = status === 0 ? readFileSync(output) : undefined;
    return { binary, messages: `${stdout}${stderr}`, signal };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
