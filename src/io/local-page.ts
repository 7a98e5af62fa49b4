// SPDX-License-Identifier: Apache-2.0
// A text that one container of a pod offers to another: over a socket in a directory that they share, which nobody else
// can reach. A connection gets the text, and its end.
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';

/** How long a text may take to come, in milliseconds: a scraper waits for it. */
const TIMEOUT_MS = 2000;

/**
 * Offers a text. Returns the function that ends it. A socket of that name which a process of before has left is
 * replaced.
 *
 * @param onError - called where the text cannot be made or sent
 */
export async function servePage(
  socket: string,
  page: () => Promise<string>,
  onError: (error: unknown) => void,
): Promise<() => Promise<void>> {
  await rm(socket, { force: true });
  const server = createServer((connection) => {
    connection.on('error', onError);
    page().then(
      (now) => connection.end(now),
      (error: unknown) => {
        onError(error);
        connection.destroy();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  server.on('error', onError);
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** The text that is offered at a socket. Rejects where nobody offers one, or where it takes too long. */
export async function readPage(socket: string): Promise<string> {
  const connection = connect(socket);
  connection.setTimeout(TIMEOUT_MS, () => connection.destroy(new Error(`${socket} does not answer in time`)));
  return text(connection);
}
