// SPDX-License-Identifier: Apache-2.0
// The command that a user names on the command line: where it is, and who is to run it. Whoever calls sudo wants to be
// watched as the user that they are, so the command runs as that user with that user's groups and home.
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { NativeCommand } from './native-program.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Absolute path of a command: as it is where it names a directory, else looked up in PATH.
 * @throws Error when there is none that can be executed
 */
export function findCommand(word: string, env: Environment, cwd: string): string {
  if (word === '') throw new Error("'' names no command");
  if (word.includes('/')) {
    const file = path.resolve(cwd, word);
    if (isExecutable(file)) return file;
    throw new Error(`${word}: no such executable`);
  }
  const folders = (env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(':');
  const found = folders.map((folder) => path.resolve(cwd, folder, word)).find(isExecutable);
  if (found === undefined) throw new Error(`${word}: command not found`);
  return found;
}

function lookUp(table: string): readonly (readonly string[])[] {
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
}

function groupsOf(user: string, gid: number): readonly number[] {
  const member = lookUp('/etc/group').filter(([, , , members = '']) => members.split(',').includes(user));
  return [...new Set([gid, ...member.map(([, , id]) => Number(id))])];
}

/** The user behind sudo, as SUDO_UID and SUDO_GID tell; undefined where there is none or it is root. */
export function userBehindSudo(env: Environment): { readonly uid: number; readonly gid: number } | undefined {
  const [uid, gid] = [env['SUDO_UID'], env['SUDO_GID']].map((id) => (/^\d+$/.test(id ?? '') ? Number(id) : 0));
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid };
}

/** The command as our C programs take it. `asCaller`: run by the user behind sudo where there is one. */
export function userCommand(
  argv: readonly [string, ...string[]],
  env: Environment,
  cwd: string,
  asCaller: boolean,
): NativeCommand {
  const file = findCommand(argv[0], env, cwd);
  const user = asCaller ? userBehindSudo(env) : undefined;
  if (user === undefined) return { file, argv, env, cwd };
  const entry = lookUp('/etc/passwd').find(([, , id]) => id === String(user.uid));
  const [name = '', , , , , home = '/'] = entry ?? [];
  const own = entry === undefined ? {} : { USER: name, LOGNAME: name, HOME: home };
  return { file, argv, env: { ...env, ...own }, cwd, user: { ...user, groups: groupsOf(name, user.gid) } };
}
