// SPDX-License-Identifier: Apache-2.0
// The program that runs a command under a seccomp filter, as a stream of events: see schemas/wire/runner.json for
// the meaning of each one.
import type { NumericFilter, NumericRule } from '../../core/seccomp/libseccomp/filter.ts';
import { returnValue } from '../../core/seccomp/meaning/verdict.ts';
import { parseRunnerEvent, printRunnerCommand, RUNNER_PROTOCOL } from '../../gen/wire/runner.ts';
import type { RunnerCommand, RunnerEvent } from '../../gen/wire/runner.ts';
import type { Channel } from './channel.ts';
import { converse } from './conversation.ts';
import { startFields } from './user.ts';
import type { CommandRequest } from './user.ts';

/** A command that runs under a filter. */
export interface ConfinedRun {
  /**
   * `unknown` for numbers that libseccomp could not take; `started`, after which the command waits for its release,
   * perhaps `kept`; last `exited`, or `failed` with a sentence. Iterate it once; it ends by itself. A command that is
   * not released ends with the iteration. Throws an Error when the program fails.
   */
  readonly events: AsyncIterable<RunnerEvent>;
  /** Lets the command begin. To be called once, after `started`. */
  release(): void;
  /** Sends a signal, by its number, to the command, which takes it also while it waits. */
  signal(number: number): void;
}

/** Most numbers that one message carries (schemas/wire/runner.json). */
const NUMBERS_AT_ONCE = 1024;

/** Most bytes of a note (schemas/wire/runner.json). */
const NOTE_BYTES = 4096;

/**
 * The messages that describe a filter to the program. The flags SECCOMP_FILTER_FLAG_TSYNC and
 * SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV are left out: a command that starts has one thread, and there is no listener.
 */
export function filterCommands(filter: NumericFilter): readonly RunnerCommand[] {
  const log = filter.flags.includes('SECCOMP_FILTER_FLAG_LOG');
  const specAllow = filter.flags.includes('SECCOMP_FILTER_FLAG_SPEC_ALLOW');
  return [
    { type: 'filter', defaultAction: returnValue(filter.defaultVerdict), log, specAllow },
    ...filter.architectures.flatMap(({ architecture, newest = -1, rules }): readonly RunnerCommand[] => [
      { type: 'architecture', name: architecture, newest },
      ...rules.flatMap(ruleCommands),
    ]),
  ];
}

function ruleCommands(rule: NumericRule): readonly RunnerCommand[] {
  const action = returnValue(rule.verdict);
  const chunks = Math.ceil(rule.numbers.length / NUMBERS_AT_ONCE);
  const conditions = rule.conditions.map((condition) => ({ type: 'condition', ...condition }) as const);
  return Array.from({ length: chunks }).flatMap((_, chunk): readonly RunnerCommand[] => {
    const numbers = rule.numbers.slice(chunk * NUMBERS_AT_ONCE, (chunk + 1) * NUMBERS_AT_ONCE);
    return [...conditions, { type: 'rule', numbers, action }];
  });
}

/** Runs a command with the program at the other end of a channel. */
export class Runner {
  private readonly channel: Channel;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  /**
   * Prepares the held command under a filter. Only the command is confined, from its execve on.
   *
   * @param notes - lines that were logged about the profile, to be logged again when its filter is used without asking
   */
  run(filter: NumericFilter, command: CommandRequest, notes: readonly string[] = []): ConfinedRun {
    return this.start([
      ...filterCommands(filter),
      ...notes.map((text) => ({ type: 'note', text: Buffer.byteLength(text) > NOTE_BYTES ? '' : text }) as const),
      { type: 'start', ...startFields(command), profile: '' },
    ]);
  }

  /** Prepares the held command under an AppArmor profile that is in the kernel, and takes it out at the end. */
  confine(profile: string, command: CommandRequest): ConfinedRun {
    return this.start([{ type: 'start', ...startFields(command), profile }]);
  }

  private start(commands: readonly RunnerCommand[]): ConfinedRun {
    const language = {
      protocol: RUNNER_PROTOCOL,
      parse: parseRunnerEvent,
      print: printRunnerCommand,
      isLast: (event: RunnerEvent) => event.type === 'failed' || event.type === 'exited',
    };
    const { events, send } = converse(language, this.channel);
    for (const command of commands) send(command);
    return {
      events,
      release: () => send({ type: 'release' }),
      signal: (number) => send({ type: 'signal', number }),
    };
  }
}
