// SPDX-License-Identifier: Apache-2.0
// The program that records system calls of containers, as a stream of events: see schemas/wire/container-recorder.json
// for the meaning of each one.
import {
  CONTAINER_RECORDER_PROTOCOL,
  parseContainerRecorderEvent,
  printContainerRecorderCommand,
} from '../../gen/wire/container-recorder.ts';
import type { ContainerRecorderCommand, ContainerRecorderEvent } from '../../gen/wire/container-recorder.ts';
import type { Channel } from './channel.ts';
import { converse } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const LANGUAGE = {
  protocol: CONTAINER_RECORDER_PROTOCOL,
  parse: parseContainerRecorderEvent,
  print: printContainerRecorderCommand,
  isLast: ({ type }: ContainerRecorderEvent) => type === 'stopped' || type === 'failed',
};

/** Records containers with the program at the other end of a channel. Containers are known by their keys. */
export class ContainerRecorder {
  /**
   * Events in order. Of a container: `container`, once it is there; `entered`, when a program of its own begins; at
   * each read `syscalls`, `refused` and `lost`, as far as there are any, closed by `complete`; `ended`, followed by the
   * same for the last time. Any of them may come before the container was answered for, and none after it was ignored
   * or forgotten, but for what was on its way. The last event is `stopped`, or `failed` with a sentence. Iterate it
   * once. Throws an Error when the program cannot be started, is of another version or ends by itself.
   */
  readonly events: AsyncIterable<ContainerRecorderEvent>;
  private readonly conversation: Conversation<ContainerRecorderEvent, ContainerRecorderCommand>;

  constructor(channel: Channel) {
    this.conversation = converse(LANGUAGE, channel);
    this.events = this.conversation.events;
  }

  /** Takes the hooks: answered by a `container` for each one that is there, and `attached`. */
  attach(): void {
    this.conversation.send({ type: 'attach' });
  }

  /** Takes the hooks away, and costs the node nothing any more; answered by `detached`. */
  detach(): void {
    this.conversation.send({ type: 'detach' });
  }

  /** Answers `container`: it is to be recorded. */
  record(key: bigint): void {
    this.conversation.send({ type: 'record', key });
  }

  /** Answers `container`: it is none of ours, and its calls are not kept. */
  ignore(key: bigint): void {
    this.conversation.send({ type: 'ignore', key });
  }

  /** Asks for what was seen so far. */
  read(key: bigint): void {
    this.conversation.send({ type: 'read', key });
  }

  /** Makes room for another container, when the result of one that has ended was taken. */
  forget(key: bigint): void {
    this.conversation.send({ type: 'forget', key });
  }

  /** Ends the program: results of containers that run, then `stopped`. */
  stop(): void {
    this.conversation.send({ type: 'stop' });
  }
}
