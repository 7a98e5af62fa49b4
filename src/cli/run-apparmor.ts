// SPDX-License-Identifier: Apache-2.0
// spoc run under an AppArmor profile, which is in the kernel for as long as something runs under it.
import type { RunnerEvent } from '../gen/wire/runner.ts';
import { APP_ARMOR } from './apparmor-kind.ts';
import { holdsKind } from './documents.ts';
import { readObjectOf } from './object-kind.ts';
import type { ProfileObject } from './object-kind.ts';
import { parsedFile, requireOne } from './profile-document.ts';
import { newFacts } from './profile-facts.ts';
import { followRun } from './run.ts';
import type { RunRequest } from './run.ts';
import type { ExitResult, Terminal } from './terminal.ts';
import type { TracingMachine } from './trace-policy.ts';

/** A command that runs under a profile, as the rim gives it. */
interface ConfinedCommand {
  readonly events: AsyncIterable<RunnerEvent>;
  release(): void;
}

/** The functions of the machine that it needs. */
export interface ConfiningMachine extends TracingMachine {
  /** Starts the command under a profile that is in the kernel, and takes it out at the end. */
  confine(profile: string, argv: readonly [string, ...string[]]): Promise<ConfinedCommand>;
}

async function readProfile(path: string, terminal: Terminal): Promise<ProfileObject> {
  const text = await terminal.files.read(path);
  if (holdsKind(text)) {
    const { documents } = await parsedFile(path, text, terminal);
    return readObjectOf(APP_ARMOR.kind, requireOne(path, documents), path);
  }
  const parsed = APP_ARMOR.parse?.(text, path);
  if (parsed === undefined) throw new RangeError('policies of AppArmor are not read');
  return { subject: path, facts: { ...newFacts(path), name: parsed.name }, spec: parsed.spec };
}

/** Until the runner has the profile, which takes it out otherwise, it is ours to take out. */
async function confine(
  name: string,
  text: string,
  argv: RunRequest['argv'],
  machine: ConfiningMachine,
): Promise<ConfinedCommand> {
  try {
    return await machine.confine(name, argv);
  } catch (error) {
    await machine.changePolicy(text, 'remove');
    throw error;
  }
}

/**
 * Runs the command and ends as it ended. A policy in AppArmor's own language says its name itself; the abstract form
 * gets one of its own, so that the same profile can be used several times at once.
 * @throws UserError or InvalidProfile, before the command is started, when the profile cannot be used, or one of its
 * name is in the kernel already
 */
export async function runUnderAppArmor(
  { argv, profile: path }: Pick<RunRequest, 'argv' | 'profile'>,
  machine: ConfiningMachine,
  terminal: Terminal,
): Promise<ExitResult> {
  terminal.log(`Reading file ${path}`);
  const object = await readProfile(path, terminal);
  const name = object.spec['policy'] === undefined ? machine.profileName : object.facts.name;
  const { made, warnings } = APP_ARMOR.render({ ...object, facts: { ...object.facts, name } }, undefined);
  for (const warning of warnings) terminal.log(`Warning: ${warning}`);
  terminal.log('Load AppArmor profile');
  await machine.changePolicy(made, 'add');
  return followRun(await confine(name, made, argv, machine), terminal);
}
