// SPDX-License-Identifier: Apache-2.0
// The interface that the runtime needs to the API server: requests with parsed JSON, and watches as lines. The
// transport is in io; it knows connections and credentials, and nothing of objects.
import { isJsonObject } from '../core/json.ts';

/** One request to the API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path, for example `/api/v1/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Bytes of the answer; a longer one is not read to its end, and rejects with AnswerTooLong. Default: any length. */
  readonly longestAnswer?: number | undefined;
  /** Of the object that the answer is, its metadata are enough: a server that can leaves the rest out. */
  readonly metadataOnly?: boolean;
}

/** The answer to a request, whatever its status. */
export interface ApiResponse {
  readonly status: number;
  /** The parsed JSON, undefined where the answer was empty or no JSON. */
  readonly body: unknown;
  /** Bytes of the answer. */
  readonly length?: number;
  /** From the Retry-After header. */
  readonly retryAfterMs?: number | undefined;
}

/** A line of a watch that is to be read as far as it is needed, because its object is large. */
export interface LongLine {
  /** The event without spec and status of its object. */
  readonly head: unknown;
  /** The event without the spec of its object. */
  withoutSpec(): unknown;
  /** All of it. */
  whole(): unknown;
}

/** Whether a line is a long one; JSON has no functions. */
export function isLongLine(line: unknown): line is LongLine {
  return typeof line === 'object' && line !== null && 'withoutSpec' in line && typeof line.withoutSpec === 'function';
}

/** The answer to a watch: as a response where it was refused, else with lines. */
export interface ApiStream extends ApiResponse {
  /** Each line's parsed JSON or a long line. Ends when the server ends the watch, throws when the connection breaks. */
  readonly lines: AsyncIterable<unknown>;
}

/** The way to the API server. Both methods reject only when no answer came. */
export interface Transport {
  request(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse>;
  stream(request: ApiRequest, signal: AbortSignal): Promise<ApiStream>;
}

/** The API server refused a request. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status, or the `code` of a Status object. */
  readonly code: number;
  /** The Status object's reason, for example `AlreadyExists`; '' where it has none. */
  readonly reason: string;
  /** How long the server asks us to wait; a minute at most. */
  readonly retryAfterMs: number | undefined;

  constructor(
    what: string,
    status: { code: number; reason: string; message: string; retryAfterMs?: number | undefined },
  ) {
    const detail = status.message === '' ? status.reason : status.message;
    super(`${what}: ${String(status.code)}${detail === '' ? '' : ` ${detail}`}`);
    this.code = status.code;
    this.reason = status.reason;
    this.retryAfterMs = status.retryAfterMs;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * The longest Retry-After that we follow, from a server or a proxy before it: a longer one would leave caches stale.
 */
const LONGEST_RETRY_AFTER_MS = 60_000;

function retryAfterOf(details: Readonly<Record<string, unknown>>): number | undefined {
  const seconds = details['retryAfterSeconds'];
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}

/** The error that a Status object (or whatever came in its place) tells of. */
export function apiErrorFrom(what: string, status: number, body: unknown, retryAfterMs?: number): ApiError {
  const fields = isJsonObject(body) ? body : {};
  const details = isJsonObject(fields['details']) ? fields['details'] : {};
  const asked = retryAfterMs ?? retryAfterOf(details);
  return new ApiError(what, {
    code: typeof fields['code'] === 'number' ? fields['code'] : status,
    reason: text(fields['reason']),
    message: text(fields['message']),
    retryAfterMs: asked === undefined ? undefined : Math.min(asked, LONGEST_RETRY_AFTER_MS),
  });
}

/** Whether an error is the API server's answer with this status. */
export function isStatus(error: unknown, code: number): error is ApiError {
  return error instanceof ApiError && error.code === code;
}
