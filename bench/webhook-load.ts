// SPDX-License-Identifier: Apache-2.0
// A load of reviews: a few kept TLS connections, each with one request at a time, written and read as bytes, so that
// the client costs less than the server.
import { readFileSync } from 'node:fs';
import tls from 'node:tls';

/** Where to send, and what. */
export interface Load {
  readonly port: number;
  readonly authority: string;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
}

/** Sends so many requests over the connections. Rejects where an answer is not 200. */
export async function sendLoad(load: Load, requests: number): Promise<void> {
  let left = requests;
  const next = (): boolean => left-- > 0;
  await Promise.all(Array.from({ length: load.connections }, () => converse(load, next)));
}

/** CPU time that a process has used, in milliseconds; ticks are hundredths of a second. */
export function cpuOf(pid: number): number {
  const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function converse({ port, authority, path, body }: Load, next: () => boolean): Promise<void> {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
  const request = Buffer.from(`${head}Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`);
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const go = (): void => {
      if (next()) socket.write(request);
      else socket.end(resolve);
    };
    const socket = tls.connect({ host: '127.0.0.1', port, ca: authority, servername: 'localhost' }, go);
    socket.on('error', reject);
    socket.on('data', (piece: Buffer) => {
      received = received.length === 0 ? piece : Buffer.concat([received, piece]);
      const end = lengthOf(received);
      if (end === undefined || received.length < end) return;
      if (!received.subarray(0, 12).equals(OK)) reject(new Error(received.subarray(0, 200).toString()));
      received = Buffer.alloc(0);
      go();
    });
  });
}

const OK = Buffer.from('HTTP/1.1 200');

/** Bytes of head and body of an answer; undefined while the head is not complete. */
function lengthOf(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const [, length] = /content-length: (\d+)/i.exec(bytes.toString('latin1', 0, head)) ?? [];
  return head + 4 + Number(length);
}
