// SPDX-License-Identifier: Apache-2.0
// The user who runs a recorded command. A caller of sudo wants to be recorded as the user that they are, so the command
// runs as that user with that user's groups and home.
import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** The user that a command runs as. */
export interface CommandUser {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  /** Login name; empty where the user is in no table, and then the command's USER, LOGNAME and HOME stay. */
  readonly name: string;
  readonly home: string;
}

/** The command in the form that the compiled programs take. */
export interface CommandRequest {
  /** How many of the last arguments of spoc are the command. */
  readonly arguments: number;
  /** Left out: the user that runs spoc. */
  readonly user?: CommandUser;
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

/** The user behind sudo with name, home and groups; undefined where there is none or it is root. */
export function commandUser(env: Environment): CommandUser | undefined {
  const user = userBehindSudo(env);
  if (user === undefined) return undefined;
  const entry = lookUp('/etc/passwd').find(([, , id]) => id === String(user.uid));
  const [name = '', , , , , home = '/'] = entry ?? [];
  return { ...user, groups: groupsOf(name, user.gid), name, home };
}

/** The fields of a message start. */
export function startFields(request: CommandRequest) {
  const { uid, gid, groups, name, home } = request.user ?? { uid: -1, gid: -1, groups: [], name: '', home: '' };
  return { arguments: request.arguments, uid, gid, groups, user: name, home };
}
