// SPDX-License-Identifier: Apache-2.0
// A program of the test run: its output is kept until it ends, so that what runs side by side can be read one after the
// other.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** How a program is run. */
export interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** It leaves the processor to others that want it. */
  readonly yields: boolean;
  /** Called with each line as it comes; without it, output is only kept. */
  readonly onLine?: (line: string) => void;
  /** It is ended when it has printed nothing for so long, in milliseconds: it hangs. */
  readonly silenceMs: number;
}

/** How a program ended. */
export interface Finished {
  /** 128 and the number of the signal, where one ended it, as in a shell. */
  readonly status: number;
  readonly ms: number;
}

/** A running program. */
export class Child {
  readonly finished: Promise<Finished>;
  private readonly started = performance.now();
  private readonly process: ChildProcess;
  private readonly chunks: Buffer[] = [];
  private shown = 0;

  constructor(command: readonly string[], { cwd, env, yields, onLine, silenceMs }: ChildOptions) {
    const [file = '', ...args] = yields ? ['nice', '-n', '10', ...command] : command;
    // A process group of its own, which a signal reaches as a whole: also a program that a test waits for.
    this.process = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const silence = setTimeout(() => this.end(silenceMs), silenceMs);
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        silence.refresh();
        this.chunks.push(chunk);
        if (onLine !== undefined) this.showLines(onLine);
      });
    }
    this.finished = new Promise((resolve, reject) => {
      this.process.once('error', (cause) => reject(new Error(`start ${file}`, { cause })));
      this.process.once('close', (code, signal) => {
        clearTimeout(silence);
        const status = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
        resolve({ status, ms: this.ms });
      });
    });
  }

  /** Milliseconds since it was started. */
  get ms(): number {
    return performance.now() - this.started;
  }

  /** All that it has printed so far, on both ways, in the order in which it came. */
  get output(): string {
    return Buffer.concat(this.chunks).toString();
  }

  /** Sends a signal to it and to the programs that it has started. */
  kill(signal: NodeJS.Signals): void {
    const { pid } = this.process;
    if (pid === undefined || this.process.exitCode !== null || this.process.signalCode !== null) return;
    process.kill(-pid, signal);
  }

  private end(silenceMs: number): void {
    this.chunks.push(Buffer.from(`\nended: it had printed nothing for ${String(silenceMs / 60_000)} min\n`));
    this.kill('SIGKILL');
  }

  private showLines(onLine: (line: string) => void): void {
    const lines = this.output.split('\n').slice(0, -1);
    for (const line of lines.slice(this.shown)) onLine(line);
    this.shown = lines.length;
  }
}
