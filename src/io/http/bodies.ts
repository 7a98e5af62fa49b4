// SPDX-License-Identifier: Apache-2.0
// Bodies of requests, read into memory within limits, because whoever reaches the port may begin to send one. Where
// memory is short the newest body is not refused, as those that fill it may be sent to keep it out: the one that has
// been arriving for longest is given up. Small bodies have room of their own, which large ones cannot take.
import type { Readable } from 'node:stream';

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
  /** Bytes of memory that a small body takes at most. */
  readonly small: number;
  /** Bytes of memory of all small bodies that are arriving, and of all others. */
  readonly smallRoom: number;
  readonly largeRoom: number;
  /** How long a body may take to arrive, in milliseconds. */
  readonly arrivalMs: number;
}

/**
 * The memory of a piece of a body besides its bytes, about: otherwise a body that is sent byte by byte would hold many
 * times what is counted.
 */
const PIECE_BYTES = 256;

/** A body that is arriving, or that was given up. */
class Arrival {
  readonly pieces: Buffer[] = [];
  private readonly end = Promise.withResolvers<undefined>();
  private isOver = false;
  private sizeInMemory = 0;

  /** Follows a stream. */
  constructor(body: Readable, onPiece: (arrival: Arrival, piece: Buffer) => void) {
    body.on('data', (piece: Buffer) => {
      if (!this.isOver) onPiece(this, piece);
    });
    body.once('end', () => {
      this.isOver = true;
      this.end.resolve(undefined);
    });
    body.once('error', (error: Error) => this.giveUp(error));
    body.once('close', () => this.giveUp(new Error('the client went away while it sent a body')));
  }

  /** Fulfils when all has come; rejects when it is given up. */
  get ended(): Promise<undefined> {
    return this.end.promise;
  }

  /** Bytes of memory. */
  get memory(): number {
    return this.sizeInMemory;
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

/** Reads bodies. */
export class BodyRoom {
  private readonly largest: number;
  private readonly limits: BodyLimits;
  private readonly small: Room;
  private readonly large: Room;

  /** `largest`: the bytes of one body. */
  constructor(largest: number, limits: BodyLimits) {
    this.largest = largest;
    this.limits = limits;
    this.small = new Room(limits.smallRoom);
    this.large = new Room(limits.largeRoom);
  }

  /** The whole body as text. Rejects with one of the errors above, or as the stream does. */
  async read(body: Readable): Promise<string> {
    let size = 0;
    const arrival = new Arrival(body, (known, piece) => {
      size += piece.length;
      if (size <= this.largest) this.hold(known, piece);
      else known.giveUp(new BodyTooLarge(`the body has more than ${String(this.largest)} bytes`));
    });
    const late = (): void => arrival.giveUp(new BodyTooSlow('the body arrives too slowly'));
    const timer = setTimeout(late, this.limits.arrivalMs);
    try {
      await arrival.ended;
      return Buffer.concat(arrival.pieces).toString('utf8');
    } finally {
      clearTimeout(timer);
      body.pause();
      this.small.leave(arrival);
      this.large.leave(arrival);
    }
  }

  private hold(arrival: Arrival, piece: Buffer): void {
    arrival.add(piece);
    const isSmall = arrival.memory <= this.limits.small;
    if (!isSmall) this.small.leave(arrival);
    (isSmall ? this.small : this.large).hold(arrival);
  }
}
