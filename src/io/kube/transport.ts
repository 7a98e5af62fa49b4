// SPDX-License-Identifier: Apache-2.0
// HTTP to the API server: kept-alive connections, limits in time, credentials that are renewed, answers as parsed JSON.
// It knows nothing of objects, and it never retries what could have been done already.
import http from 'node:http';
import https from 'node:https';
import { AnswerTooLong } from '../../core/errors.ts';
import { parseJson, printJson } from '../../core/json.ts';
import { linesOf } from './lines.ts';
import { readLine } from './skim.ts';

/** One request. */
export interface KubeRequest {
  readonly method: string;
  /** Absolute path at the server, without query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Bytes of the answer; a longer one is not read to its end, and rejects with AnswerTooLong. Default: any length. */
  readonly longestAnswer?: number | undefined;
  /** The body of an answer without an error is text, such as a log, and is given as it is. */
  readonly isText?: boolean;
  /** Of the object that the answer is, its metadata are enough. */
  readonly metadataOnly?: boolean;
}

/** The answer, whatever its status; `body` is parsed JSON, or undefined where there is none. */
export interface KubeResponse {
  readonly status: number;
  readonly body: unknown;
  /** Bytes of the answer. */
  readonly length?: number;
  readonly retryAfterMs?: number | undefined;
}

/** The answer to a watch: with lines, each parsed or a LongLine, or as a response where it was refused. */
export interface KubeStream extends KubeResponse {
  readonly lines: AsyncIterable<unknown>;
}

/** The credentials of a request. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: http.Agent;
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
const JSON_TYPE = 'application/json';
/** Asks for the metadata of an object alone; whoever cannot answer so (Kubernetes before 1.15) sends all of it. */
const METADATA_TYPE = `${JSON_TYPE};as=PartialObjectMetadata;g=meta.k8s.io;v=v1, ${JSON_TYPE}`;

/** A Retry-After header in milliseconds: seconds, or a date. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header === '') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/**
 * Reads an answer. A body that is too long is given up at once: there is no memory for it. By events, as an iteration
 * over the stream costs more than all the rest of a small answer.
 */
function readAnswer(response: http.IncomingMessage, longest = Number.POSITIVE_INFINITY): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (piece: Buffer) => {
      length += piece.length;
      chunks.push(piece);
      // With the response its connection is destroyed.
      if (length > longest) response.destroy(new AnswerTooLong(`the answer has more than ${String(longest)} bytes`));
    });
    response.once('end', () => resolve(Buffer.concat(chunks, length)));
    response.once('error', reject);
    response.once('close', () => reject(new Error('the connection was closed within the answer')));
  });
}

function bodyOf(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = bytes.toString('utf8');
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { message: text.slice(0, 500) };
    throw error;
  }
}

async function* parsed(response: http.IncomingMessage, close: () => void): AsyncGenerator {
  try {
    for await (const line of linesOf(response)) yield readLine(line);
  } finally {
    close();
  }
}

