// SPDX-License-Identifier: Apache-2.0
// Messages and answers of spoc on its own terminal. A reader may go away at any time: a pager is left, a terminal
// closed, the disk of a log is full. Messages are lost then, and the work goes on: a recording matters more than the
// lines about it.
import { writeSync } from 'node:fs';
import { plainText } from '../core/plain-text.ts';
import { codeOf, fileError } from './file-error.ts';
import { bytesOf } from './text-bytes.ts';

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/** Descriptors that were full once: what follows must not come before what the stream still holds. */
const left = new Set<number>();

function writeAll(fd: number, text: string): void {
  let rest = bytesOf(text);
  while (rest.length > 0 && !left.has(fd)) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (cause) {
      if (codeOf(cause) !== 'EAGAIN') throw cause;
      left.add(fd);
    }
  }
  if (rest.length > 0) leaveToStream(fd, rest);
}

/** A non-blocking descriptor that is full: the streams of Node.js wait for its reader, but cost time to load. */
function leaveToStream(fd: number, rest: Buffer): void {
  const stream = fd === STANDARD_OUTPUT ? process.stdout : process.stderr;
  if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
  stream.write(rest);
}

/**
 * Writes a message to standard error, or loses it where nothing takes it any more. It may hold text of files and
 * registries, which must not steer the terminal.
 */
export function writeMessage(text: string): void {
  try {
    writeAll(STANDARD_ERROR, plainText(text));
  } catch (cause) {
    if (codeOf(cause) === '') throw cause;
  }
}

/**
 * Writes an answer to standard output. A reader that has seen enough is no error.
 * @throws Error that names the reason, such as a full disk
 */
export function writeAnswer(text: string): void {
  try {
    writeAll(STANDARD_OUTPUT, text);
  } catch (cause) {
    if (codeOf(cause) !== 'EPIPE') throw fileError('write', 'standard output', cause);
  }
}
