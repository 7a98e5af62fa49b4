// SPDX-License-Identifier: Apache-2.0
// Recordings of containers as values, and the containers of a real runtime that they are made of.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { syscallName } from '../../src/core/seccomp/syscalls.ts';
import type { ContainerRecorderEvent } from '../../src/gen/wire/container-recorder.ts';
import { startedChannel } from '../../src/io/native/child-channel.ts';
import { ContainerRecorder } from '../../src/io/native/container-recorder.ts';
import { makeBundle } from '../../tools/oci-bundle.ts';
import type { BundleOptions, OpenRuntime } from '../../tools/oci-bundle.ts';
import { output } from './command-output.ts';
import type { CommandOutput } from './command-output.ts';
import { fixture, nativeProgram } from './fixtures.ts';

const PATIENCE_MS = 100_000;

/** The events of one container, summed up. */
export interface ContainerRecording {
  readonly key: bigint;
  readonly running: boolean;
  readonly types: readonly string[];
  /** Names of the calls of the machine's own architecture, sorted. */
  readonly names: readonly string[];
  /** Numbers by architecture, of the last time that they were told. */
  readonly numbers: Readonly<Record<string, readonly number[]>>;
  readonly refused: Readonly<Record<string, readonly number[]>>;
  readonly lost: Readonly<Record<string, bigint>>;
}

/** A running recorder of containers and all that it has told. */
export class ContainerEvents {
  readonly recorder: ContainerRecorder;
  readonly all: ContainerRecorderEvent[] = [];
  /** When the last event has come; rejects where the program fails. */
  readonly ended: Promise<void>;
  private wake: () => void = () => undefined;

  constructor(program = nativeProgram('container_recorder'), args: readonly string[] = []) {
    this.recorder = new ContainerRecorder(startedChannel(program, args));
    this.ended = this.follow();
    this.ended.catch(() => undefined);
  }

  /** Attaches and waits until that is done. */
  async attach(): Promise<void> {
    this.recorder.attach();
    await this.until(() => this.all.some(({ type }) => type === 'attached'));
  }

  /** Ends the program. */
  async stop(): Promise<void> {
    this.recorder.stop();
    await this.ended;
  }

