// SPDX-License-Identifier: Apache-2.0
// Symbols and debug information are of no use in an image that has no debugger.
import { run } from './command.ts';
import type { Platform } from './platforms.ts';

/**
 * Leaves out symbols and debug information, 17 MiB of Node.js. By binutils: llvm-strip 14 refuses static programs of
 * glibc ("Link field value of .rela.plt is not a symbol table").
 */
export async function strip(platform: Platform, file: string): Promise<void> {
  await run(`${platform.triplet}-strip`, ['--strip-all', file]);
}
