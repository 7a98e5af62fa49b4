// SPDX-License-Identifier: Apache-2.0
// A Chromium without a window, spoken to over two pipes: no port is opened, and it ends when the pipes are closed. See
// https://chromedevtools.github.io/devtools-protocol/.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/**
 * No sandbox, since benchmarks run as root, where it refuses; the pages are our own. Nothing is asked of the network,
 * and drawing is the processor's.
 */
const OPTIONS = [
  '--headless=new',
  '--no-sandbox',
  '--no-first-run',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--remote-debugging-pipe',
  '--host-resolver-rules=MAP * ~NOTFOUND',
] as const;

/** Longer than any answer takes on a busy machine, in milliseconds. */
const PATIENCE_MS = 60_000;

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Someone who waits for a message. */
interface Waiter {
  readonly wants: (message: Message) => boolean;
  readonly take: (message: Message) => void;
  readonly fail: (error: Error) => void;
}

/** Path of a Chromium on this machine; undefined for none. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A running browser. */
export class Chromium {
  private readonly child: ChildProcess;
  private readonly folder: string;
  private readonly waiters = new Set<Waiter>();
  private last = 0;

  private constructor(child: ChildProcess, folder: string) {
    this.child = child;
    this.folder = folder;
    let rest = '';
    (child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const texts = `${rest}${text}`.split('\0');
      rest = texts.pop() ?? '';
      for (const one of texts) this.give(JSON.parse(one) as Message);
    });
    child.on('error', (error) => this.fail(error));
    child.on('exit', (code) => this.fail(new Error(`Chromium has ended with ${String(code)}`)));
  }

  /** Starts one, with a profile of its own. */
  static start(program: string): Chromium {
    const folder = mkdtempSync(path.join(tmpdir(), 'bench-chromium-'));
    const options = [...OPTIONS, `--user-data-dir=${folder}`, 'about:blank'];
    return new Chromium(spawn(program, options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] }), folder);
  }

  /**
   * Sends a command and gives its result.
   * @throws Error with the browser's words, or when it does not answer
   */
  async send(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    const id = (this.last += 1);
    const answer = this.wait(method, (message) => message.id === id);
    (this.child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** Opens an empty tab and gives its session. */
  async openTab(): Promise<string> {
    const { targetId } = (await this.send('Target.createTarget', { url: 'about:blank' })) as { targetId: string };
    const attached = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const { sessionId } = attached as { sessionId: string };
    await this.send('Page.enable', {}, sessionId);
    return sessionId;
  }

  /** Goes to a page, and waits until it has been loaded. */
  async load(sessionId: string, url: string): Promise<void> {
    const isLoaded = (message: Message): boolean =>
      message.method === 'Page.loadEventFired' && message.sessionId === sessionId;
    const loaded = this.wait(url, isLoaded);
    await this.send('Page.navigate', { url }, sessionId);
    await loaded;
  }

  /** The value of an expression in the page; one that is a promise is awaited. */
  async evaluate(sessionId: string, expression: string): Promise<unknown> {
    const params = { expression, returnByValue: true, awaitPromise: true };
    const answer = (await this.send('Runtime.evaluate', params, sessionId)) as { result: { value?: unknown } };
    return answer.result.value;
  }

  /** Ends it, and removes its profile. */
  async close(): Promise<void> {
    if (this.child.exitCode === null && this.child.pid !== undefined) {
      const exit = once(this.child, 'exit');
      (this.child.stdio[3] as Writable).end();
      await exit;
    }
    rmSync(this.folder, { recursive: true, maxRetries: 10 });
  }

  private give(message: Message): void {
    for (const waiter of this.waiters) if (waiter.wants(message)) waiter.take(message);
  }

  private fail(error: Error): void {
    for (const waiter of this.waiters) waiter.fail(error);
  }

  private async wait(subject: string, wants: Waiter['wants']): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const waiter = { wants, take: resolve, fail: reject };
    const late = new Error(`Chromium has not answered in ${String(PATIENCE_MS / 1000)} s: ${subject}`);
    const timer = setTimeout(() => reject(late), PATIENCE_MS);
    this.waiters.add(waiter);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.waiters.delete(waiter);
    }
  }
}
