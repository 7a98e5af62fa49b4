// SPDX-License-Identifier: Apache-2.0
// The program that records system calls, as a stream of events: see schemas/wire/recorder.json for what each one says.
import { converse, type Conversation, type NativeCommand } from './native-program.ts';
import {
  parseRecorderEvent,
  printRecorderCommand,
  RECORDER_PROTOCOL,
  type RecorderCommand,
  type RecorderEvent,
} from '../gen/wire/recorder.ts';

/** A recording that goes on. */
export interface Recording {
  /**
   * What is seen, in order: `started`, after which the command waits for its release, or `watching`; at the command's end `exited` and perhaps `orphans`; last `syscalls` and perhaps
   * `lost`, closed by `complete`. A recording that is not possible is `failed`, with a sentence. Iterate it once; it ends by itself.
   * Throws an Error when the program fails, the signal's reason when it is aborted.
   */
  readonly events: AsyncIterable<RecorderEvent>;
  /** Lets the command begin. To be called once, after `started`. */
  release(): void;
  /** Asks for what was seen so far: `syscalls`, `lost` and a `complete` that is not final. */
  read(): void;
  /**
   * Ends the recording now, with all that was seen. The command and its descendants go on unrecorded; a command that was not released
   * is ended.
   */
  stop(): void;
}

/** Records with the program at a path. */
export class Recorder {
  readonly #program: string;

  /** @param program - path of the compiled recorder */
  constructor(program: string) {
    this.#program = program;
  }

  /** Prepares a command and, once it is released, records it and all its descendants, from its execve on, until the last of them has ended. */
  record(command: NativeCommand, signal: AbortSignal): Recording {
    const conversation = this.#converse(['--', ...command.argv], command, signal);
    const { uid, gid, groups } = command.user ?? { uid: -1, gid: -1, groups: [] };
    conversation.send({ type: 'start', file: command.file, uid, gid, groups });
    return recordingOf(conversation);
  }

  /**
   * Records all processes of a name and their descendants, running ones too, until it is stopped.
   *
   * @param name - as in /proc/PID/comm, of which the kernel keeps 15 bytes, or of the executable file;
   *   a process may call itself otherwise
   */
  watch(name: string, signal: AbortSignal): Recording {
    const conversation = this.#converse([], { env: {}, cwd: '/' }, signal);
    conversation.send({ type: 'watch', name });
    return recordingOf(conversation);
  }

  #converse(
    options: readonly string[],
    command: Pick<NativeCommand, 'env' | 'cwd' | 'streams'>,
    signal: AbortSignal,
  ): Conversation<RecorderEvent, RecorderCommand> {
    const language = {
      program: this.#program,
      capabilities: ['CAP_BPF', 'CAP_PERFMON'] as const,
      protocol: RECORDER_PROTOCOL,
      parse: parseRecorderEvent,
      print: printRecorderCommand,
      isLast: (event: RecorderEvent) => event.type === 'failed' || (event.type === 'complete' && event.final),
    };
    return converse(language, options, command, signal);
  }
}

function recordingOf({ events, send }: Conversation<RecorderEvent, RecorderCommand>): Recording {
  return {
    events,
    release: () => {
      send({ type: 'release' });
    },
    read: () => {
      send({ type: 'read' });
    },
    stop: () => {
      send({ type: 'stop' });
    },
  };
}
