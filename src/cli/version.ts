// SPDX-License-Identifier: Apache-2.0
// spoc version: what this program is and what it runs on.
import { VERSION } from '../core/version.ts';
import { Command } from 'commander';
import type { Finish } from './command.ts';
import { SUCCESS } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The build of this program and the machine. */
export interface Build {
  /** Version of Node.js. */
  readonly node: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** Release of the kernel. */
  readonly kernel: string;
}

/** Prints the version, as lines or as one JSON object. */
export function version(json: boolean, build: Build, terminal: Terminal): ExitResult {
  const facts = { version: VERSION, nodeVersion: build.node, platform: build.platform, kernel: build.kernel };
  const width = Math.max(...Object.keys(facts).map((key) => key.length)) + 1;
  const lines = Object.entries(facts).map(([key, value]) => `${`${key}:`.padEnd(width)} ${value}\n`);
  terminal.print(json ? `${JSON.stringify(facts, undefined, 2)}\n` : lines.join(''));
  return SUCCESS;
}

/** The command and its options. */
export function versionCommand(machine: { readonly build: Build }, terminal: Terminal, finish: Finish): Command {
  return new Command('version')
    .alias('v')
    .summary('display detailed version information')
    .option('-j, --json', 'print JSON')
    .action((options: { readonly json?: boolean }) => finish(version(options.json ?? false, machine.build, terminal)));
}
