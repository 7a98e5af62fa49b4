// SPDX-License-Identifier: Apache-2.0
// Asks the real kernel what a filter says to calls, without making them: try_syscalls.c tells how.
import type { Call } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import type { NumericFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import { parseRunnerEvent, printRunnerCommand, RUNNER_PROTOCOL } from '../../src/gen/wire/runner.ts';
import type { RunnerEvent, RunnerTry } from '../../src/gen/wire/runner.ts';
import { converse } from '../../src/io/native/conversation.ts';
import { filterCommands } from '../../src/io/native/runner.ts';
import { trySyscalls } from './fixtures.ts';
import { startProgram } from './started-program.ts';

/**
 * Native calls of x86-64 that the kernel makes itself and lets no filter see since 6.14 (uretprobe, uprobe): they
 * cannot be tried.
 */
export const UNFILTERED: readonly number[] = [335, 336];

/** A filter and the calls that are tried under it. */
export interface Trial {
  readonly filter: NumericFilter;
  readonly calls: readonly Call[];
}

/** The kernel's answers to the calls of a trial. */
export interface Answers {
  /** SECCOMP_RET values with their data, unsigned, one for each call. */
  readonly actions: readonly number[];
  /** Numbers of foreign architectures for which libseccomp could not make a rule. */
  readonly unknown: readonly { readonly architecture: string; readonly numbers: readonly number[] }[];
}

/**
 * The kernel's answers to trials, in their order; one process for all of them.
 *
 * @param programs - a descriptor that gets the program of each filter, a line each as filter_reader prints it
 * @throws Error with libseccomp's or the kernel's reason, when a filter cannot be made; the signal's reason when it is
 *   aborted
 */
export async function askKernel(
  trials: readonly Trial[],
  signal: AbortSignal = new AbortController().signal,
  programs?: number,
): Promise<readonly Answers[]> {
  const language = {
    protocol: RUNNER_PROTOCOL,
    parse: parseRunnerEvent,
    print: printRunnerCommand,
    isLast: (event: RunnerEvent) => event.type === 'failed',
  };
  const stop = new AbortController();
  const shown =
    programs === undefined ? { env: {} } : { env: { SHOW_PROGRAMS: '1' }, streams: [0, programs, 2] as const };
  const program = startProgram(trySyscalls(), { argv: [], cwd: '/', ...shown }, AbortSignal.any([stop.signal, signal]));
  const talk = converse(language, program);
  const events = talk.events[Symbol.asyncIterator]();
  try {
    const answers: Answers[] = [];
    for (const { filter, calls } of trials) {
      for (const command of filterCommands(filter)) talk.send(command);
      for (const call of calls) talk.send(tryOf(call));
      answers.push(await collect(events, calls.length));
    }
    return answers;
  } finally {
    stop.abort();
    await events.next().catch(() => undefined);
  }
}

async function collect(events: AsyncIterator<RunnerEvent>, count: number): Promise<Answers> {
  const actions: number[] = [];
  const unknown: { architecture: string; numbers: readonly number[] }[] = [];
  while (actions.length < count) {
    const next = await events.next();
    const event = next.done === true ? undefined : next.value;
    if (event?.type === 'outcome') actions.push(event.action);
    else if (event?.type === 'unknown') unknown.push(event);
    else throw new Error(event?.type === 'failed' ? event.reason : 'try_syscalls ended too early');
  }
  return { actions, unknown };
}

function tryOf({ architecture, number, args }: Call): RunnerTry {
  const [first = 0n, second = 0n, third = 0n, fourth = 0n, fifth = 0n, sixth = 0n] = args;
  return { type: 'try', architecture, number, first, second, third, fourth, fifth, sixth };
}
