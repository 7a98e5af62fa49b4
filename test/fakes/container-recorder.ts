// SPDX-License-Identifier: Apache-2.0
// The program that records containers, as schemas/wire/container-recorder.json has it, without a kernel: a test starts
// and ends containers in it.
import type { ContainerRecorderEvent } from '../../src/gen/wire/container-recorder.ts';

type Architecture = Extract<ContainerRecorderEvent, { readonly type: 'syscalls' }>['architecture'];

interface FakeContainer {
  readonly path: string;
  readonly calls: Map<Architecture, Set<number>>;
  isRecorded: boolean;
  hasEnded: boolean;
  isEntered: boolean;
}

/** A running program. Its events wait until they are iterated. */
export class FakeContainerRecorder {
  /** Commands as they came, such as `record 1`. */
  readonly commands: string[] = [];
  /** Containers of the node; those that were ignored or forgotten are gone. */
  readonly containers = new Map<bigint, FakeContainer>();
  private readonly queue: (ContainerRecorderEvent | Error)[] = [];
  private wake = (): void => undefined;
  private isAttached = false;

  get events(): AsyncIterable<ContainerRecorderEvent> {
    return this.iterate();
  }

  attach(): void {
    this.commands.push('attach');
    this.isAttached = true;
    for (const [key, { path }] of this.containers) this.emit({ type: 'container', key, path, running: true });
    this.emit({ type: 'attached' });
  }

  detach(): void {
    this.commands.push('detach');
    this.endAll();
    this.emit({ type: 'detached' });
  }

  record(key: bigint): void {
    this.commands.push(`record ${String(key)}`);
    const one = this.containers.get(key);
    if (one !== undefined) one.isRecorded = true;
  }

  ignore(key: bigint): void {
    this.commands.push(`ignore ${String(key)}`);
    this.containers.delete(key);
  }

  read(key: bigint): void {
    this.commands.push(`read ${String(key)}`);
    this.result(key);
  }

  forget(key: bigint): void {
    this.commands.push(`forget ${String(key)}`);
    this.containers.delete(key);
  }

  stop(): void {
    this.commands.push('stop');
    this.endAll();
    this.emit({ type: 'stopped' });
  }

  /** A container begins; before `attach` it is one that runs already. */
  start(key: bigint, path: string): void {
    this.containers.set(key, { path, calls: new Map(), isRecorded: false, hasEnded: false, isEntered: false });
    if (this.isAttached) this.emit({ type: 'container', key, path, running: false });
  }

  /** Its program begins, and calls. */
  calls(key: bigint, numbers: readonly number[], architecture: Architecture = 'SCMP_ARCH_X86_64'): void {
    const one = this.containers.get(key);
    if (one === undefined) return;
    if (!one.isEntered) this.emit({ type: 'entered', key, mountNamespace: Number(key) });
    one.isEntered = true;
    one.calls.set(architecture, new Set([...(one.calls.get(architecture) ?? []), ...numbers]));
  }

  /** It ends. */
  end(key: bigint): void {
    const one = this.containers.get(key);
    if (one === undefined || one.hasEnded) return;
    one.hasEnded = true;
    this.emit({ type: 'ended', key });
    this.result(key);
  }

  /** The program breaks down. */
  fail(why: string): void {
    this.queue.push(new Error(why));
    this.wake();
  }

  /** Sends an event of its own accord. */
  emit(event: ContainerRecorderEvent): void {
    this.queue.push(event);
    this.wake();
  }

  /** Takes the events that wait. */
  taken(): readonly ContainerRecorderEvent[] {
    return this.queue.splice(0).flatMap((event) => (event instanceof Error ? [] : [event]));
  }

  private endAll(): void {
    for (const [key, { hasEnded, isRecorded }] of this.containers) {
      if (hasEnded || !isRecorded) continue;
      this.emit({ type: 'ended', key });
      this.result(key, 1n);
    }
    this.containers.clear();
    this.isAttached = false;
  }

  private result(key: bigint, detached = 0n): void {
    for (const [architecture, numbers] of this.containers.get(key)?.calls ?? [])
      this.emit({ type: 'syscalls', key, architecture, numbers: [...numbers] });
    if (detached > 0n) this.emit({ type: 'lost', key, reason: 'detached', count: detached });
    this.emit({ type: 'complete', key });
  }

  private async *iterate(): AsyncGenerator<ContainerRecorderEvent> {
    for (;;) {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
        if (next instanceof Error) throw next;
        yield next;
        if (next.type === 'stopped' || next.type === 'failed') return;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
