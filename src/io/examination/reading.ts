// SPDX-License-Identifier: Apache-2.0
// Reads files of the kernel and of the machine as observations: a file that cannot be read is said so, not guessed at.
import { access, constants, readFile } from 'node:fs/promises';
import { errorText } from '../../core/errors.ts';
import type { Observed } from '../../core/doctor/finding.ts';
import { codeOf, fileError } from '../file-error.ts';

/** Reads something, or says why it could not be read. */
export async function observe<T>(read: () => Promise<T>): Promise<Observed<T>> {
  try {
    return { type: 'seen', value: await read() };
  } catch (cause) {
    return { type: 'unseen', why: errorText(cause) };
  }
}

/** The words of a file. Rejects with the path and the reason. */
export async function wordsOf(file: string, between: RegExp = /\s+/): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8'))
      .trim()
      .split(between)
      .filter((word) => word !== '');
  } catch (cause) {
    throw fileError('read', file, cause);
  }
}

/** The text of a file; undefined where it cannot be read. */
export async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

/** Whether a path leads to something that this user may use in a way, such as `constants.R_OK`. */
export async function isThere(file: string, how = constants.F_OK): Promise<boolean> {
  return access(file, how).then(
    () => true,
    () => false,
  );
}

/** The value of a promise; undefined where something on its path does not exist. Other errors name the path. */
export async function ifThere<T>(doing: string, file: string, value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(cause))) return undefined;
    throw fileError(doing, file, cause);
  }
}
