// SPDX-License-Identifier: Apache-2.0
// Bodies in memory: how they share it, whatever pieces they come in.
import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { BodyRoom, BodyTooLarge, BodyTooSlow, NoRoomForBody } from '../../../src/io/http/bodies.ts';

const LIMITS = { small: 1000, smallRoom: 3000, waiting: 4, silenceMs: 20, turnMs: 5000, arrivalMs: 10_000 };

describe('io/http/bodies', () => {
  /** Reads a body of these pieces, the last of which ends it if told so; the text, or the error. */
  function read(room: BodyRoom, pieces: readonly string[], ends = true, address = 'a') {
    const body = new PassThrough();
    const length = pieces.join('').length;
    const text = room.read(body, { address, length }).catch((error: unknown) => error);
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

  it('are refused when more comes than may, though nothing was announced', async () => {
    const body = new PassThrough();
    const text = new BodyRoom(6000, LIMITS).read(body, { address: 'a', length: undefined });
    for (let i = 0; i < 7; i++) body.write('x'.repeat(1000));
    expect(await text.catch((error: unknown) => error)).to.be.instanceOf(BodyTooLarge);
  });

  it('of small size are given up in the order in which they began, for other small ones only', async () => {
    const room = new BodyRoom(8000, LIMITS);
    const large = read(room, ['l'.repeat(6000)], false);
    for (let i = 0; i < 10; i++) expect(await read(room, ['s'.repeat(500)]).text).to.have.length(500);
    const held = Array.from({ length: 6 }, () => read(room, ['s'.repeat(500)], false));
    expect(await held[0]?.text).to.be.instanceOf(NoRoomForBody);
    for (const { body } of held) body.end();
    expect(await held[5]?.text).to.have.length(500);
    large.body.end();
    expect(await large.text).to.have.length(6000);
  });

  it('of large size are read one at a time, and stay with their senders until then', async () => {
    const room = new BodyRoom(8000, { ...LIMITS, silenceMs: 10_000 });
    const first = read(room, ['l'.repeat(6000)], false);
    const second = read(room, ['m'.repeat(6000)]);
    await new Promise((resolve) => setImmediate(resolve));
    expect([first.body.readableFlowing, second.body.readableFlowing]).to.deep.equal([true, null]);
    first.body.end();
    expect(await first.text).to.have.length(6000);
    expect(await second.text).to.have.length(6000);
  });

  it('of large size lose their turn when they fall silent, or trickle, while others wait', async () => {
    const silent = new BodyRoom(8000, LIMITS);
    const half = read(silent, ['l'.repeat(6000)], false);
    expect(await read(silent, ['m'.repeat(6000)]).text).to.have.length(6000);
    expect(await half.text).to.be.instanceOf(BodyTooSlow);
    const slow = new BodyRoom(8000, { ...LIMITS, silenceMs: 5000, turnMs: 20 });
    const drops = read(slow, ['l'.repeat(2000)], false);
    const drip = setInterval(() => drops.body.write('.'), 1);
    expect(await read(slow, ['m'.repeat(6000)]).text).to.have.length(6000);
    expect(await drops.text).to.be.instanceOf(BodyTooSlow);
    clearInterval(drip);
  });

  it('of large size are turned away where too many of one address wait, and those of others are not', async () => {
    const room = new BodyRoom(8000, LIMITS);
    const strangers = Array.from({ length: 5 }, () => read(room, ['l'.repeat(6000)], false));
    const ours = read(room, ['m'.repeat(6000)], true, 'b');
    expect(await strangers[1]?.text).to.be.instanceOf(NoRoomForBody);
    expect(await ours.text).to.have.length(6000);
    for (const { body } of strangers) body.destroy();
    await Promise.all(strangers.map(({ text }) => text));
  });

  it('count with the memory of their pieces, so that nobody fills it byte by byte', async () => {
    const room = new BodyRoom(8000, LIMITS);
    expect(await read(room, Array<string>(100).fill('x'), false).text).to.be.instanceOf(NoRoomForBody);
  });
});
