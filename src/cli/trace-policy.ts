// SPDX-License-Identifier: Apache-2.0
// The AppArmor profile under which a command is recorded: it refuses nothing, and the kernel tells of each access that
// it does not allow.
import type { InstallingMachine } from './install.ts';
import { UserError } from './terminal.ts';

/** The functions of the machine that it needs. */
export interface TracingMachine extends InstallingMachine {
  /** A name for a profile in the kernel that no other process uses. */
  readonly profileName: string;
}

/** A profile in complain mode, as it is in the kernel. */
export interface TracePolicy {
  readonly name: string;
  readonly text: string;
}

/**
 * Loads one that a command can be put under.
 *
 * @param program - a program that is to get it by itself, by name or path; undefined for none
 * @throws UserError where there is no AppArmor, no right to load it, or a profile for that program already
 */
export async function loadTracePolicy(machine: TracingMachine, program: string | undefined): Promise<TracePolicy> {
  const { tracePolicy } = await import('../core/apparmor/trace.ts');
  const attached = program === undefined ? undefined : await machine.findProgram(program);
  if (program !== undefined && attached === undefined) {
    throw new UserError(`no program ${program} is in PATH, and AppArmor knows programs by their path`);
  }
  const name = attached ?? machine.profileName;
  const text = tracePolicy(name);
  await machine.changePolicy(text, 'add');
  return { name, text };
}
