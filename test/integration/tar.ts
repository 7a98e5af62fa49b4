// SPDX-License-Identifier: Apache-2.0
// Reads tar archives as far as tests look into them: what `tar --list` doesn't show, such as the raw extended
// attributes of a layer. Format: POSIX pax interchange format.

/** A file, folder or link of an archive. */
export interface TarEntry {
  readonly name: string;
  /** `0` a file, `5` a folder, `2` a link. */
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly content: Buffer;
  /** Extended header records of this entry, such as `SCHILY.xattr.security.capability`; values are bytes. */
  readonly pax: ReadonlyMap<string, Buffer>;
}

const BLOCK = 512;

/** The entries of an archive, in its order. */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let pax = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const size = octal(header, 124, 12);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    const type = header.toString('latin1', 156, 157);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'x') {
      pax = records(content);
      continue;
    }
    yield { ...ownership(header), name: nameOf(header, pax), type, content, pax };
    pax = new Map();
  }
}

function ownership(header: Buffer): Pick<TarEntry, 'mode' | 'uid' | 'gid' | 'mtime'> {
  return {
    mode: octal(header, 100, 8),
    uid: octal(header, 108, 8),
    gid: octal(header, 116, 8),
    mtime: octal(header, 136, 12),
  };
}

function nameOf(header: Buffer, pax: ReadonlyMap<string, Buffer>): string {
  const long = pax.get('path')?.toString();
  if (long !== undefined) return long;
  const prefix = text(header, 345, 155);
  return prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
}

function text(header: Buffer, start: number, length: number): string {
  return header.toString('utf8', start, start + length).replace(/\0.*$/s, '');
}

function octal(header: Buffer, start: number, length: number): number {
  return Number.parseInt(text(header, start, length).trim() || '0', 8);
}

/** Records are `<length> <key>=<value>\n`, the length counting the whole record. */
function records(content: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, space));
    const equals = content.indexOf(0x3d, space);
    found.set(content.toString('utf8', space + 1, equals), content.subarray(equals + 1, at + length - 1));
    at += length;
  }
  return found;
}