/** Whether a connection that was kept alive had been closed by the other side before our request reached it. */
function wasStale(request: http.ClientRequest, error: unknown): boolean {
  return request.reusedSocket && error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

/** A deadline and a caller's signal, that both destroy a request. */
class Breaker {
  private readonly timer: NodeJS.Timeout;
  private readonly signal: AbortSignal;
  private readonly abort: () => void;

  constructor(request: http.ClientRequest, what: string, timeoutMs: number, signal: AbortSignal) {
    this.signal = signal;
    this.abort = () => request.destroy(new Error(`${what}: broken off`, { cause: signal.reason }));
    const late = () => request.destroy(new Error(`${what}: no answer within ${String(timeoutMs / 1000)} s`));
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

interface Sent {
  readonly request: http.ClientRequest;
  readonly response: http.IncomingMessage;
  readonly breaker: Breaker;
}

/** The way to one API server. */
export class KubeTransport {
  private readonly connection: Connection;
  private readonly options: TransportOptions;

  constructor(connection: Connection, options: TransportOptions) {
    this.connection = connection;
    this.options = options;
  }

  /** Sends a request and reads the whole answer. Rejects only when no answer came. */
  async request(request: KubeRequest, signal: AbortSignal): Promise<KubeResponse> {
    const { response, breaker } = await this.exchange(request, signal);
    try {
      const bytes = await readAnswer(response, request.longestAnswer);
      const isText = request.isText === true && (response.statusCode ?? 0) < 300;
      const body = isText ? bytes.toString('utf8') : bodyOf(bytes);
      return { ...this.answer(response, body), length: bytes.length };
    } finally {
      breaker.close();
    }
  }

  /** Sends a watch. Its lines throw when the connection breaks or the signal aborts. */
  async stream(request: KubeRequest, signal: AbortSignal): Promise<KubeStream> {
    const { request: sent, response, breaker } = await this.exchange(request, signal);
    const end = () => {
      breaker.close();
      sent.destroy();
    };
    if ((response.statusCode ?? 0) >= 300) {
      const body = await readAnswer(response).finally(end);
      return { ...this.answer(response, bodyOf(body)), lines: nothing() };
    }
    breaker.answered();
    return { ...this.answer(response, undefined), lines: parsed(response, end) };
  }

  private answer(response: http.IncomingMessage, body: unknown): KubeResponse {
    const retryAfterMs = parseRetryAfter(response.headers['retry-after'], Date.now());
    return { status: response.statusCode ?? 0, body, retryAfterMs };
  }

  /** Credentials that the server no longer takes are renewed once. */
  private async exchange(request: KubeRequest, signal: AbortSignal): Promise<Sent> {
    const first = await this.send(request, await this.connection.credentials(false), signal);
    if (first.response.statusCode !== 401) return first;
    first.breaker.close();
    first.response.resume();
    return this.send(request, await this.connection.credentials(true), signal);
  }

  private async send(request: KubeRequest, credentials: Credentials, signal: AbortSignal): Promise<Sent> {
    for (;;) {
      signal.throwIfAborted();
      const { promise, request: sent, breaker } = this.dispatch(request, credentials, signal);
      try {
        const response = await promise;
        this.count(request, String(response.statusCode), response.headers.date);
        return { request: sent, response, breaker };
      } catch (error) {
        breaker.close();
        if (wasStale(sent, error) && REPEATABLE.has(request.method)) continue;
        this.count(request, '<error>');
        throw error;
      }
    }
  }

  private dispatch(request: KubeRequest, credentials: Credentials, signal: AbortSignal) {
    const { server } = this.connection;
    const query = request.query === undefined ? '' : `?${new URLSearchParams(request.query).toString()}`;
    const body = request.body === undefined ? undefined : Buffer.from(printJson(request.body));
    const content = { 'content-type': request.contentType ?? JSON_TYPE, 'content-length': body?.length ?? 0 };
    const options: https.RequestOptions = {
      method: request.method,
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port,
      path: server.pathname.replace(/\/$/, '') + request.path + query,
      agent: credentials.agent,
      headers: {
        accept: request.metadataOnly === true ? METADATA_TYPE : JSON_TYPE,
        'user-agent': this.options.userAgent,
        ...credentials.headers,
        ...(body === undefined ? {} : content),
      },
    };
    const sent = server.protocol === 'http:' ? http.request(options) : https.request(options);
    const what = `${request.method} ${request.path}`;
    const breaker = new Breaker(sent, what, this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal);
    const promise = new Promise<http.IncomingMessage>((resolve, reject) => {
      sent.once('response', (response) => {
        // The reader gets the error too; without a listener of its own it would also end the process.
        response.on('error', () => undefined);
        resolve(response);
      });
      sent.on('error', reject);
    });
    sent.end(body);
    return { promise, request: sent, breaker };
  }

  private count(request: KubeRequest, code: string, date?: string): void {
    this.options.onAnswer?.({ method: request.method, host: this.connection.server.host, code, date });
  }
}

async function* nothing(): AsyncGenerator {
  // A refused watch has no lines.
}
