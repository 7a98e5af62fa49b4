// SPDX-License-Identifier: Apache-2.0
// Texts as one archive in the format ustar (POSIX.1-1988, pax(1) of POSIX.1-2017). The archive is text itself: headers
// are ASCII, and contents UTF-8.

/** A file of an archive. */
export interface ArchiveEntry {
  /** Relative path with forward slashes, in ASCII. */
  readonly path: string;
  readonly text: string;
}

/** Bytes of a header, and of what contents are filled up to. */
const BLOCK = 512;

/** Bytes of the two fields that hold a path. */
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

const encoder = new TextEncoder();

function field(text: string, length: number): string {
  return text.padEnd(length, '\0');
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}

/** A path in its two fields: it is parted at a slash. */
function parted(path: string): readonly [prefix: string, name: string] {
  if (path.length <= NAME_BYTES) return ['', path];
  const slash = path.indexOf('/', path.length - NAME_BYTES - 1);
  if (slash < 0 || slash > PREFIX_BYTES) throw new RangeError(`${path} is too long for an archive`);
  return [path.slice(0, slash), path.slice(slash + 1)];
}

function header(path: string, size: number, seconds: number): string {
  const [prefix, name] = parted(path);
  const before = field(name, NAME_BYTES) + octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12);
  const after = field('0', 1) + field('', NAME_BYTES) + 'ustar\x0000' + field('', 32 + 32 + 8 + 8);
  const rest = after + field(prefix, PREFIX_BYTES);
  const head = (sum: string): string => field(`${before}${octal(seconds, 12)}${sum}${rest}`, BLOCK);
  const sum = encoder.encode(head(' '.repeat(8))).reduce((total, byte) => total + byte, 0);
  return head(`${octal(sum, 7)} `);
}

/**
 * The archive.
 *
 * @param seconds - since 1970, at which all files were changed
 * @throws RangeError for a path that has no room in the format
 */
export function tarOf(entries: readonly ArchiveEntry[], seconds: number): string {
  const files = entries.map(({ path, text }) => {
    const content = text.toWellFormed();
    const size = encoder.encode(content).length;
    return header(path, size, seconds) + content + '\0'.repeat((BLOCK - (size % BLOCK)) % BLOCK);
  });
  return files.join('') + '\0'.repeat(2 * BLOCK);
}