  /** Waits until something holds of the events. */
  async until(holds: () => boolean): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!holds()) {
      if (Date.now() > end)
        throw new Error(`not within ${PATIENCE_MS} ms: ${this.all.slice(-20).map(shown).join(' ')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** The key of the container with an id, once it is known. */
  async keyOf(id: string): Promise<bigint> {
    await this.until(() => this.find(id) !== undefined);
    return this.find(id)?.key ?? 0n;
  }

  /** The whole recording of a container that ends. */
  async recordingOf(id: string): Promise<ContainerRecording> {
    const key = await this.keyOf(id);
    await this.until(() => isComplete(this.of(key)));
    return summary(key, this.of(key));
  }

  /** The recording of a container until now. */
  async read(id: string): Promise<ContainerRecording> {
    const key = await this.keyOf(id);
    const before = this.completions(key);
    this.recorder.read(key);
    await this.until(() => this.completions(key) > before);
    return summary(key, this.of(key));
  }

  /** The events of one container. */
  of(key: bigint): readonly ContainerRecorderEvent[] {
    return this.all.filter((event) => 'key' in event && event.key === key);
  }

  private completions(key: bigint): number {
    return this.of(key).filter(({ type }) => type === 'complete').length;
  }

  private find(id: string): { readonly key: bigint } | undefined {
    return this.all.find((event) => event.type === 'container' && event.path.endsWith(id)) as
      { key: bigint } | undefined;
  }

  private async follow(): Promise<void> {
    try {
      for await (const event of this.recorder.events) {
        this.all.push(event);
        this.wake();
      }
    } finally {
      this.wake();
    }
  }
}

function shown(event: ContainerRecorderEvent): string {
  return JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function isComplete(events: readonly ContainerRecorderEvent[]): boolean {
  const end = events.findIndex(({ type }) => type === 'ended');
  return end >= 0 && events.slice(end).some(({ type }) => type === 'complete');
}

/** The whole recording of a container, out of the events of all. Throws where none of them tells of it. */
export function recordingAmong(events: readonly ContainerRecorderEvent[], id: string): ContainerRecording {
  const first = events.find((event) => event.type === 'container' && event.path.endsWith(id));
  if (first?.type !== 'container') throw new Error(`no event of ${id}: ${events.map(shown).join(' ')}`);
  const { key } = first;
  return summary(
    key,
    events.filter((event) => 'key' in event && event.key === key),
  );
}

function summary(key: bigint, events: readonly ContainerRecorderEvent[]): ContainerRecording {
  const own = process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';
  const byArchitecture = (kind: 'syscalls' | 'refused') =>
    Object.fromEntries(
      events.flatMap((event) => (event.type === kind ? [[event.architecture, event.numbers] as const] : [])),
    );
  const numbers = byArchitecture('syscalls');
  return {
    key,
    running: events.some((event) => event.type === 'container' && event.running),
    types: events.map(({ type }) => type),
    names: (numbers[own] ?? []).map((number) => syscallName(own, number) ?? String(number)).toSorted(),
    numbers,
    refused: byArchitecture('refused'),
    lost: Object.fromEntries(events.flatMap((event) => (event.type === 'lost' ? [[event.reason, event.count]] : []))),
  };
}

/** Where the hierarchy of control groups of version 2 is mounted; undefined where it is not. */
export function unifiedFolder(): string | undefined {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  return mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1];
}

/** An id as container engines make them. */
export function newContainerId(): string {
  return randomBytes(32).toString('hex');
}

/** Containers of one runtime below one folder. The programs of the fixtures are in /bin of each. */
export class Containers {
  private readonly runtime: OpenRuntime;
  private readonly folder: string;
  private bundles = 0;
  /** Those that may be left by a test that has failed. */
  private readonly ids: string[] = [];

  constructor(runtime: OpenRuntime, folder: string) {
    this.runtime = runtime;
    this.folder = folder;
  }

  /** Makes a bundle that runs a command line; `change` may alter its configuration. */
  bundle(
    args: readonly string[],
    options: Partial<BundleOptions> = {},
    change?: (configuration: Record<string, unknown>, bundle: string) => void,
  ): string {
    this.bundles += 1;
    const bundle = path.join(this.folder, `bundle-${String(this.bundles)}`);
    const defaults = { noNewPrivileges: true, user: 1000, capabilities: true, terminal: false, seccomp: undefined };
    makeBundle(bundle, fixture('container'), { ...defaults, ...options, args });
    for (const name of ['processes', 'call'] as const)
      copyFileSync(fixture(name), path.join(bundle, 'rootfs/bin', name));
    if (change !== undefined) {
      const file = path.join(bundle, 'config.json');
      const configuration = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      change(configuration, bundle);
      writeFileSync(file, JSON.stringify(configuration));
    }
    return bundle;
  }

  /** Runs a bundle as a container to its end. */
  run(bundle: string, id: string): Promise<CommandOutput> {
    return output(this.runtime.call('run', '--bundle', bundle, id));
  }

  /** Runs a bundle as a container whose standard input is ours. */
  started(bundle: string, id: string): ChildProcess {
    this.ids.push(id);
    const [file, ...rest] = this.runtime.call('run', '--bundle', bundle, id);
    return spawn(file, rest, { stdio: ['pipe', 'ignore', 'inherit'] });
  }

  /** Makes a container that waits for call('start', id). Its process has no streams. */
  async create(bundle: string, id: string): Promise<number> {
    this.ids.push(id);
    const [file, ...rest] = this.runtime.call('create', '--bundle', bundle, id);
    const status = await new Promise((resolve) => spawn(file, rest, { stdio: 'ignore' }).once('close', resolve));
    if (status !== 0) throw new Error(`${id} was not created`);
    const { text } = await this.call('state', id);
    return (JSON.parse(text) as { readonly pid: number }).pid;
  }

  /** Any other command of the runtime. */
  call(...argv: readonly [string, ...string[]]): Promise<CommandOutput> {
    return output(this.runtime.call(...argv));
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    for (const id of this.ids) await this.call('delete', '--force', id);
    this.runtime.close();
  }
}
