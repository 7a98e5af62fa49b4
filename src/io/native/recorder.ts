// SPDX-License-Identifier: Apache-2.0
// The program that records system calls, as a stream of events: see schemas/wire/recorder.json for the meaning of each
// one.
import { parseRecorderEvent, printRecorderCommand, RECORDER_PROTOCOL } from '../../gen/wire/recorder.ts';
import type { RecorderCommand, RecorderEvent } from '../../gen/wire/recorder.ts';
import type { Channel } from './channel.ts';
import { converse } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { startFields } from './user.ts';
import type { CommandRequest } from './user.ts';

/** A recording that goes on. */
export interface Recording {
  /**
   * Events in order: `started`, after which the command waits for its release, or `watching`; `access` for each that
   * a profile logs; `interrupt` at each signal that asks for an end; at the command's end `exited` and perhaps
   * `orphans`; last `syscalls` and perhaps `lost` and `left`, closed by `complete`. A recording that is not possible is
   * `failed`, with a sentence. Iterate it once; it ends by itself. Throws an Error when the program fails.
   */
  readonly events: AsyncIterable<RecorderEvent>;
  /** Lets the command begin. To be called once, after `started`. */
  release(): void;
  /** Sends a signal, by its number, to the command; void when it has ended. */
  signal(number: number): void;
  /** Asks for the result so far: `syscalls`, `lost` and a `complete` that is not final. */
  read(): void;
  /**
   * Ends the recording now, with all that was seen. The command and its descendants go on unrecorded; a command that
   * was not released is ended.
   */
  stop(): void;
}

/** Things that are noted beside the numbers of the calls. */
export interface RecordingExtras {
  /** The arguments that a trace notes, as the message `trace` has them; undefined for no trace. */
  readonly traced?: readonly number[] | undefined;
  /**
   * Name of an AppArmor profile in complain mode that is in the kernel: a command gets it, a watched program has it by
   * itself, its records are events, and it is taken out at the end. Undefined for none.
   */
  readonly profile?: string | undefined;
}

/** Records with the program at the other end of a channel, once. */
export class Recorder {
  private readonly conversation: Conversation<RecorderEvent, RecorderCommand>;

  constructor(channel: Channel) {
    const language = {
      protocol: RECORDER_PROTOCOL,
      parse: parseRecorderEvent,
      print: printRecorderCommand,
      isLast: (event: RecorderEvent) => event.type === 'failed' || (event.type === 'complete' && event.final),
    };
    this.conversation = converse(language, channel);
  }

  /**
   * Prepares the held command and, once it is released, records it and all its descendants, from its execve on, until
   * they have ended.
   */
  record(command: CommandRequest, { traced, profile = '' }: RecordingExtras = {}): Recording {
    this.askForTrace(traced);
    this.conversation.send({ type: 'start', ...startFields(command), profile });
    return this.recording();
  }

  /**
   * Records all processes of a name and their descendants, running ones too, until it is stopped.
   *
   * @param name - as in /proc/PID/comm, of which the kernel keeps 15 bytes, or of the executable file;
   *   a process may call itself otherwise
   */
  watch(name: string, { traced, profile = '' }: RecordingExtras = {}): Recording {
    this.askForTrace(traced);
    this.conversation.send({ type: 'watch', name, profile });
    return this.recording();
  }

  private askForTrace(traced: readonly number[] | undefined): void {
    if (traced !== undefined) this.conversation.send({ type: 'trace', arguments: traced });
  }

  private recording(): Recording {
    const { events, send } = this.conversation;
    return {
      events,
      release: () => send({ type: 'release' }),
      signal: (number) => send({ type: 'signal', number }),
      read: () => send({ type: 'read' }),
      stop: () => send({ type: 'stop' }),
    };
  }
}
