// SPDX-License-Identifier: Apache-2.0
// One request and its answer, a text that is read whole or piece by piece. Bytes become text as they come: copies of
// them would be memory outside of V8's heap, which it gives back late.
import { StringDecoder } from 'node:string_decoder';
import { AnswerTooLong } from '../../core/errors.ts';
import type { AnswerHead } from './answer-reader.ts';
import type { Exchange, HttpConnection } from './http-connection.ts';

/** Bytes that may wait for the reader of a long answer, before the server is made to wait instead. */
const MOST_WAITING = 1 << 20;

/** The answer to a request. */
export class Answer implements Exchange {
  private readonly connection: HttpConnection;
  private readonly longest: number;
  private readonly headed = Promise.withResolvers<AnswerHead>();
  /** Settles when more has come, or the end. */
  private more = Promise.withResolvers<undefined>();
  private readonly decoder = new StringDecoder('utf8');
  private pieces: string[] = [];
  /** Bytes that have come, and those of them that nobody has read piece by piece. */
  private length = 0;
  private waiting = 0;
  private isPieced = false;
  private isOver = false;
  private failure: Error | undefined;

  /**
   * Sends the request.
   * @param longest - bytes of an answer; a longer one is given up with AnswerTooLong, its connection with it
   */
  constructor(connection: HttpConnection, request: string, longest = Number.POSITIVE_INFINITY) {
    this.connection = connection;
    this.longest = longest;
    connection.send(request, this);
  }

  /** Rejects where no answer begins. */
  get begun(): Promise<AnswerHead> {
    return this.headed.promise;
  }

  /** Whether the connection had been closed by the other side before the request reached it. */
  isStale(error: unknown): boolean {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return this.connection.isReused && (code === 'ECONNRESET' || code === 'EPIPE');
  }

  /** The body, and its bytes. Rejects where it does not come to its end. */
  async whole(): Promise<{ readonly text: string; readonly length: number }> {
    while (!this.isOver) await this.next();
    if (this.failure !== undefined) throw this.failure;
    return { text: this.pieces.join(''), length: this.length };
  }

  /** The body in pieces, as they come. Throws where it does not come to its end. */
  async *inPieces(): AsyncGenerator<string, undefined> {
    this.isPieced = true;
    for (;;) {
      const { pieces } = this;
      this.pieces = [];
      if (this.waiting > MOST_WAITING) this.connection.resume();
      this.waiting = 0;
      yield* pieces;
      if (this.pieces.length > 0) continue;
      if (this.failure !== undefined) throw this.failure;
      if (this.isOver) return undefined;
      await this.next();
    }
  }

  /** Ends it before its end, with an error for whoever reads it; nothing where it has ended. */
  breakOff(error?: Error): void {
    if (!this.isOver) this.connection.close(error);
  }

  head(head: AnswerHead): void {
    this.headed.resolve(head);
  }

  piece(bytes: Buffer): void {
    this.pieces.push(this.decoder.write(bytes));
    this.length += bytes.length;
    this.waiting += bytes.length;
    if (this.isPieced) {
      if (this.waiting > MOST_WAITING) this.connection.pause();
      this.more.resolve(undefined);
    } else if (this.length > this.longest) {
      this.breakOff(new AnswerTooLong(`the answer has more than ${String(this.longest)} bytes`));
    }
  }

  end(): void {
    const rest = this.decoder.end();
    if (rest !== '') this.pieces.push(rest);
    this.isOver = true;
    this.more.resolve(undefined);
  }

  failed(error: Error): void {
    this.isOver = true;
    this.failure = error;
    this.headed.reject(error);
    this.more.resolve(undefined);
  }

  private async next(): Promise<void> {
    await this.more.promise;
    if (!this.isOver) this.more = Promise.withResolvers();
  }
}
