// SPDX-License-Identifier: Apache-2.0
// One question to a registry over http, and its answer, bounded in bytes and in time. Nothing is followed and nothing
// unpacked here.
import { Agent, request } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { ArtifactError, invalidArtifact } from '../../core/oci/artifact-error.ts';
import { codeOf } from '../file-error.ts';
import { networkReason } from './network-reason.ts';
import { persistent } from './patience.ts';
import type { Pause } from './patience.ts';
import type { SecureConnections, SecureOptions } from './secure-connections.ts';
import type { TimeLimits } from './time-limits.ts';

/** A question. */
export interface Question {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** The most bytes of a good answer. */
  readonly limit: number;
}

/** An answer, whatever its status is. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** The address that answered. */
  readonly url: URL;
}

/** Bytes that are read of an answer that says no. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/** How the connections of an exchange are made. */
export interface ExchangeOptions extends SecureOptions {
  readonly limits: TimeLimits;
  /** Ends whatever is being asked, and refuses what is asked later; its reason may be an ArtifactError. */
  readonly signal?: AbortSignal;
  /** Where it is given, a server that is busy for a moment is asked again. */
  readonly pause?: Pause;
}

/** Begins a request to an address. */
type Begin = (options: RequestOptions) => ClientRequest;

async function collect(incoming: IncomingMessage, method: Question['method'], limit: number): Promise<Uint8Array> {
  const isRefusal = (incoming.statusCode ?? 0) >= 400;
  const tooLong = invalidArtifact(`sends more than ${String(limit)} bytes`);
  if (!isRefusal && Number(incoming.headers['content-length'] ?? 0) > limit && method !== 'HEAD') {
    incoming.destroy();
    throw tooLong;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (!isRefusal && size > limit) throw tooLong;
    chunks.push(chunk);
    if (isRefusal && size > MAX_REFUSAL_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** Connections to registries, kept for as long as they are of use. */
export class Exchange {
  private readonly limits: TimeLimits;
  private readonly ending: AbortSignal | undefined;
  private readonly pause: Pause | undefined;
  private readonly plain: Agent;
  private readonly secureOptions: SecureOptions;
  private secure: Promise<SecureConnections> | undefined;

  constructor({ limits, signal, pause, ...secureOptions }: ExchangeOptions) {
    this.pause = pause;
    this.limits = limits;
    this.ending = signal;
    this.plain = new Agent({ keepAlive: true });
    this.secureOptions = secureOptions;
  }

  /**
   * Asks.
   * @throws ArtifactError `RegistryUnavailable` without a whole answer, `InvalidArtifact` for one that is too long
   */
  send(question: Question): Promise<Answer> {
    return this.pause === undefined ? this.once(question) : persistent(() => this.once(question), this.pause);
  }

  private async once(question: Question): Promise<Answer> {
    const { url, limit } = question;
    // Why we have given up, of which a half read answer knows only that it was broken off.
    const given: { up?: unknown } = {};
    try {
      const begin = await this.wayTo(url);
      this.ending?.throwIfAborted();
      const incoming = await this.open(question, begin, (cause) => (given.up ??= cause));
      const packing = incoming.headers['content-encoding'] ?? 'identity';
      if (packing !== 'identity') {
        incoming.destroy();
        throw new Error(`packs its answer (${packing}), which was not asked for`);
      }
      const body = await collect(incoming, question.method, limit);
      return { status: incoming.statusCode ?? 0, headers: incoming.headers, body, url };
    } catch (cause) {
      if (cause instanceof ArtifactError) throw new ArtifactError(cause.reason, `${url.host}: ${cause.message}`);
      const why = given.up ?? cause;
      const words = why instanceof ArtifactError ? why.message : networkReason(why, url, this.limits);
      // Without the cause: all of it is in the sentence.
      throw new ArtifactError('RegistryUnavailable', `${url.host}: ${words}`);
    }
  }

  /** Ends the connections. */
  close(): void {
    this.plain.destroy();
    void this.secure?.then((secure) => secure.close());
  }

  private async wayTo(url: URL): Promise<Begin> {
    if (url.protocol !== 'https:') return (options) => request(url, { ...options, agent: this.plain });
    this.secure ??= import('./secure-connections.ts').then(
      (module) => new module.SecureConnections(this.secureOptions),
    );
    const secure = await this.secure;
    return (options) => secure.request(url, options);
  }

  private open(question: Question, begin: Begin, giveUp: (cause: unknown) => void): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = this.request(question, begin, giveUp);
      let isAnswered = false;
      outgoing.once('response', (incoming) => {
        isAnswered = true;
        resolve(incoming);
      });
      outgoing.on('timeout', () => {
        const silence = Object.assign(new Error('silent'), { code: 'ESILENT' });
        giveUp(silence);
        outgoing.destroy(silence);
      });
      // Also after an answer has begun: reading it then fails by itself.
      outgoing.on('error', (cause) => {
        // A connection that was kept may be closed at the moment when it is used again: that is no answer.
        const isStale = !isAnswered && outgoing.reusedSocket && codeOf(cause) === 'ECONNRESET';
        if (isStale) resolve(this.open(question, begin, giveUp));
        else reject(cause);
      });
      outgoing.end(question.body);
    });
  }

  private request({ method, headers, body }: Question, begin: Begin, giveUp: (cause: unknown) => void): ClientRequest {
    const { idleMs, totalMs } = this.limits;
    const length = method === 'PUT' || method === 'POST' ? { 'content-length': String(body?.length ?? 0) } : {};
    const total = AbortSignal.timeout(totalMs);
    const signal = this.ending === undefined ? total : AbortSignal.any([total, this.ending]);
    signal.addEventListener('abort', () => giveUp(signal.reason));
    return begin({
      method,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'spoc', ...headers, ...length },
      signal,
      timeout: idleMs,
    });
  }
}
