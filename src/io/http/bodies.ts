// SPDX-License-Identifier: Apache-2.0
// Bodies of requests, read into memory within limits: of one, and of all that are being read at a time, because whoever
// reaches the port may begin to send one.
import type { Readable } from 'node:stream';

/** A body with more bytes than one may have. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Other bodies fill the memory at the moment. */
export class NoRoomForBody extends Error {
  override readonly name = 'NoRoomForBody';
}

/** Reads bodies. */
export class BodyRoom {
  private readonly largest: number;
  private readonly most: number;
  private held = 0;

  /** Limits in bytes: of one body, and of all together. */
  constructor(largest: number, most: number) {
    this.largest = largest;
    this.most = most;
  }

  /** The whole body as text. Rejects with one of the errors above, or as the stream does. */
  async read(body: Readable): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of body) {
        const piece = chunk as Buffer;
        size += piece.length;
        this.held += piece.length;
        if (size > this.largest) throw new BodyTooLarge(`the body has more than ${String(this.largest)} bytes`);
        if (this.held > this.most) throw new NoRoomForBody('too many large bodies are being read at the moment');
        chunks.push(piece);
      }
      return Buffer.concat(chunks).toString('utf8');
    } finally {
      this.held -= size;
    }
  }
}
