// SPDX-License-Identifier: Apache-2.0
// Cosign and spoc side by side: a registry, a folder with files that both read, and their commands as users write them.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { openRegistry } from '../../src/roles/spoc/registry.ts';
import { provide } from '../../tools/lab/binaries.ts';
import { COSIGN } from '../../tools/lab/programs.ts';
import { startRegistry } from '../../tools/lab/registry.ts';
import type { Registry } from '../../tools/lab/registry.ts';
import { profileText } from '../fakes/signed-artifacts.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const run = promisify(execFile);

/** Password of the keys that cosign makes. */
const PASSWORD = 'a password';

/** The message of a refusal; throws where there was none. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it was not refused');
}

/** Both, and what they share. */
export class SigningTools {
  readonly folder: string;
  readonly registry: Registry;
  private count = 0;

  private constructor(folder: string, registry: Registry) {
    this.folder = folder;
    this.registry = registry;
  }

  static async start(): Promise<SigningTools> {
    const folder = await mkdtemp(path.join(tmpdir(), 'spo-cosign-'));
    await provide([COSIGN], path.join(folder, 'bin'), (line) => console.error(`lab: ${line}`));
    return new SigningTools(folder, await startRegistry());
  }

  async stop(): Promise<void> {
    await this.registry[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A new name in the registry. */
  newName(): string {
    return `${this.registry.address}/profiles/p${String(this.count++)}:v1`;
  }

  async write(name: string, text: string | Buffer): Promise<void> {
    await writeFile(path.join(this.folder, name), text);
  }

  /** A command of cosign: what it prints. */
  async cosign(...args: readonly string[]): Promise<string> {
    const env = { PATH: process.env['PATH'], HOME: this.folder, COSIGN_PASSWORD: PASSWORD };
    const { stdout, stderr } = await run(path.join(this.folder, 'bin', 'cosign'), args, { cwd: this.folder, env });
    return stdout + stderr;
  }

  /** A command of spoc over the real registry: the lines of its log. */
  async spoc(...args: readonly string[]): Promise<string> {
    const [terminal, machine] = [new FakeTerminal(), new FakeMachine()];
    machine.env['COSIGN_PASSWORD'] = PASSWORD;
    const settings = { plainHttp: true, caFile: undefined, mirrors: [], login: undefined };
    machine.registry = await openRegistry(settings, { HOME: this.folder });
    terminal.stored.set('profile.yaml', profileText(['read']));
    for (const file of args.filter((word) => /\.(key|pub|json)$/.test(word))) {
      terminal.stored.set(file, await readFile(path.join(this.folder, file), 'utf8'));
    }
    await runCommandLine(args, machine, terminal);
    return terminal.logged.join('\n');
  }

  push(name: string, ...how: readonly string[]): Promise<string> {
    return this.spoc('push', '-f', 'profile.yaml', '-p', 'linux/amd64', ...how, name);
  }

  pull(name: string, ...who: readonly string[]): Promise<string> {
    return this.spoc('pull', '-p', 'linux/amd64', '-o', 'out.yaml', ...who, name);
  }

  /** A new artifact that nobody has signed. */
  async unsigned(): Promise<string> {
    const name = this.newName();
    await this.push(name, '--sign=false');
    return name;
  }
}
