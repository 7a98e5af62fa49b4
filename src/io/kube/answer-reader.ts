// SPDX-License-Identifier: Apache-2.0
// Reads HTTP/1.1 answers (RFC 9112) from the bytes of a connection, in whatever pieces these come. It is strict: where
// the end of an answer is in doubt, the next answer would be too, so anything that is not clear is an error.

/** The first part of an answer. */
export interface AnswerHead {
  readonly status: number;
  /** By name in lower case; the values of one that comes several times are joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
}

/** The receiver of an answer. */
export interface AnswerSink {
  head(head: AnswerHead): void;
  /** A part of the body. The bytes may change after the call: whoever keeps them copies them. */
  piece(bytes: Buffer): void;
  /** The answer is complete; `isKept` says that the connection can take another request. */
  end(isKept: boolean): void;
}

/** Bytes that are no answer. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

/** Bytes of a head, or of a line between chunks, at most. Node.js takes heads of 16 KiB, too. */
const LONGEST_HEAD = 16 << 10;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [^\r\n\0]*)?$/;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const LENGTH = /^\d{1,15}$/;
const CHUNK_SIZE = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i;
const SWITCHING_PROTOCOLS = 101;
const BODILESS: ReadonlySet<number> = new Set([204, 304]);

/** The part of an answer that comes next. */
type Part = 'nothing' | 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'until-close';

function parseHead(text: string): AnswerHead & { readonly isPersistent: boolean } {
  const lines = text.split('\r\n');
  const [, minor, status] = STATUS_LINE.exec(lines[0] ?? '') ?? [];
  if (status === undefined) throw new MalformedAnswer(`no answer of HTTP/1.1 begins with ${quoted(lines[0] ?? '')}`);
  const headers = new Map<string, string>();
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (colon < 0 || !HEADER_NAME.test(name)) throw new MalformedAnswer(`${quoted(line)} is no header of an answer`);
    const key = name.toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  const isClosing = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(headers.get('connection') ?? '');
  return { status: Number(status), headers, isPersistent: minor === '1' && !isClosing };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

/** Reads the answers of one connection, one after the other. */
export class AnswerReader {
  private sink: AnswerSink | undefined;
  private part: Part = 'nothing';
  /** Bytes of a body or a chunk that are still to come. */
  private left = 0;
  private isPersistent = false;
  /** The beginning of what has not come whole. */
  private held: Buffer | undefined;

  /** A request has been sent: an answer follows. */
  begin(sink: AnswerSink): void {
    this.sink = sink;
    this.part = 'head';
  }

  /**
   * Takes the next bytes.
   * @throws MalformedAnswer, and so does whatever follows
   */
  read(bytes: Buffer): void {
    const all = this.held === undefined ? bytes : Buffer.concat([this.held, bytes]);
    this.held = undefined;
    for (let at = 0; at < all.length;) {
      const next = this.step(all, at);
      if (next === undefined) {
        if (all.length - at > LONGEST_HEAD) throw new MalformedAnswer('the head of the answer is too long');
        this.held = Buffer.from(all.subarray(at));
        return;
      }
      at = next;
    }
  }

  /** No more bytes come. Whether that was in order: no answer is open, or one without another end. */
  close(): boolean {
    if (this.part === 'until-close') this.end(false);
    return this.part === 'nothing';
  }

  /** Reads one part; where the next one begins, or undefined where this one has not come whole. */
  private step(bytes: Buffer, at: number): number | undefined {
    switch (this.part) {
      case 'nothing':
        throw new MalformedAnswer('the server sent something that nobody asked for');
      case 'head':
        return this.upTo('\r\n\r\n', bytes, at, (text) => this.readHead(text));
      case 'chunk-size':
        return this.upTo('\r\n', bytes, at, (text) => this.readChunkSize(text));
      case 'trailers':
        return this.upTo('\r\n', bytes, at, (text) => {
          if (text === '') this.end(this.isPersistent);
        });
      case 'chunk-end':
        return this.upTo('\r\n', bytes, at, (text) => {
          if (text !== '') throw new MalformedAnswer('a chunk is longer than it says');
          this.part = 'chunk-size';
        });
      case 'body':
      case 'chunk':
      case 'until-close':
        return this.readBody(bytes, at);
    }
  }

  private upTo(end: string, bytes: Buffer, at: number, use: (text: string) => void): number | undefined {
    const found = bytes.indexOf(end, at, 'latin1');
    if (found < 0) return undefined;
    if (found - at > LONGEST_HEAD) throw new MalformedAnswer('the head of the answer is too long');
    use(bytes.toString('latin1', at, found));
    return found + end.length;
  }

  private readHead(text: string): void {
    const { status, headers, isPersistent } = parseHead(text);
    if (status === SWITCHING_PROTOCOLS) throw new MalformedAnswer('the server speaks another protocol');
    // Such as 103: the answer itself is still to come.
    if (status < 200) return;
    this.isPersistent = isPersistent;
    this.part = this.bodyOf(status, headers);
    this.sink?.head({ status, headers });
    if (this.part === 'body' && this.left === 0) this.end(isPersistent);
  }

  /** How the body is delimited; sets its length. */
  private bodyOf(status: number, headers: ReadonlyMap<string, string>): Part {
    const [coding, length] = [headers.get('transfer-encoding'), headers.get('content-length')];
    this.left = 0;
    if (BODILESS.has(status)) return 'body';
    if (coding !== undefined) {
      if (coding.toLowerCase() === 'chunked' && length === undefined) return 'chunk-size';
      throw new MalformedAnswer(`an answer of the coding ${quoted(coding)} cannot be read`);
    }
    if (length === undefined) return 'until-close';
    if (!LENGTH.test(length)) throw new MalformedAnswer(`${quoted(length)} is no length of an answer`);
    this.left = Number(length);
    return 'body';
  }

  private readChunkSize(text: string): void {
    const [, digits] = CHUNK_SIZE.exec(text) ?? [];
    if (digits === undefined) throw new MalformedAnswer(`${quoted(text)} is no size of a chunk`);
    this.left = Number.parseInt(digits, 16);
    this.part = this.left === 0 ? 'trailers' : 'chunk';
  }

  private readBody(bytes: Buffer, at: number): number {
    const end = this.part === 'until-close' ? bytes.length : Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    this.sink?.piece(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    if (this.part === 'until-close' || this.left > 0) return end;
    if (this.part === 'chunk') this.part = 'chunk-end';
    else this.end(this.isPersistent);
    return end;
  }

  private end(isKept: boolean): void {
    const { sink } = this;
    this.sink = undefined;
    this.part = 'nothing';
    sink?.end(isKept);
  }
}
