// SPDX-License-Identifier: Apache-2.0
// The text of what spoc record has seen, in the form that was asked for.
import { addedCalls, objectName, profileObject, profileOf } from '../core/recording/profile.ts';
import type { RecordedProfile } from '../core/recording/profile.ts';
import { renderOciText } from '../core/seccomp/render.ts';
import type { KnownArchitecture } from '../core/seccomp/syscalls.ts';
import type { Followed } from './record-follower.ts';
import { printObject } from './profile-document.ts';
import type { Terminal } from './terminal.ts';

/** In which form a recording is written: as objects, or in the language of runtimes or of AppArmor. */
export type ProfileType = 'seccomp' | 'raw-seccomp' | 'apparmor' | 'raw-apparmor' | 'all';

/** All of them. */
export const PROFILE_TYPES: readonly ProfileType[] = ['seccomp', 'raw-seccomp', 'apparmor', 'raw-apparmor', 'all'];

/** The modules whose profiles a form has, in the order of their documents. */
export function modulesOf(type: ProfileType): readonly ('apparmor' | 'seccomp')[] {
  switch (type) {
    case 'seccomp':
    case 'raw-seccomp':
      return ['seccomp'];
    case 'apparmor':
    case 'raw-apparmor':
      return ['apparmor'];
    case 'all':
      return ['apparmor', 'seccomp'];
  }
}

/** A recording, and the form that is wanted of it. */
export interface RecordedWork {
  readonly type: ProfileType;
  /** The base name of the command. */
  readonly program: string;
  readonly architecture: KnownArchitecture;
  /** System calls to add for the container runtime. */
  readonly base: readonly string[];
  readonly followed: Followed;
}

/** The text of the profiles; what was added to them, and what they lack, is logged. */
export async function recordedText(work: RecordedWork, terminal: Terminal): Promise<string> {
  const texts = modulesOf(work.type).map((module) =>
    module === 'seccomp' ? seccompText(work, terminal) : appArmorText(work, terminal),
  );
  return (await Promise.all(texts)).join('---\n');
}

async function seccompText(work: RecordedWork, terminal: Terminal): Promise<string> {
  const { type, program, architecture, base, followed } = work;
  const recorded: RecordedProfile = profileOf(followed.ledger, architecture, base);
  for (const group of addedCalls(recorded)) terminal.log(`Adding ${group}`);
  logWarnings(recorded.warnings, terminal);
  if (type === 'raw-seccomp') return renderOciText(recorded.profile);
  return printObject(profileObject(objectName(program), recorded), terminal);
}

/** Loaded when it is wanted: most recordings are of system calls. */
async function appArmorText({ type, program, followed }: RecordedWork, terminal: Terminal): Promise<string> {
  const { learnCommand } = await import('../core/recording/command-accesses.ts');
  const { object, warnings } = learnCommand(objectName(program), followed);
  logWarnings(warnings, terminal);
  if (type !== 'raw-apparmor') return terminal.yaml.print(object);
  const { renderProfile } = await import('../core/apparmor/render.ts');
  const rendered = renderProfile(object.metadata.name, object.spec);
  logWarnings(rendered.warnings, terminal);
  return rendered.text;
}

function logWarnings(warnings: readonly string[], terminal: Terminal): void {
  for (const warning of warnings) terminal.log(`Warning: ${warning}`);
}
