// SPDX-License-Identifier: Apache-2.0
// HTTP to the API server: kept-alive connections, limits in time, credentials that are renewed, answers as parsed JSON.
// It knows nothing of objects, and it never retries what could have been done already.
import { parseJson } from '../../core/json.ts';
import { Answer } from './answer.ts';
import type { AnswerHead } from './answer-reader.ts';
import type { HttpConnections } from './http-connections.ts';
import { linesOf } from './lines.ts';
import { RequestPrinter } from './request-text.ts';
import type { RequestContent } from './request-text.ts';

/** One request. */
export interface KubeRequest extends RequestContent {
  /** Bytes of the answer; a longer one is not read to its end, and rejects with AnswerTooLong. Default: any length. */
  readonly longestAnswer?: number | undefined;
  /** The body of an answer without an error is text, such as a log, and is given as it is. */
  readonly isText?: boolean;
}

/** The answer, whatever its status; `body` is parsed JSON, or undefined where there is none. */
export interface KubeResponse {
  readonly status: number;
  readonly body: unknown;
  /** Bytes of the answer. */
  readonly length?: number;
  readonly retryAfterMs?: number | undefined;
}

/** The answer to a watch: with lines, each parsed, or as a response where it was refused. */
export interface KubeStream extends KubeResponse {
  readonly lines: AsyncIterable<unknown>;
}

/** The credentials of a request. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: HttpConnections;
}

/** Where the API server is, and who we are to it. */
export interface Connection {
  readonly server: URL;
  /** The credentials of now; `renewed` asks for others, because the server did not take the last ones. */
  credentials(renewed: boolean): Promise<Credentials>;
}

/** An answer, or that there was none. */
export interface KubeAnswer {
  readonly method: string;
  readonly host: string;
  /** Its status, or `<error>`. */
  readonly code: string;
  /** Its Date header. */
  readonly date?: string | undefined;
}

/** The options of a transport besides its connection. */
export interface TransportOptions {
  /** Shown to the server, and in its audit log. */
  readonly userAgent: string;
  /** A whole request, or a watch's first byte, may take so long; default 30 s. */
  readonly timeoutMs?: number;
  /** Called for each answer. */
  readonly onAnswer?: (answer: KubeAnswer) => void;
}

/**
 * Methods that may be sent again when a kept connection turns out to be closed: a repetition changes nothing, or is
 * refused with a conflict.
 */
const REPEATABLE = new Set(['GET', 'PUT', 'PATCH', 'DELETE']);
const DEFAULT_TIMEOUT_MS = 30_000;

/** A Retry-After header in milliseconds: seconds, or a date. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header === '') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { message: text.slice(0, 500) };
    throw error;
  }
}

async function* parsed(answer: Answer, close: () => void): AsyncGenerator {
  try {
    for await (const line of linesOf(answer.inPieces())) yield parseJson(line);
  } finally {
    close();
  }
}

/** A deadline and a caller's signal, that both break a request off. */
class Breaker {
  private readonly timer: NodeJS.Timeout;
  private readonly signal: AbortSignal;
  private readonly abort: () => void;

  constructor(answer: Answer, what: string, timeoutMs: number, signal: AbortSignal) {
    this.signal = signal;
    this.abort = () => answer.breakOff(new Error(`${what}: broken off`, { cause: signal.reason }));
    const late = () => answer.breakOff(new Error(`${what}: no answer within ${String(timeoutMs / 1000)} s`));
    this.timer = setTimeout(late, timeoutMs);
    signal.addEventListener('abort', this.abort);
    if (signal.aborted) this.abort();
  }

  /** The answer has begun: from here only the caller ends it. */
  answered(): void {
    clearTimeout(this.timer);
  }

  close(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.abort);
  }
}

/** An answer that has begun. */
interface Sent {
  readonly answer: Answer;
  readonly head: AnswerHead;
  readonly breaker: Breaker;
}

/** The way to one API server. */
export class KubeTransport {
  private readonly connection: Connection;
  private readonly options: TransportOptions;
  private readonly printer: RequestPrinter;

  constructor(connection: Connection, options: TransportOptions) {
    this.connection = connection;
    this.options = options;
    this.printer = new RequestPrinter(connection.server, options.userAgent);
  }

  /** Sends a request and reads the whole answer. Rejects only when no answer came. */
  async request(request: KubeRequest, signal: AbortSignal): Promise<KubeResponse> {
    const { answer, head, breaker } = await this.exchange(request, signal);
    try {
      const { text, length } = await answer.whole();
      const isText = request.isText === true && head.status < 300;
      return { ...responseOf(head, isText ? text : bodyOf(text)), length };
    } finally {
      breaker.close();
    }
  }

  /** Sends a watch. Its lines throw when the connection breaks or the signal aborts. */
  async stream(request: KubeRequest, signal: AbortSignal): Promise<KubeStream> {
    const { answer, head, breaker } = await this.exchange(request, signal);
    const end = () => {
      breaker.close();
      answer.breakOff();
    };
    if (head.status >= 300) {
      const { text } = await answer.whole().finally(end);
      return { ...responseOf(head, bodyOf(text)), lines: nothing() };
    }
    breaker.answered();
    return { ...responseOf(head, undefined), lines: parsed(answer, end) };
  }

  /** Credentials that the server no longer takes are renewed once. */
  private async exchange(request: KubeRequest, signal: AbortSignal): Promise<Sent> {
    const first = await this.send(request, await this.connection.credentials(false), signal);
    if (first.head.status !== 401) return first;
    first.breaker.close();
    first.answer.breakOff();
    return this.send(request, await this.connection.credentials(true), signal);
  }

  private async send(request: KubeRequest, credentials: Credentials, signal: AbortSignal): Promise<Sent> {
    const text = this.printer.print(request, credentials.headers);
    const what = `${request.method} ${request.path}`;
    for (;;) {
      signal.throwIfAborted();
      const answer = new Answer(credentials.connections.take(), text, request.longestAnswer);
      const breaker = new Breaker(answer, what, this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal);
      try {
        const head = await answer.begun;
        this.count(request, String(head.status), head.headers.get('date'));
        return { answer, head, breaker };
      } catch (error) {
        breaker.close();
        if (answer.isStale(error) && REPEATABLE.has(request.method)) continue;
        this.count(request, '<error>');
        throw error;
      }
    }
  }

  private count(request: KubeRequest, code: string, date?: string): void {
    this.options.onAnswer?.({ method: request.method, host: this.connection.server.host, code, date });
  }
}

function responseOf({ status, headers }: AnswerHead, body: unknown): KubeResponse {
  return { status, body, retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()) };
}

async function* nothing(): AsyncGenerator {
  // A refused watch has no lines.
}
