// SPDX-License-Identifier: Apache-2.0
// Writes a text to a descriptor: a pipe, a terminal, a device, or a file that the shell has opened. A descriptor may be
// non-blocking, because another process that shares it made it so; then Node.js waits for the reader.
import { close, write } from 'node:fs';
import { promisify } from 'node:util';
import { codeOf } from './file-error.ts';

const writeSome = promisify(write);

async function drain(fd: number, rest: Buffer): Promise<void> {
  const { isatty, WriteStream } = await import('node:tty');
  const { Socket } = await import('node:net');
  const stream = isatty(fd) ? new WriteStream(fd) : new Socket({ fd, readable: false, writable: true });
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject);
    stream.end(rest, resolve);
  });
}

/**
 * Writes a text to a descriptor, at its offset.
 *
 * @returns whether the descriptor was closed, as happens to a non-blocking one
 * @throws the error of the operating system
 */
export async function writeToDescriptor(fd: number, text: string): Promise<boolean> {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      const { bytesWritten } = await writeSome(fd, rest);
      rest = rest.subarray(bytesWritten);
    } catch (cause) {
      if (codeOf(cause) !== 'EAGAIN') throw cause;
      await drain(fd, rest);
      return true;
    }
  }
  return false;
}

/** Writes a text to a descriptor of our own and closes it, so that the reader of a pipe sees the end. */
export async function writeAndClose(fd: number, text: string): Promise<void> {
  if (!(await writeToDescriptor(fd, text))) await promisify(close)(fd);
}
