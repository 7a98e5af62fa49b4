// SPDX-License-Identifier: Apache-2.0
// spoc install and spoc remove: an AppArmor profile for a program of this machine, in its kernel until the next start.
// The profile is named as the path of the program, which gets it by that, whoever starts it.
import { Command } from 'commander';
import { APP_ARMOR } from './apparmor-kind.ts';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { readObjectOf } from './object-kind.ts';
import { readFile, requireOne } from './profile-document.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The things that are done with a policy in the kernel; `add` fails where there is one of its name. */
export type PolicyAction = 'add' | 'replace' | 'remove';

/** The functions of the machine that installing needs. */
export interface InstallingMachine {
  /**
   * The absolute path, without links, of a program that PATH leads to, or a path; undefined where it leads to none.
   */
  findProgram(name: string): Promise<string | undefined>;
  /**
   * Loads the profiles of a text into the kernel, `replace` in place of those of the same names, or removes them.
   * @throws UserError with the reason why not
   */
  changePolicy(text: string, action: PolicyAction): Promise<void>;
}

/** The user's request. */
export interface InstallRequest {
  readonly profile: string;
  /** Path or name of the program; undefined for the name of the object. */
  readonly program: string | undefined;
  readonly action: PolicyAction;
}

async function programOf(name: string, machine: InstallingMachine): Promise<string> {
  if (name.startsWith('/')) return name;
  const found = name.includes('/') ? undefined : await machine.findProgram(name);
  if (found !== undefined) return found;
  throw new UserError(`no program ${name} is in PATH; name the program by its absolute path behind the profile`);
}

/**
 * Installs or removes.
 * @throws UserError for a file without one AppArmorProfile, an unknown program, and where the kernel refuses;
 * InvalidProfile with every fault of the profile
 */
export async function install(
  request: InstallRequest,
  machine: InstallingMachine,
  terminal: Terminal,
): Promise<ExitResult> {
  const { path, documents } = await readFile(request.profile, terminal);
  const object = await readObjectOf(APP_ARMOR.kind, requireOne(path, documents), path);
  const program = await programOf(request.program ?? object.facts.name, machine);
  const { made, warnings } = APP_ARMOR.render(object, program);
  if (request.action === 'replace') for (const warning of warnings) terminal.log(`${path}: ${warning}`);
  await machine.changePolicy(made, request.action);
  terminal.log(
    request.action === 'replace'
      ? `Installed the AppArmor profile ${program}: what is started from there from now on is confined`
      : `Removed the AppArmor profile ${program}: processes that ran under it are confined no more`,
  );
  return SUCCESS;
}

function command(name: string, alias: string, summary: string, description: string): Command {
  return new Command(name)
    .alias(alias)
    .summary(summary)
    .description(description)
    .addArgument(new FileArgument('<profile>', 'file with the AppArmorProfile; - is standard input'))
    .addArgument(new FileArgument('[program]', 'the program (default: what PATH leads to for the name of the object)'));
}

/** Both commands. */
export function installCommands(
  machine: InstallingMachine,
  terminal: Terminal,
  finish: Finish,
): readonly [Command, Command] {
  const acting = (action: PolicyAction) => async (profile: string, program: string | undefined) => {
    finish(await install({ profile, program, action }, machine, terminal));
  };
  return [
    command(
      'install',
      'i',
      'confine a program of this machine by an AppArmor profile',
      'Loads an AppArmorProfile into the kernel of this machine, in place of one that is there for the program. It stays ' +
        'until it is removed or the machine starts anew.',
    ).action(acting('replace')),
    command(
      'remove',
      'rm',
      'remove the AppArmor profile of a program from this machine',
      'Takes the profile of a program out of the kernel of this machine. Processes that run under it run on unconfined.',
    ).action(acting('remove')),
  ];
}
