// SPDX-License-Identifier: Apache-2.0
// AppArmor profiles in the kernel of the machine that a user of spoc sits at, by the apparmor_parser that is installed
// there.
import { access, constants, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { runToEnd } from './native/run-to-end.ts';

/** Where distributions have it. */
const PARSERS = ['/usr/sbin/apparmor_parser', '/sbin/apparmor_parser'] as const;

/** Says `Y` where the kernel enforces profiles. */
const ENABLED = '/sys/module/apparmor/parameters/enabled';

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * The first executable file of that name in the folders of PATH, or at that path; undefined where there is none.
 * Without links, since AppArmor knows programs by where they are.
 */
export async function findProgram(name: string, folders: string | undefined): Promise<string | undefined> {
  const candidates = name.includes('/')
    ? [path.resolve(name)]
    : (folders ?? '').split(path.delimiter).map((folder) => path.join(folder, name));
  for (const file of candidates) {
    if (path.isAbsolute(file) && (await isExecutable(file))) return realpath(file);
  }
  return undefined;
}

async function parserHere(): Promise<string> {
  const enabled = await readFile(ENABLED, 'utf8').catch(() => 'N');
  if (!enabled.startsWith('Y')) throw new Error('this kernel has no AppArmor, or it is switched off');
  for (const file of PARSERS) if (await isExecutable(file)) return file;
  throw new Error(`there is no apparmor_parser (${PARSERS.join(' or ')}); Debian and Ubuntu call the package apparmor`);
}

/**
 * Loads the profiles of a text into the kernel, or removes them; `add` fails where there is one of its name.
 * @throws Error with the parser's own words, or what the machine lacks
 */
export async function changeHostPolicy(text: string, action: 'add' | 'replace' | 'remove'): Promise<void> {
  const { status, messages } = await runToEnd(await parserHere(), [`--${action}`, '--skip-cache'], text);
  if (status !== 0) throw new Error(`apparmor_parser refuses it: ${messages.trim()}`);
}
