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

  /**
   * The whole body as text. Rejects with one of the errors above, or as the stream does. By events, because an iterator
   * over the stream costs a tenth of a review.
   */
  read(body: Readable): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    const whole = new Promise<string>((resolve, reject) => {
      body.on('data', (piece: Buffer) => {
        size += piece.length;
        this.held += piece.length;
        const refusal = this.refusalOf(size);
        if (refusal === undefined) chunks.push(piece);
        else reject(refusal);
      });
      body.once('end', () => resolve(textOf(chunks)));
      body.once('error', reject);
      body.once('close', () => reject(new Error('the connection was closed before the body had arrived')));
    });
    return whole.finally(() => {
      body.removeAllListeners('data');
      // The rest of a refused body is read and dropped: a client reads no answer while it still sends.
      body.resume();
      this.held -= size;
    });
  }

  private refusalOf(size: number): Error | undefined {
    if (size > this.largest) return new BodyTooLarge(`the body has more than ${String(this.largest)} bytes`);
    return this.held > this.most ? new NoRoomForBody('too many large bodies are being read at the moment') : undefined;
  }
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  return (chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).toString('utf8');
}
