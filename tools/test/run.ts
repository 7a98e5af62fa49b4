// SPDX-License-Identifier: Apache-2.0
// Runs the tasks of a plan side by side, and tells of them: that one begins, what runs at the moment, and, when one has
// ended, all that it printed in one piece.
import { Child } from './child.ts';
import type { Count } from './count.ts';
import { add, countMocha, failureText, NONE, passedSoFar, words } from './count.ts';
import type { Task } from './plan.ts';
import { schedule } from './schedule.ts';
import { TemporaryFolders } from './temporary.ts';

const PROGRESS_MS = 30_000;
/** The longest test takes seven minutes by itself; twice that, so that a test that hangs leaves time for the others. */
const SILENCE_MS = 900_000;

interface Result {
  readonly task: Task;
  readonly count: Count;
  readonly ms: number;
}

/** One run. */
export class TestRun {
  private readonly tasks: readonly Task[];
  private readonly root: string;
  private readonly began = performance.now();
  private readonly folders = new TemporaryFolders();
  private readonly running = new Map<Task, Child>();
  private readonly results: Result[] = [];
  /** To be shown again at the end: a log that is cut shows its end. */
  private readonly failures: string[] = [];
  private readonly interrupted = new AbortController();

  private readonly silenceMs: number;

  /**
   * @param root - where the programs run
   * @param silenceMs - a task that prints nothing for so long is ended, and counts as failed
   */
  constructor(tasks: readonly Task[], root: string, silenceMs: number = SILENCE_MS) {
    this.tasks = tasks;
    this.root = root;
    this.silenceMs = silenceMs;
  }

  /** Runs all tasks on so many cores, and returns the sum of their counts. */
  async start(cores: number): Promise<Count> {
    const timer = setInterval(() => this.tellProgress(), PROGRESS_MS);
    try {
      await schedule(this.tasks, cores, {
        run: (task) => this.runTask(task),
        blocked: (task) => this.tellBlocked(task),
        signal: this.interrupted.signal,
      });
    } finally {
      clearInterval(timer);
      this.folders.close();
    }
    return this.results.reduce((sum, { count }) => add(sum, count), NONE);
  }

  /** Ends what runs and starts nothing more. */
  interrupt(signal: NodeJS.Signals): void {
    this.interrupted.abort();
    for (const child of this.running.values()) child.kill(signal);
  }

  /** Prints how long each task took, and once more what failed. */
  summarize(): void {
    console.log(`\nhow long it took, of ${seconds(performance.now() - this.began)} in all:`);
    const slowestFirst = [...this.results].sort((a, b) => b.ms - a.ms);
    for (const { task, count, ms } of slowestFirst)
      console.log(`${seconds(ms).padStart(9)}  ${task.name} (${words(count)})`);
    for (const failure of this.failures) console.log(failure);
  }

  private async runTask(task: Task): Promise<boolean> {
    this.tell(`begins: ${task.name}`);
    const child = new Child(task.command, {
      cwd: this.root,
      env: { ...process.env, TMPDIR: this.folders.make() },
      yields: task.yields ?? false,
      silenceMs: this.silenceMs,
      // Minutes on a new machine, so the output says what is under way.
      ...(task.type === 'build' ? { onLine: (line: string) => this.tell(line) } : {}),
    });
    this.running.set(task, child);
    const { status, ms } = await child.finished;
    this.running.delete(task);
    this.keep(task, child.output, status, ms);
    return status === 0;
  }

  private keep(task: Task, output: string, status: number, ms: number): void {
    const count = countOf(task, output, status);
    this.results.push({ task, count, ms });
    if (task.type !== 'build') console.log(`\n${titleOf(task)}\n${output.trimEnd()}`);
    console.log(endOf(task, status, ms));
    if (status === 0) return;
    const text = task.type === 'tests' ? failureText(output) : output.slice(-4000);
    this.failures.push(`\n${titleOf(task)}, once more what failed:\n${text}`);
  }

  private tellBlocked(task: Task): void {
    this.results.push({ task, count: { ...NONE, failed: 1 }, ms: 0 });
    this.failures.push(`\n${titleOf(task)} did not run: ${(task.after ?? []).join()} could not be built, see above`);
  }

  private tellProgress(): void {
    const now = [...this.running].map(([{ name }, child]) => {
      const passed = passedSoFar(child.output);
      return `${name} (${seconds(child.ms)}${passed === 0 ? '' : `, ${String(passed)} passed`})`;
    });
    const left = this.tasks.length - this.results.length - now.length;
    this.tell(`running: ${now.join(', ')}; ${String(left)} to begin`);
  }

  private tell(line: string): void {
    const whole = Math.round((performance.now() - this.began) / 1000);
    const clock = `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, '0')}`;
    console.log(`[${clock}] ${line}`);
  }
}

/** A check counts as one test; what is built counts as one only when it fails. */
function countOf(task: Task, output: string, status: number): Count {
  if (task.type === 'tests') return countMocha(output, status);
  if (status !== 0) return { ...NONE, failed: 1 };
  return task.type === 'check' ? { ...NONE, passed: 1 } : NONE;
}

function titleOf(task: Task): string {
  return task.type === 'tests' ? `suite ${task.name}` : task.name;
}

function endOf(task: Task, status: number, ms: number): string {
  const time = seconds(ms);
  return task.type === 'tests'
    ? `${titleOf(task)}: ${time}`
    : `${status === 0 ? 'ok' : 'FAILED'} ${task.name} (${time})`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
