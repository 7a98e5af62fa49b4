// SPDX-License-Identifier: Apache-2.0
// Bodies of requests, read into memory within limits, because whoever reaches the port may begin to send one. Small
// bodies have room of their own; where it is short the newest is not refused, as those that fill it may be sent to keep
// it out: the one that has been arriving for longest is given up. Large ones are read one at a time, in turns that are
// shared by address, and until then stay with their senders; while others wait, a turn ends where nothing more comes.
import type { Readable } from 'node:stream';
import { FairTurns } from './fair-turns.ts';
import type { Waiter } from './fair-turns.ts';

/** A body with more bytes than one may have. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** A body was given up because others need its room. */
export class NoRoomForBody extends Error {
  override readonly name = 'NoRoomForBody';
}

/** A body that does not come to its end in time. */
export class BodyTooSlow extends Error {
  override readonly name = 'BodyTooSlow';
}

/** How bodies share the memory. */
export interface BodyLimits {
  /** Bytes of a small body at most, as its sender has announced. */
  readonly small: number;
  /** Bytes of memory of all small bodies that are arriving. */
  readonly smallRoom: number;
  /** Large bodies that may wait for their turn. Some ten KiB of each have been read by then. */
  readonly waiting: number;
  /** While others wait: how long a large body may be silent, and how long its turn may take, in milliseconds. */
  readonly silenceMs: number;
  readonly turnMs: number;
  /** How long a body may take to arrive, in milliseconds, the wait for its turn included. */
  readonly arrivalMs: number;
}

/** A body, as far as it is known before it is read. */
export interface Announced {
  /** Of the client. */
  readonly address: string;
  /** Bytes; undefined where they are not told. */
  readonly length: number | undefined;
}

/**
 * The memory of a piece of a body besides its bytes, about: otherwise a body that is sent byte by byte would hold many
 * times what is counted.
 */
const PIECE_BYTES = 256;

/** How often a turn is looked at, in milliseconds. */
const LOOK_MS = 50;

/** A body that is arriving, or that was given up. */
class Arrival implements Waiter {
  readonly pieces: Buffer[] = [];
  private readonly body: Readable;
  private readonly onPiece: (arrival: Arrival, piece: Buffer) => void;
  private readonly end = Promise.withResolvers<undefined>();
  private isOver = false;
  private sizeInMemory = 0;
  /** When the reading has begun, and the last piece came; monotonic milliseconds. */
  private begun: number | undefined;
  private last = 0;

  /** Follows a stream, which is read from `begin` on. */
  constructor(body: Readable, onPiece: (arrival: Arrival, piece: Buffer) => void) {
    this.body = body;
    this.onPiece = onPiece;
    body.once('end', () => {
      this.isOver = true;
      this.end.resolve(undefined);
    });
    body.once('error', (error: Error) => this.giveUp(error));
    body.once('close', () => {
      // Every body closes: an error made for each would cost as much as the reading of a small one.
      if (!this.isOver) this.giveUp(new Error('the client went away while it sent a body'));
    });
  }

  /** Fulfils when all has come; rejects when it is given up. */
  get ended(): Promise<undefined> {
    return this.end.promise;
  }

  /** Bytes of memory. */
  get memory(): number {
    return this.sizeInMemory;
  }

  begin(): void {
    this.begun = performance.now();
    this.last = this.begun;
    this.body.on('data', (piece: Buffer) => {
      this.last = performance.now();
      if (!this.isOver) this.onPiece(this, piece);
    });
  }

  turnAway(): void {
    this.giveUp(new NoRoomForBody('too many large bodies are waiting to be read'));
  }

  /** Whether it has had its turn, by these limits. */
  isSlow({ silenceMs, turnMs }: BodyLimits): boolean {
    const now = performance.now();
    return this.begun !== undefined && (now - this.last > silenceMs || now - this.begun > turnMs);
  }

  add(piece: Buffer): void {
    this.pieces.push(piece);
    this.sizeInMemory += piece.length + PIECE_BYTES;
  }

  giveUp(why: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.pieces.length = 0;
    this.end.reject(why);
  }
}

/** Bodies that share an amount of memory; the one that has been arriving for longest first. */
class Room {
  private readonly most: number;
  private readonly arrivals = new Map<Arrival, number>();
  private held = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** Holds what has come of a body, and gives up others where that is too much. */
  hold(arrival: Arrival): void {
    this.held += arrival.memory - (this.arrivals.get(arrival) ?? 0);
    this.arrivals.set(arrival, arrival.memory);
    for (const oldest of this.arrivals.keys()) {
      if (this.held <= this.most) return;
      this.leave(oldest);
      oldest.giveUp(new NoRoomForBody('the body arrives too slowly while others need its room'));
    }
  }

  leave(arrival: Arrival): void {
    this.held -= this.arrivals.get(arrival) ?? 0;
    this.arrivals.delete(arrival);
  }
}

/** Most bodies come in one piece: to join it would copy it into memory that V8 has to account for and free. */
function textOf(pieces: readonly Buffer[]): string {
  const [first, ...others] = pieces;
  if (first === undefined) return '';
  return (others.length === 0 ? first : Buffer.concat(pieces)).toString('utf8');
}

/** Reads bodies. */
export class BodyRoom {
  private readonly largest: number;
  private readonly limits: BodyLimits;
  private readonly small: Room;
  private readonly large: FairTurns;

  /** `largest`: the bytes of one body. */
  constructor(largest: number, limits: BodyLimits) {
    this.largest = largest;
    this.limits = limits;
    this.small = new Room(limits.smallRoom);
    this.large = new FairTurns(limits.waiting);
  }

  /** The whole body as text. Rejects with one of the errors above, or as the stream does. */
  async read(body: Readable, { address, length }: Announced): Promise<string> {
    if (length !== undefined && length > this.largest) throw this.tooLarge();
    const isSmall = length !== undefined && length <= this.limits.small;
    let size = 0;
    const arrival = new Arrival(body, (known, piece) => {
      size += piece.length;
      if (size > this.largest) {
        known.giveUp(this.tooLarge());
        return;
      }
      known.add(piece);
      if (isSmall) this.small.hold(known);
    });
    const late = (): void => arrival.giveUp(new BodyTooSlow('the body arrives too slowly'));
    const look = (): void => {
      if (this.large.isWanted && arrival.isSlow(this.limits)) late();
    };
    const timer = setTimeout(late, this.limits.arrivalMs);
    const looks = isSmall ? undefined : setInterval(look, LOOK_MS);
    try {
      if (isSmall) arrival.begin();
      else this.large.enter(arrival, address);
      await arrival.ended;
      return textOf(arrival.pieces);
    } finally {
      clearTimeout(timer);
      clearInterval(looks);
      body.pause();
      this.small.leave(arrival);
      this.large.leave(arrival);
    }
  }

  private tooLarge(): BodyTooLarge {
    return new BodyTooLarge(`the body has more than ${String(this.largest)} bytes`);
  }
}
