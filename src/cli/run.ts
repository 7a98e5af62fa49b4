// SPDX-License-Identifier: Apache-2.0
// spoc run: runs a command under a profile. A request that cannot work is refused before anything is started.
import type { RunnerEvent } from '../gen/wire/runner.ts';
import { evaluate } from '../core/seccomp/libseccomp/evaluate.ts';
import { compileFilter, deniesEverything, unknownSyscalls } from '../core/seccomp/libseccomp/filter.ts';
import type { NumericFilter } from '../core/seccomp/libseccomp/filter.ts';
import { withNearest } from '../core/seccomp/misspelt.ts';
import type { Profile } from '../core/seccomp/model.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { syscallName, syscallNumber } from '../core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../core/seccomp/syscalls.ts';
import { returnValue, verdictOf } from '../core/seccomp/meaning/verdict.ts';
import { filterWarnings } from '../core/seccomp/warnings.ts';
import { readProfile } from './profile-document.ts';
import { UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface RunRequest {
  readonly argv: readonly [string, ...string[]];
  /** File of the profile. */
  readonly profile: string;
  /** The container for which a published file is read. */
  readonly conditions: Conditions;
}

/** A command that runs under a filter, as the rim gives it. */
export interface ConfinedCommand {
  readonly events: AsyncIterable<RunnerEvent>;
  /** Lets the command begin, which waits since `started`. */
  release(): void;
}

/** The functions of the machine that running needs. */
export interface RunningMachine {
  readonly architecture: KnownArchitecture;
  /**
   * Starts the command under the filter, and keeps the filter for the next run with the same profile.
   *
   * @param notes - lines that were logged about the profile, for that next run
   */
  run(filter: NumericFilter, argv: readonly [string, ...string[]], notes: readonly string[]): Promise<ConfinedCommand>;
}

function usesNotify({ defaultAction, rules }: Profile): boolean {
  return [defaultAction, ...rules.map(({ action }) => action)].includes('SCMP_ACT_NOTIFY');
}

function forbidsExecve(filter: NumericFilter, native: KnownArchitecture): boolean {
  const number = syscallNumber(native, 'execve');
  if (number === undefined) throw new RangeError(`${native} has no execve`);
  const answer = evaluate(filter, { architecture: native, number, args: [0n, 0n, 0n, 0n, 0n, 0n] });
  const conditional = filter.architectures.some(
    ({ architecture, rules }) =>
      architecture === native && rules.some((rule) => rule.conditions.length > 0 && rule.numbers.includes(number)),
  );
  const lets = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'] as const;
  return !conditional && !lets.some((action) => returnValue(verdictOf(action)) === answer);
}

function checkUsable(path: string, profile: Profile, filter: NumericFilter, native: KnownArchitecture): void {
  if (profile.baseProfileName !== undefined) {
    throw new UserError(`${path}: baseProfileName: ${profile.baseProfileName} is not resolved here; merge it in first`);
  }
  if (usesNotify(profile)) throw new UserError(`${path}: SCMP_ACT_NOTIFY needs an agent, which spoc run does not have`);
  if (deniesEverything(profile, native))
    throw new UserError(`${path}: permits no system call at all, so nothing can run under it`);
  if (forbidsExecve(filter, native))
    throw new UserError(`${path}: does not permit execve, so no command can be started under it`);
}

function describeUnknown(event: Extract<RunnerEvent, { type: 'unknown' }>): string {
  const names = event.numbers.map((number) => syscallName(event.architecture, number) ?? String(number));
  return `Warning: libseccomp does not know on ${event.architecture}: ${names.join(', ')}; the default action applies`;
}

/** Follows a command to its end, and tells the terminal. Throws an Error when the runner fails. */
export async function followRun(command: ConfinedCommand, terminal: Terminal): Promise<ExitResult> {
  for await (const event of command.events) {
    switch (event.type) {
      case 'started':
        // Before the release, so that nothing which the command writes can come first.
        terminal.log(`Running command with PID: ${String(event.pid)}`);
        command.release();
        break;
      case 'unknown':
        terminal.log(describeUnknown(event));
        break;
      case 'failed':
        throw new UserError(event.reason);
      case 'exited':
        return describeEnd(event.code, event.signal, terminal);
      case 'kept':
        terminal.log('Processes of the command still run under the AppArmor profile, which stays in the kernel');
        break;
      case 'hello':
      case 'outcome':
        break;
    }
  }
  throw new Error('the runner ended without telling how the command ended');
}

function describeEnd(code: number, signal: number, terminal: Terminal): ExitResult {
  if (signal !== 0) {
    terminal.log(`Command did not exit successfully: signal ${String(signal)}`);
    return { type: 'signal', number: signal };
  }
  if (code !== 0) terminal.log(`Command did not exit successfully: exit status ${String(code)}`);
  return { type: 'status', status: code };
}

/**
 * Runs the command and ends as it ended.
 * @throws UserError or InvalidProfile, before the command is started, when the profile cannot be used
 */
export async function run(request: RunRequest, machine: RunningMachine, terminal: Terminal): Promise<ExitResult> {
  terminal.log(`Reading file ${request.profile}`);
  const { files } = terminal;
  const trusting = { ...terminal, files: { ...files, read: (path: string) => files.readTrusted(path) } };
  const { profile, notes: readingNotes } = await readProfile(request.profile, trusting, request.conditions);
  terminal.log('Setting up seccomp');
  const filter = compileFilter(profile, machine.architecture);
  checkUsable(request.profile, profile, filter, machine.architecture);
  const unknown = unknownSyscalls(profile);
  const misspelt = unknown.length > 0 ? [`Warning: no such system call, left out: ${withNearest(unknown)}`] : [];
  const unexpected = filterWarnings(profile, machine.architecture);
  // Without the file's name: they are kept for the next run with the same text, which may have another name.
  const notes = [...readingNotes, ...misspelt, ...unexpected.map((text) => `Warning: ${text}`)];
  for (const note of notes) terminal.log(note);
  terminal.log('Load seccomp profile');
  return followRun(await machine.run(filter, request.argv, notes), terminal);
}
