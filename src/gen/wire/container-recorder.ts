// Generated from schemas/wire/container-recorder.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// Between the process bpf-recorder and the program that records system calls of containers. Commands go down on file descriptor 3, events come up on 4, one JSON object a line.

import { parseLine, printLine, type Rules } from './frame.ts';

/** What the event hello must carry: the first 12 hexadecimal digits of the schema's hash. */
export const CONTAINER_RECORDER_PROTOCOL = 'c33481048bef';

/** The first event: what the program speaks. */
export interface ContainerRecorderHello {
  readonly type: 'hello';
  /** The first 12 hexadecimal digits of the schema's hash. */
  readonly protocol: string;
}

/** The hooks are there. A container that was there before is told of when one of its processes makes a call, all others when they are made. */
export interface ContainerRecorderAttached {
  readonly type: 'attached';
}

/** No hook is there any more, and no container is known. */
export interface ContainerRecorderDetached {
  readonly type: 'detached';
}

/** There is a control group that may be a container's. What it calls is kept until an answer comes: record or ignore. */
export interface ContainerRecorderContainer {
  readonly type: 'container';
  /** Number of the control group, which is not given away again while the node runs. */
  readonly key: bigint;
  /** Path of the control group below the root of its hierarchy, with a slash before each name. Of a very deep one only the last names, and then without the first slash. */
  readonly path: string;
  /** Whether it was there before the hooks: what its processes called before record is answered is not seen. */
  readonly running: boolean;
}

/** A program of the container's own has begun, its entry point or one that was executed in it: from here on calls are seen. Sent once. */
export interface ContainerRecorderEntered {
  readonly type: 'entered';
  /** The container. */
  readonly key: bigint;
  /** Number of its mount namespace, as /proc/PID/ns/mnt shows it. It is given away again when the container has ended. */
  readonly mountNamespace: number;
}

/** The calls that were seen since the container began, for one architecture. Sent for each architecture that made any, at each read and at the end. */
export interface ContainerRecorderSyscalls {
  readonly type: 'syscalls';
  /** The container. */
  readonly key: bigint;
  /** The calling convention, in the words of the OCI runtime specification. */
  readonly architecture: 'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_X32' | 'SCMP_ARCH_AARCH64' | 'SCMP_ARCH_ARM';
  /** Ascending numbers of that architecture; those of x32 without the bit 0x40000000. */
  readonly numbers: readonly number[];
}

/** The calls that a filter has refused since the container began, for one architecture. A call can be both seen and refused, as filters look at arguments. Sent after syscalls, only when there are any. */
export interface ContainerRecorderRefused {
  readonly type: 'refused';
  /** The container. */
  readonly key: bigint;
  /** The calling convention. */
  readonly architecture: 'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_X32' | 'SCMP_ARCH_AARCH64' | 'SCMP_ARCH_ARM';
  /** Ascending numbers, as those of syscalls. */
  readonly numbers: readonly number[];
}

/** What the recording lacks, in all. Of a container it is sent after its calls, only when there is any; of no container that is known as soon as it is seen. */
export interface ContainerRecorderLost {
  readonly type: 'lost';
  /** The container; 0 when it is not known which. */
  readonly key: bigint;
  /** process: a process or thread could not be marked, so that it and its descendants were not recorded. number: a call had a number that no table holds. container: there was no room for a container. event: an event did not arrive. detached: the hooks were taken away while it ran. */
  readonly reason: 'process' | 'number' | 'container' | 'event' | 'detached';
  /** How many processes, calls, containers or events; 1 for detached. */
  readonly count: bigint;
}

/** The last process of the container has gone, or its control group. Its calls follow, closed by complete. */
export interface ContainerRecorderEnded {
  readonly type: 'ended';
  /** The container. */
  readonly key: bigint;
}

/** The answer to a read, or what follows ended, has been sent in full. */
export interface ContainerRecorderComplete {
  readonly type: 'complete';
  /** The container. */
  readonly key: bigint;
}

/** The answer to stop; nothing follows. */
export interface ContainerRecorderStopped {
  readonly type: 'stopped';
}

/** Recording is not possible; nothing follows. */
export interface ContainerRecorderFailed {
  readonly type: 'failed';
  /** A sentence that names what is missing or wrong. */
  readonly reason: string;
}

/** Take the hooks. Answered by attached. Void when they are there. */
export interface ContainerRecorderAttach {
  readonly type: 'attach';
}

