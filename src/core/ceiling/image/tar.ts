// SPDX-License-Identifier: Apache-2.0
// Reads tar archives: the forms that image layers have (POSIX's ustar and pax, GNU's long names). Archives are hostile:
// one that is cut off or contradicts itself is refused. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html

/** An archive that cannot be read. */
export class MalformedArchive extends Error {
  override readonly name = 'MalformedArchive';
}

/** Something in an archive. Paths are as they are written there. */
export type TarEntry = { readonly path: string } & (
  | { readonly type: 'file'; readonly bytes: Uint8Array }
  | { readonly type: 'link'; readonly target: string }
  /** The same file as another one. */
  | { readonly type: 'copy'; readonly target: string }
  | { readonly type: 'folder' }
);

const BLOCK = 512;
const MAGIC_AT = 257;
/** Names and the like are not longer in any archive that a tool makes. */
const MAX_TEXT = 1024 * 1024;
/** PATH_MAX of the kernel, include/uapi/linux/limits.h: nobody can unpack more. */
const MAX_PATH = 4096;

/** Whether bytes begin as an archive does. */
export function isTar(bytes: Uint8Array): boolean {
  return textIn(bytes, MAGIC_AT, 5) === 'ustar';
}

/** A text of at most so many bytes, up to the first zero byte. */
function textIn(bytes: Uint8Array, at: number, size: number): string {
  const field = bytes.subarray(at, at + size);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}

/** A number in octal digits or, with the highest bit set, in binary form. */
function numberIn(bytes: Uint8Array, at: number, size: number): number {
  if (((bytes[at] ?? 0) & 0x80) !== 0) {
    return bytes.subarray(at + 1, at + size).reduce((sum, byte) => sum * 256 + byte, 0);
  }
  const digits = textIn(bytes, at, size).trim();
  if (!/^[0-7]*$/.test(digits)) throw new MalformedArchive('a number in it is no number');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

type Fields = Readonly<Record<string, string>>;

/** The records of pax, `LENGTH KEY=VALUE` and the end of a line each. */
function paxFields(bytes: Uint8Array): Fields {
  if (bytes.length > MAX_TEXT) throw new MalformedArchive('a header in it is too long');
  const fields: Record<string, string> = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(textIn(bytes, at, Math.max(space - at, 0)));
    if (space === -1 || !Number.isInteger(length) || length <= space - at || at + length > bytes.length) break;
    const [key = '', ...value] = textIn(bytes, space + 1, length - (space - at) - 2).split('=');
    fields[key] = value.join('=');
    at += length;
  }
  return fields;
}

/** A path whose beginning lies in a field of its own. */
function pathIn(bytes: Uint8Array, at: number): string {
  const [name, prefix] = [textIn(bytes, at, 100), textIn(bytes, at + 345, 155)];
  // GNU's form has times in the place of the prefix, and its magic ends with a blank.
  return prefix === '' || bytes[at + 262] === 0x20 ? name : `${prefix}/${name}`;
}

function entryOf(type: string, path: string, target: string, bytes: Uint8Array): TarEntry | undefined {
  switch (type) {
    case '0':
    case '\0':
    case '7':
      return path.endsWith('/') ? { path, type: 'folder' } : { path, type: 'file', bytes };
    case '1':
      return { path, type: 'copy', target };
    case '2':
      return { path, type: 'link', target };
    case '5':
      return { path, type: 'folder' };
    default:
      return undefined;
  }
}

/**
 * Everything in an archive that is a file, a link or a folder, in its order.
 *
 * @throws MalformedArchive
 */
export function* readTar(bytes: Uint8Array): Generator<TarEntry> {
  let next: Fields = {};
  for (let at = 0; at + BLOCK <= bytes.length;) {
    if (bytes.subarray(at, at + BLOCK).every((byte) => byte === 0)) return;
    if (!isTar(bytes.subarray(at, at + BLOCK))) throw new MalformedArchive('it is no tar archive, or is damaged');
    const type = String.fromCharCode(bytes[at + 156] ?? 0);
    const size = next['size'] === undefined ? numberIn(bytes, at + 124, 12) : Number(next['size']);
    const start = at + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > bytes.length)
      throw new MalformedArchive('it is cut off');
    const content = bytes.subarray(start, start + size);
    if (type === 'x') next = { ...next, ...paxFields(content) };
    else if (type === 'L') next = { ...next, path: textIn(content, 0, MAX_TEXT) };
    else if (type === 'K') next = { ...next, linkpath: textIn(content, 0, MAX_TEXT) };
    else if (type !== 'g') {
      const { path = pathIn(bytes, at), linkpath = textIn(bytes, at + 157, 100) } = next;
      const entry = entryOf(type, path, linkpath, content);
      next = {};
      if (Math.max(path.length, linkpath.length) > MAX_PATH) throw new MalformedArchive('a path in it is too long');
      if (entry !== undefined) yield entry;
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}
