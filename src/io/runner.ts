// SPDX-License-Identifier: Apache-2.0
// The program that runs a command under a seccomp filter, as a stream of events: see schemas/wire/runner.json for what each one says.
import type { NumericFilter, NumericRule } from '../core/seccomp/libseccomp/filter.ts';
import { returnValue } from '../core/seccomp/meaning/verdict.ts';
import { converse, type NativeCommand } from './native-program.ts';
import {
  parseRunnerEvent,
  printRunnerCommand,
  RUNNER_PROTOCOL,
  type RunnerCommand,
  type RunnerEvent,
} from '../gen/wire/runner.ts';

/** A command that runs under a filter. */
export interface ConfinedRun {
  /**
   * `unknown` for numbers that libseccomp could not take; `started`, after which the command waits for its release; last `exited`, or
   * `failed` with a sentence. Iterate it once; it ends by itself. Who stops iterating before the release ends the command. Throws an
   * Error when the program fails, the signal's reason when it is aborted.
   */
  readonly events: AsyncIterable<RunnerEvent>;
  /** Lets the command begin. To be called once, after `started`. */
  release(): void;
  /** Sends a signal, by its number, to the command, which takes it also while it waits. */
  signal(number: number): void;
}

/** Most numbers that one message carries (schemas/wire/runner.json). */
const NUMBERS_AT_ONCE = 1024;

/**
 * The messages that describe a filter to the program. The flags SECCOMP_FILTER_FLAG_TSYNC and SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV are left out:
 * a command that starts has one thread, and there is no listener.
 */
export function filterCommands(filter: NumericFilter): readonly RunnerCommand[] {
  const log = filter.flags.includes('SECCOMP_FILTER_FLAG_LOG');
  const specAllow = filter.flags.includes('SECCOMP_FILTER_FLAG_SPEC_ALLOW');
  return [
    { type: 'filter', defaultAction: returnValue(filter.defaultVerdict), log, specAllow },
    ...filter.architectures.flatMap(({ architecture, rules }): readonly RunnerCommand[] => [
      { type: 'architecture', name: architecture },
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

/** Runs commands with the program at a path. */
export class Runner {
  readonly #program: string;

  /** @param program - path of the compiled runner */
  constructor(program: string) {
    this.#program = program;
  }

  /** Prepares a command under a filter. Only the command is confined, from its execve on. */
  run(filter: NumericFilter, command: NativeCommand, signal: AbortSignal): ConfinedRun {
    const language = {
      program: this.#program,
      protocol: RUNNER_PROTOCOL,
      parse: parseRunnerEvent,
      print: printRunnerCommand,
      isLast: (event: RunnerEvent) => event.type === 'failed' || event.type === 'exited',
    };
    const { events, send } = converse(language, ['--', ...command.argv], command, signal);
    for (const message of filterCommands(filter)) send(message);
    const { uid, gid, groups } = command.user ?? { uid: -1, gid: -1, groups: [] };
    send({ type: 'start', file: command.file, uid, gid, groups });
    return {
      events,
      release: () => {
        send({ type: 'release' });
      },
      signal: (number) => {
        send({ type: 'signal', number });
      },
    };
  }
}
