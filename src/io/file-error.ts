// SPDX-License-Identifier: Apache-2.0
// Errors of files in a sentence: users read "no space left on device", not a code and a stack.

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBADF: 'is not open for that',
  EDQUOT: 'the disk quota is exceeded',
  EFBIG: 'the file would be too large',
  EIO: 'input or output error; a terminal has perhaps been closed',
  EISDIR: 'is a directory',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENODEV: 'no such device',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'a part of the path is not a directory',
  ENXIO: 'nothing reads from it',
  EPERM: 'operation not permitted',
  EPIPE: 'nothing reads from it any more',
  EROFS: 'read-only file system',
};

/** The code of an error of the operating system, such as ENOENT; empty for another error. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/**
 * An error that names what was done to which file, and the reason.
 *
 * @param doing - `read`, `write`
 */
export function fileError(doing: string, file: string, cause: unknown): Error {
  const code = codeOf(cause);
  const name = file === '' ? "''" : file;
  const reason = REASONS[code] ?? (code === '' && cause instanceof Error ? cause.message : undefined);
  if (reason !== undefined) return new Error(`${doing} ${name}: ${reason}`);
  return new Error(`${doing} ${name}`, { cause });
}
