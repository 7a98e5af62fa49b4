// SPDX-License-Identifier: Apache-2.0
// Starts one of our C programs and talks with it. File descriptors 0 to 2 are those of the user's command, so commands go down on 3 and
// events come up on 4, as lines. Nothing is sent before the program has said that it speaks our protocol.
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { explainRefusal, type FileCapability } from './bounding-set.ts';

/** A command that a program starts for the user. */
export interface NativeCommand {
  /** Absolute path of the executable, already looked up in PATH. */
  readonly file: string;
  /** The words of the command, its own name first. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory. */
  readonly cwd: string;
  /** Who runs it; left out: who runs us. */
  readonly user?: {
    readonly uid: number;
    readonly gid: number;
    /** Supplementary groups. */
    readonly groups: readonly number[];
  };
  /** File descriptors of ours that become its standard input, output and error; left out: 0, 1, 2. */
  readonly streams?: readonly [number, number, number];
}

/** What distinguishes a program: its file, its language, and how a conversation ends. */
export interface NativeLanguage<Event, Command> {
  /** Path of the executable. */
  readonly program: string;
  /** Capabilities that its file may carry, for the sentence when the kernel does not let it start; left out: none. */
  readonly capabilities?: readonly FileCapability[];
  /** What its event hello must carry. */
  readonly protocol: string;
  readonly parse: (line: string) => Event;
  readonly print: (command: Command) => string;
  /** Whether nothing follows the event. */
  readonly isLast: (event: Event) => boolean;
}

type ProgramFile = Pick<NativeLanguage<unknown, unknown>, 'program' | 'capabilities'>;

/** A conversation with a running program. */
export interface Conversation<Event, Command> {
  /**
   * What the program says, without hello. Iterate it once. Throws an Error with a sentence when the program cannot be started, speaks
   * another protocol or ends before its last event; throws the signal's reason when it is aborted.
   */
  readonly events: AsyncIterable<Event>;
  /** Says something to the program. Commands said before its hello wait for it; said after its end they are void. */
  readonly send: (command: Command) => void;
}

/**
 * Starts a program. Aborting the signal ends it: its standard streams close and what it attached is detached.
 * @throws Error with a sentence for what Node.js finds at once: a command line that is too long, a capability that is out of reach
 */
export function converse<Event extends { readonly type: string }, Command>(
  language: NativeLanguage<Event, Command>,
  options: readonly string[],
  command: Pick<NativeCommand, 'env' | 'cwd' | 'streams'>,
  signal: AbortSignal,
): Conversation<Event, Command> {
  signal.throwIfAborted();
  const child = start(language, options, command);
  const ended = endOf(child, language);
  const gate = new Gate(child.stdio[3] as Writable);
  const abort = () => child.kill('SIGTERM');
  signal.addEventListener('abort', abort, { once: true });
  async function* events(): AsyncGenerator<Event> {
    try {
      yield* readEvents(language, child.stdio[4] as Readable, gate, ended);
    } catch (error) {
      abort();
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      gate.close();
    }
    signal.throwIfAborted();
  }
  return { events: events(), send: (said) => gate.write(language.print(said)) };
}

async function* readEvents<Event extends { readonly type: string }, Command>(
  language: NativeLanguage<Event, Command>,
  stream: Readable,
  gate: Gate,
  ended: Promise<string>,
): AsyncGenerator<Event> {
  let last = false;
  for await (const line of lines(stream)) {
    const event = language.parse(line);
    if (event.type === 'hello') {
      checkProtocol(language.program, language.protocol, event);
      gate.open();
      continue;
    }
    last ||= language.isLast(event);
    yield event;
  }
  const end = await ended;
  if (!last) throw new Error(`${language.program} ${end} before it had finished`);
}

function checkProtocol(program: string, protocol: string, hello: object): void {
  const spoken = 'protocol' in hello ? String(hello.protocol) : 'none';
  if (spoken === protocol) return;
  throw new Error(`${program} speaks protocol ${spoken} and we speak ${protocol}: run npm run build:native`);
}

function start(
  language: ProgramFile,
  options: readonly string[],
  command: Pick<NativeCommand, 'env' | 'cwd' | 'streams'>,
): ChildProcess {
  try {
    return spawn(language.program, options, {
      cwd: command.cwd,
      env: command.env,
      stdio: [...(command.streams ?? [0, 1, 2]), 'pipe', 'pipe'],
    });
  } catch (cause) {
    throw refusal(language, cause);
  }
}

function refusal({ program, capabilities = [] }: ProgramFile, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  const isForbidden = cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  const reason = isForbidden ? explainRefusal(capabilities) : undefined;
  return new Error(`start ${program}: ${message}${reason === undefined ? '' : `: ${reason}`}`, { cause });
}

/** How the program ended, as the end of a sentence. Rejects when it could not be started. */
function endOf(child: ChildProcess, language: ProgramFile): Promise<string> {
  const end = new Promise<string>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(refusal(language, cause));
    });
    child.once('exit', (code, name) => {
      resolve(name === null ? `ended with status ${String(code)}` : `was ended by ${name}`);
    });
  });
  // Whoever iterates the events gets the rejection; without an iteration it would end the process.
  end.catch(() => undefined);
  return end;
}

/** Holds commands back until the program has said hello. */
class Gate {
  readonly #stream: Writable;
  #waiting: string[] | undefined = [];

  constructor(stream: Writable) {
    this.#stream = stream;
    // A program that has ended reads no more; that it has ended is told by its events.
    stream.on('error', () => undefined);
  }

  open(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (waiting.length > 0) this.write(waiting.join(''));
  }

  write(text: string): void {
    if (this.#waiting !== undefined) this.#waiting.push(text);
    else if (this.#stream.writable) this.#stream.write(text);
  }

  close(): void {
    this.#stream.end();
  }
}

async function* lines(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('latin1');
  for await (const chunk of stream as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}
