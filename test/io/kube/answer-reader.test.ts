// SPDX-License-Identifier: Apache-2.0
// Answers of HTTP/1.1 from bytes: whatever their pieces, they mean the same, and doubtful ones mean nothing.
import { expect } from 'chai';
import fc from 'fast-check';
import { AnswerReader, MalformedAnswer } from '../../../src/io/kube/answer-reader.ts';

/** One answer after the other, as far as it was read. */
interface Read {
  status: number;
  readonly headers: Record<string, string>;
  body: string;
  isKept: boolean | undefined;
}

class Reading {
  readonly answers: Read[] = [];
  readonly reader = new AnswerReader();

  begin(): void {
    this.reader.begin({
      head: ({ status, headers }) =>
        this.answers.push({ status, headers: Object.fromEntries(headers), body: '', isKept: undefined }),
      piece: (bytes) => (this.answers.at(-1)!.body += bytes.toString('latin1')),
      end: (isKept) => (this.answers.at(-1)!.isKept = isKept),
    });
  }
}

function read(...pieces: readonly string[]): Read {
  const reading = new Reading();
  reading.begin();
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, 'latin1');
    reading.reader.read(bytes);
    // As the next read into the same buffer would.
    bytes.fill('!');
  }
  return reading.answers[0] ?? { status: 0, headers: {}, body: '', isKept: undefined };
}

const SIZED = 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nDate: today\r\n\r\nhello world';
const CHUNKED =
  'HTTP/1.1 201 Created\r\nTransfer-Encoding: Chunked\r\nVary: A\r\nvary:B \r\n\r\n' +
  '6\r\nhello \r\n05;name="x"\r\nworld\r\n0\r\nTrailer: t\r\n\r\n';
const EARLY = `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${SIZED}`;

function cuts(text: string): fc.Arbitrary<readonly string[]> {
  return fc.array(fc.nat(text.length)).map((places) => {
    const sorted = [0, ...places.sort((a, b) => a - b), text.length];
    return sorted.slice(1).map((place, index) => text.slice(sorted[index], place));
  });
}

describe('AnswerReader', () => {
  it('reads a body of a length, one in chunks, and one behind an early hint', () => {
    const headers = { 'content-length': '11', date: 'today' };
    expect(read(SIZED)).to.deep.equal({ status: 200, headers, body: 'hello world', isKept: true });
    const chunked = { 'transfer-encoding': 'Chunked', vary: 'A, B' };
    expect(read(CHUNKED)).to.deep.equal({ status: 201, headers: chunked, body: 'hello world', isKept: true });
    expect(read(EARLY)).to.deep.equal(read(SIZED));
  });

  it('reads the same whatever the pieces', () => {
    for (const text of [SIZED, CHUNKED, EARLY])
      fc.assert(fc.property(cuts(text), (pieces) => void expect(read(...pieces)).to.deep.equal(read(text))));
  });

  it('ends a body without a length with the connection, and others only where they are whole', () => {
    const endless = new Reading();
    endless.begin();
    endless.reader.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\nall of '));
    endless.reader.read(Buffer.from('it'));
    expect(endless.answers[0]?.isKept).to.equal(undefined);
    expect(endless.reader.close()).to.equal(true);
    expect(endless.answers[0]).to.include({ body: 'all of it', isKept: false });
    for (const length of [10, SIZED.length - 1, CHUNKED.length - 2]) {
      const cut = new Reading();
      cut.begin();
      cut.reader.read(Buffer.from((length > SIZED.length ? CHUNKED : SIZED).slice(0, length)));
      expect(cut.reader.close(), String(length)).to.equal(false);
    }
  });

  it('reads nothing behind an answer that has no body', () => {
    expect(read('HTTP/1.1 204 No Content\r\n\r\n')).to.include({ status: 204, body: '', isKept: true });
    expect(read('HTTP/1.1 304\r\nContent-Length: 5\r\n\r\n')).to.include({ status: 304, body: '', isKept: true });
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')).to.include({ body: '', isKept: true });
  });

  it('says when the connection cannot be used again', () => {
    const answer = (version: string, connection: string): boolean | undefined =>
      read(`HTTP/${version} 200 OK\r\nConnection: ${connection}\r\nContent-Length: 0\r\n\r\n`).isKept;
    expect(answer('1.1', 'keep-alive')).to.equal(true);
    expect(answer('1.1', 'Close')).to.equal(false);
    expect(answer('1.1', 'x, close')).to.equal(false);
    expect(answer('1.1', 'closer')).to.equal(true);
    expect(answer('1.0', 'keep-alive')).to.equal(false);
  });

  it('takes answers one after the other, and none without a request', () => {
    const reading = new Reading();
    for (const text of [SIZED, CHUNKED]) {
      reading.begin();
      reading.reader.read(Buffer.from(text));
    }
    expect(reading.answers.map(({ status }) => status)).to.deep.equal([200, 201]);
    expect(() => reading.reader.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).to.throw(MalformedAnswer);
    expect(() => read(`${SIZED}more`)).to.throw(MalformedAnswer);
  });

  const head = (line: string): string => `HTTP/1.1 200 OK\r\n${line}\r\n\r\n`;
  const chunk = (text: string): string => `${head('Transfer-Encoding: chunked')}${text}`;
  const DOUBTFUL = {
    'another protocol': 'SSH-2.0-x\r\n\r\n',
    'HTTP/2': 'HTTP/2.0 200 OK\r\n\r\n',
    'a switch of protocols': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
    'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
    'two lengths': head('Content-Length: 5\r\nContent-Length: 6'),
    'a length with a sign': head('Content-Length: +5'),
    'a length of sixteen digits': head('Content-Length: 1000000000000000'),
    'a length beside chunks': head('Content-Length: 5\r\nTransfer-Encoding: chunked'),
    'another coding': head('Transfer-Encoding: gzip, chunked'),
    'a header without a colon': head('nothing'),
    'a header with a blank before the colon': head('Content-Length : 5'),
    'a folded header': head('X: a\r\n b'),
    'a size of a chunk that is no number': chunk('x\r\n'),
    'a negative size of a chunk': chunk('-1\r\n'),
    'a chunk that is longer than it says': chunk('1\r\nab\r\n'),
    'a head without an end': `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(17_000)}`,
    'a head that is too long': head(`X: ${'x'.repeat(17_000)}`),
    'a size of a chunk without an end': chunk(`1;${'x'.repeat(17_000)}`),
  };
  for (const [what, text] of Object.entries(DOUBTFUL)) {
    it(`takes no answer with ${what}`, () => expect(() => read(text)).to.throw(MalformedAnswer));
  }
});
