// SPDX-License-Identifier: Apache-2.0
// Keeps the program that records containers running, and its hooks in place while anything may be recorded: at other
// times it costs the node nothing.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { RecorderSession } from '../../core/recording/recorder-session.ts';
import type { ContainerRecorder } from '../../io/native/container-recorder.ts';
import { aborted } from '../../runtime/clock.ts';
import type { Clock } from '../../runtime/clock.ts';

/** The part of the program that is used. */
export type RunningRecorder = Pick<ContainerRecorder, keyof ContainerRecorder>;

/** The surroundings of the flow. */
export interface RecordingFlowParts {
  readonly log: Log;
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  readonly session: RecorderSession;
  /** Starts the program. */
  readonly start: () => RunningRecorder;
  /** Whether anything may be recorded now. */
  readonly isWanted: () => boolean;
}

/** How often calls are read of containers that run, in milliseconds. */
const READ_MS = 5000;

/** A program that ends sooner would end again: then the kubelet starts us anew, ever later. In milliseconds. */
const LASTING_MS = 10_000;

/** Drives one program after the other. */
export class RecordingFlow {
  private readonly parts: RecordingFlowParts;
  private recorder: RunningRecorder | undefined;
  private isAttached = false;
  private isTested = false;
  private cancelTick: (() => void) | undefined;

  constructor(parts: RecordingFlowParts) {
    this.parts = parts;
  }

  /** Whether eBPF works here: the hooks have been in place once. */
  get ready(): boolean {
    return this.isTested;
  }

  /** Pods or recordings have changed. */
  changed(): void {
    this.adjust();
    this.parts.session.decide();
    this.tickLater();
  }

  /**
   * Records until the signal aborts, and starts a program that has ended again at once. Returns when the last calls
   * have been taken.
   *
   * @returns the exit status of the process: 1 where a program did not last
   */
  async run(signal: AbortSignal): Promise<number> {
    const { log, clock, session } = this.parts;
    for (;;) {
      const begun = clock.monotonic();
      const end = await this.runOnce(signal);
      this.cancelTick?.();
      this.cancelTick = undefined;
      if (signal.aborted) break;
      log.error('the program that records containers has ended', { why: end });
      session.broken();
      if (clock.monotonic() - begun < LASTING_MS) return 1;
    }
    log.info('stopped');
    return 0;
  }

  /** How the program ended. */
  private async runOnce(signal: AbortSignal): Promise<string> {
    const { log, session, start } = this.parts;
    const recorder = start();
    void aborted(signal).then(() => {
      session.stop();
      recorder.stop();
    });
    try {
      session.begin(recorder);
      // Also where nothing is recorded: an administrator wants to know now, not later, that this kernel cannot do it.
      if (!this.isTested) log.info('Doing BPF load/unload self-test');
      this.recorder = recorder;
      this.attach(true);
      return await this.follow(recorder);
    } catch (error) {
      return errorText(error);
    } finally {
      this.recorder = undefined;
    }
  }

  private async follow({ events }: RunningRecorder): Promise<string> {
    for await (const event of events) {
      if (event.type === 'failed') return event.reason;
      this.parts.session.take(event);
      if (event.type === 'attached') this.attached();
      this.tickLater();
    }
    return 'it has stopped';
  }

  private attached(): void {
    this.parts.log.info('Module successfully loaded, watching for events');
    this.isTested = true;
    this.adjust();
  }

  /** The program's hooks are taken away only once they have been seen to be there. */
  private adjust(): void {
    const isWanted = this.parts.isWanted();
    if (this.recorder !== undefined && this.isTested && isWanted !== this.isAttached) this.attach(isWanted);
  }

  private attach(isWanted: boolean): void {
    this.isAttached = isWanted;
    this.parts.log.info(isWanted ? 'Loading bpf module' : 'Unloading bpf module');
    if (isWanted) this.recorder?.attach();
    else this.recorder?.detach();
  }

  private tickLater(): void {
    if (this.cancelTick !== undefined || this.recorder === undefined || !this.parts.session.isBusy) return;
    this.cancelTick = this.parts.clock.after(READ_MS, () => {
      this.cancelTick = undefined;
      this.parts.session.decide();
      this.parts.session.read();
      this.tickLater();
    });
  }
}
