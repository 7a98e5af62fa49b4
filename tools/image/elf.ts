// SPDX-License-Identifier: Apache-2.0
// The files that a program needs to start: its interpreter and its shared libraries, read from the ELF file and from
// those that it names in turn. llvm's readelf reads every architecture, where `ldd` would have to run the program.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from './command.ts';

/** Names of the shared libraries that an ELF file asks for (DT_NEEDED). */
async function neededLibraries(file: string): Promise<readonly string[]> {
  const text = await run('llvm-readelf', ['--needed-libs', file]);
  return [...text.matchAll(/^\s+(\S+\.so\S*)$/gm)].map((match) => match[1] ?? '');
}

/**
 * Absolute path of the dynamic loader that a program names (PT_INTERP).
 * @throws Error when the program is static
 */
export async function interpreterOf(file: string): Promise<string> {
  const found = /Requesting program interpreter: (\/[^\]]+)\]/.exec(
    await run('llvm-readelf', ['--program-headers', file]),
  );
  if (found?.[1] === undefined) throw new Error(`${file} names no dynamic loader`);
  return found[1];
}

/**
 * Every shared library that a program needs, and those that they need, each as its name and the file that has it.
 *
 * @param folders - where the libraries are looked for, in this order
 * @throws Error that names the library that is in none of them
 */
export async function libraryClosure(
  program: string,
  folders: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const pending = [...(await neededLibraries(program))];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    const file = folders.map((folder) => path.join(folder, name)).find(existsSync);
    if (file === undefined) throw new Error(`${program} needs ${name}, which is not in ${folders.join(', ')}`);
    found.set(name, file);
    pending.push(...(await neededLibraries(file)));
  }
  return found;
}
