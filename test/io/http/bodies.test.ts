// SPDX-License-Identifier: Apache-2.0
// Bodies in memory: how they share it, whatever pieces they come in.
import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { BodyRoom, BodyTooLarge, NoRoomForBody } from '../../../src/io/http/bodies.ts';

const LIMITS = { small: 1000, smallRoom: 3000, largeRoom: 10_000, arrivalMs: 10_000 };

describe('io/http/bodies', () => {
  /** Reads a body of these pieces, the last of which ends it if told so; the text, or the error. */
  function read(room: BodyRoom, pieces: readonly string[], ends = true) {
    const body = new PassThrough();
    const text = room.read(body).catch((error: unknown) => error);
    for (const piece of pieces) body.write(piece);
    if (ends) body.end();
    return { body, text };
  }

  it('are read whole, and have no room left behind when they are over', async () => {
    const room = new BodyRoom(6000, LIMITS);
    for (let i = 0; i < 20; i++) {
      expect(await read(room, ['a'.repeat(3000), 'b'.repeat(3000)]).text).to.have.length(6000);
      expect(await read(room, ['a', 'b']).text).to.equal('ab');
    }
    const { body, text } = read(room, ['a'.repeat(5000)], false);
    body.destroy();
    expect(String(await text)).to.contain('the client went away');
    expect(await read(room, ['a'.repeat(6001)]).text).to.be.instanceOf(BodyTooLarge);
    expect(await read(room, ['a'.repeat(6000)]).text).to.have.length(6000);
  });

  it('are given up in the order in which they began, small ones for small ones only', async () => {
    const room = new BodyRoom(8000, LIMITS);
    const small = read(room, ['s'], false);
    const large = ['first', 'second'].map(() => read(room, ['l'.repeat(6000)], false));
    expect(await large[0]?.text).to.be.instanceOf(NoRoomForBody);
    large[1]?.body.end();
    expect(await large[1]?.text).to.have.length(6000);
    for (let i = 0; i < 10; i++) expect(await read(room, ['s'.repeat(500)]).text).to.have.length(500);
    small.body.end('s');
    expect(await small.text).to.equal('ss');
    const held = Array.from({ length: 6 }, () => read(room, ['s'.repeat(500)], false));
    expect(await held[0]?.text).to.be.instanceOf(NoRoomForBody);
    for (const { body } of held) body.end();
    expect(await held[5]?.text).to.have.length(500);
  });

  it('count with the memory of their pieces, so that nobody fills it byte by byte', async () => {
    const room = new BodyRoom(8000, LIMITS);
    expect(await read(room, Array<string>(100).fill('x'), false).text).to.be.instanceOf(NoRoomForBody);
  });
});
