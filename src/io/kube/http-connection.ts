// SPDX-License-Identifier: Apache-2.0
// One connection to an API server: a request at a time, and its answer. node:http would do the same with a stream for
// each request, each answer and each socket; where V8 interprets, that is 0.9 ms of a request's 1.1 ms.
import type { Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';
import type { AnswerSink } from './answer-reader.ts';
import type { Dial } from './dial.ts';

/**
 * A request that has been sent: its answer goes here, or the reason why it does not come, or not to its end. The last
 * call is one of `end` and `failed`.
 */
export interface Exchange extends AnswerSink {
  end(): void;
  failed(error: Error): void;
}

/** The maker of a connection, who is told of it. */
export interface ConnectionOwner {
  /** The answer has ended, and another request can be sent. */
  freed(connection: HttpConnection): void;
  /** No request can be sent any more. */
  closed(connection: HttpConnection): void;
}

/** An error of a connection, with the code that Node.js gives such errors. */
function hangUp(message: string): Error {
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** A connection; it is opened at once, and sends its first request when it is open. */
export class HttpConnection {
  private readonly reader = new AnswerReader();
  private readonly closing = new AbortController();
  private readonly owner: ConnectionOwner;
  private socket: Socket | undefined;
  private exchange: Exchange | undefined;
  private request = '';
  private hasAnswered = false;
  private sent = 0;

  constructor(dial: Dial, owner: ConnectionOwner) {
    this.owner = owner;
    dial((bytes) => this.receive(bytes), this.closing.signal).then(
      (socket) => this.opened(socket),
      (error: unknown) => this.close(asError(error)),
    );
  }

  /** Whether the last request was not the first one, so that the server may have closed meanwhile. */
  get isReused(): boolean {
    return this.sent > 1;
  }

  /** Sends a request, given as its text. None may be open. */
  send(request: string, exchange: Exchange): void {
    this.exchange = exchange;
    this.hasAnswered = false;
    this.sent += 1;
    this.reader.begin({
      head: (head) => {
        this.hasAnswered = true;
        exchange.head(head);
      },
      piece: (bytes) => exchange.piece(bytes),
      end: (isKept) => {
        this.exchange = undefined;
        if (isKept) this.owner.freed(this);
        else this.close();
        exchange.end();
      },
    });
    if (this.socket === undefined) this.request = request;
    else this.socket.write(request);
  }

  /** Reads no more for now: the receiver has enough. */
  pause(): void {
    this.socket?.pause();
  }

  /** Reads on. */
  resume(): void {
    this.socket?.resume();
  }

  /** An idle connection does not keep the process alive. */
  rest(): void {
    this.socket?.unref();
  }

  /** It is used again. */
  wake(): void {
    this.socket?.ref();
  }

  /** Closes it; the open request fails with the error. */
  close(error: Error = hangUp('the connection was closed')): void {
    if (this.closing.signal.aborted) return;
    const { exchange } = this;
    this.exchange = undefined;
    this.closing.abort();
    this.socket?.destroy();
    this.owner.closed(this);
    exchange?.failed(error);
  }

  private opened(socket: Socket): void {
    if (this.closing.signal.aborted) {
      socket.destroy();
      return;
    }
    this.socket = socket;
    socket.on('error', (error) => this.close(error));
    socket.on('close', () => this.ended());
    if (this.request !== '') socket.write(this.request);
    this.request = '';
  }

  private receive(bytes: Buffer): void {
    if (this.closing.signal.aborted) return;
    try {
      this.reader.read(bytes);
    } catch (error) {
      this.close(asError(error));
    }
  }

  private ended(): void {
    if (this.closing.signal.aborted || this.reader.close()) this.close();
    else this.close(hangUp(this.hasAnswered ? 'aborted: the answer was cut short' : 'socket hang up'));
  }
}
