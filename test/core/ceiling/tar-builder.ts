// SPDX-License-Identifier: Apache-2.0
// Makes tar archives as the tools make them.

/** Something that goes into an archive. */
export interface TarPart {
  readonly path: string;
  /** The letter of its kind; a file without one. */
  readonly type?: string;
  readonly target?: string;
  readonly content?: string | Uint8Array;
  readonly prefix?: string;
  /** The size in binary form. */
  readonly isBinary?: boolean;
}

function block({ path, type = '0', target = '', prefix = '', isBinary = false }: TarPart, size: number): Uint8Array {
  const head = new Uint8Array(512);
  const put = (at: number, text: string): void => head.set(new TextEncoder().encode(text), at);
  put(0, path);
  put(124, `${size.toString(8).padStart(11, '0')}\0`);
  if (isBinary) head.set([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, size >> 8, size & 0xff], 124);
  put(156, type);
  put(157, target);
  put(257, 'ustar\0' + '00');
  put(345, prefix);
  return head;
}

/** The bytes of an archive. */
export function buildTar(parts: readonly TarPart[]): Uint8Array {
  const blocks = parts.flatMap((part) => {
    const { content = '' } = part;
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const padded = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    padded.set(bytes);
    return [block(part, bytes.length), padded];
  });
  const all = [...blocks, new Uint8Array(1024)];
  const archive = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of all) {
    archive.set(one, at);
    at += one.length;
  }
  return archive;
}

/** A record of pax. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length + String(rest.length).length).length;
  return `${String(length)}${rest}`;
}
