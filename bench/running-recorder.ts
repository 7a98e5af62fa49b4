// SPDX-License-Identifier: Apache-2.0
// The recorder of containers as benchmarks run it, and the empty program that is the floor of its cost.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ContainerRecorderEvent } from '../src/gen/wire/container-recorder.ts';
import { startedChannel } from '../src/io/native/child-channel.ts';
import { ContainerRecorder } from '../src/io/native/container-recorder.ts';
import { hookFloor } from './programs.ts';

const PROGRAM = path.join(import.meta.dirname, '..', 'native', 'bpf', 'build', 'Release', 'container_recorder');

/** Ids of the containers of this process: the program hears of all others of the machine, too. */
const ids = new Set<string>();

/**
 * A recorder that answers each container of this process with `record`, every other with `forget`, as the node agent
 * does, and forgets those that have ended.
 */
export interface Running {
  readonly recorder: ContainerRecorder;
  /** Containers of this process whose calls have come. */
  readonly ended: () => number;
  readonly known: () => number;
  readonly until: (holds: () => boolean) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts it and waits until it is attached. */
export async function startRecorder(): Promise<Running> {
  const recorder = new ContainerRecorder(startedChannel(PROGRAM));
  let ended = 0;
  let known = 0;
  let attached = false;
  let wake = (): void => undefined;
  const take = (event: ContainerRecorderEvent): void => {
    if (event.type === 'attached') attached = true;
    if (event.type === 'container') {
      if (event.path.split('/').some((name) => ids.has(name))) {
        recorder.record(event.key);
        known += 1;
      } else recorder.forget(event.key);
    }
    if (event.type === 'syscalls') ended += 1;
    if (event.type === 'complete') recorder.forget(event.key);
  };
  const following = (async () => {
    for await (const event of recorder.events) {
      take(event);
      wake();
    }
  })();
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
  };
  recorder.attach();
  await until(() => attached);
  const stop = async (): Promise<void> => {
    recorder.stop();
    await following;
  };
  return { recorder, ended: () => ended, known: () => known, until, stop };
}

/** The id of a container, as engines make them. */
export function newId(): string {
  const id = (process.pid * 10_000 + ids.size).toString(16).padStart(64, '0');
  ids.add(id);
  return id;
}

/** An empty program on the hook of system calls, or on those of calls and exits, until it is killed. */
export async function attachedFloor(hooks: 'calls' | 'calls and exits'): Promise<ChildProcess> {
  const hook = spawn(hookFloor(), hooks === 'calls' ? [] : ['exits'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(hook.stdout, 'data');
  return hook;
}