/** Take the hooks away. Answered, for each container that runs and was entered or is recorded, by ended, its calls and lost (detached), then by detached. */
export interface ContainerRecorderDetach {
  readonly type: 'detach';
}

/** The container is one to be recorded. Of one that was running, the processes are recorded from here on. Void for a key that is not known. */
export interface ContainerRecorderRecord {
  readonly type: 'record';
  /** The container. */
  readonly key: bigint;
}

/** The container is none to be recorded. What was kept of it is thrown away, and nothing more is said of it. */
export interface ContainerRecorderIgnore {
  readonly type: 'ignore';
  /** The container. */
  readonly key: bigint;
}

/** Send what was seen so far, closed by complete; the recording goes on. For a key that is not known it is complete alone. */
export interface ContainerRecorderRead {
  readonly type: 'read';
  /** The container. */
  readonly key: bigint;
}

/** The result is not needed any more: its room is free for another container. One that has not ended is recorded no longer. */
export interface ContainerRecorderForget {
  readonly type: 'forget';
  /** The container. */
  readonly key: bigint;
}

/** End the program: as detach, then stopped. */
export interface ContainerRecorderStop {
  readonly type: 'stop';
}

/** Everything that comes up from the container-recorder. */
export type ContainerRecorderEvent =
  | ContainerRecorderHello
  | ContainerRecorderAttached
  | ContainerRecorderDetached
  | ContainerRecorderContainer
  | ContainerRecorderEntered
  | ContainerRecorderSyscalls
  | ContainerRecorderRefused
  | ContainerRecorderLost
  | ContainerRecorderEnded
  | ContainerRecorderComplete
  | ContainerRecorderStopped
  | ContainerRecorderFailed;

/** Everything that goes down to the container-recorder. */
export type ContainerRecorderCommand =
  | ContainerRecorderAttach
  | ContainerRecorderDetach
  | ContainerRecorderRecord
  | ContainerRecorderIgnore
  | ContainerRecorderRead
  | ContainerRecorderForget
  | ContainerRecorderStop;

const EVENTS: Rules = {
  hello: {
    protocol: { kind: 'string', maxLength: 12 },
  },
  attached: {},
  detached: {},
  container: {
    key: { kind: 'uint64' },
    path: { kind: 'string', maxLength: 1024 },
    running: { kind: 'boolean' },
  },
  entered: {
    key: { kind: 'uint64' },
    mountNamespace: { kind: 'integer', minimum: 0, maximum: 4294967295 },
  },
  syscalls: {
    key: { kind: 'uint64' },
    architecture: { kind: 'choice', values: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'] },
    numbers: { kind: 'integers', minimum: 0, maximum: 2147483647, maxItems: 1024 },
  },
  refused: {
    key: { kind: 'uint64' },
    architecture: { kind: 'choice', values: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'] },
    numbers: { kind: 'integers', minimum: 0, maximum: 2147483647, maxItems: 1024 },
  },
  lost: {
    key: { kind: 'uint64' },
    reason: { kind: 'choice', values: ['process', 'number', 'container', 'event', 'detached'] },
    count: { kind: 'uint64' },
  },
  ended: {
    key: { kind: 'uint64' },
  },
  complete: {
    key: { kind: 'uint64' },
  },
  stopped: {},
  failed: {
    reason: { kind: 'string', maxLength: 5120 },
  },
};

const COMMANDS: Rules = {
  attach: {},
  detach: {},
  record: {
    key: { kind: 'uint64' },
  },
  ignore: {
    key: { kind: 'uint64' },
  },
  read: {
    key: { kind: 'uint64' },
  },
  forget: {
    key: { kind: 'uint64' },
  },
  stop: {},
};

/**
 * The event of a line that came up from the container-recorder.
 * @throws SyntaxError that names the message and the field, when the line is no event.
 */
export function parseContainerRecorderEvent(line: string): ContainerRecorderEvent {
  return parseLine('container-recorder', line, EVENTS) as unknown as ContainerRecorderEvent;
}

/**
 * The line, with its end, of a command that goes down to the container-recorder.
 * @throws RangeError that names the message and the field, when a value is outside of its bounds.
 */
export function printContainerRecorderCommand(command: ContainerRecorderCommand): string {
  return printLine('container-recorder', { ...command }, COMMANDS);
}
