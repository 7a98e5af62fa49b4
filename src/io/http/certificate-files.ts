// SPDX-License-Identifier: Apache-2.0
// A certificate in a directory that changes: a mounted secret, which the kubelet replaces as a whole. The kernel
// reports changes (inotify); a directory that does not exist yet is polled.
import { watch } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyPair } from '../../core/certificates.ts';

/** How a directory is looked at. */
export interface LookOptions {
  /** Called with the reason why files cannot be read, once for each reason. */
  onError(error: unknown): void;
  /** How often a certificate that is missing is looked for, in milliseconds. */
  readonly lookMs?: number;
  /** How long a change may take to be complete, in milliseconds. */
  readonly settleMs?: number;
}

/** The link to the present content of a mounted secret or ConfigMap, which the kubelet exchanges atomically. */
const PRESENT = '..data';

/**
 * Reads tls.crt and tls.key, both of the same exchange; undefined where one is missing or empty. Rejects where one is
 * there and cannot be read.
 */
export async function readCertificate(directory: string): Promise<KeyPair | undefined> {
  // Resolved once: between two reads through the link, the kubelet may exchange what it points to.
  const present = await ifThere(realpath(path.join(directory, PRESENT)));
  const read = (name: string): Promise<string | undefined> =>
    ifThere(readFile(path.join(present ?? directory, name), 'utf8'));
  const [certificate = '', key = ''] = await Promise.all([read('tls.crt'), read('tls.key')]);
  return certificate === '' || key === '' ? undefined : { certificate, key };
}

/**
 * The certificate of a directory: as soon as there is one, and again after each change, until the signal aborts.
 * Whether key and certificate belong together is not looked at.
 */
export async function* certificatesIn(
  directory: string,
  signal: AbortSignal,
  options: LookOptions,
): AsyncGenerator<KeyPair> {
  const { lookMs = 5000, settleMs = 200 } = options;
  const read = toldOnce(
    () => readCertificate(directory),
    (error) => options.onError(error),
  );
  let last: KeyPair | undefined;
  while (!signal.aborted) {
    const round = new AbortController();
    const end = (): void => round.abort();
    signal.addEventListener('abort', end);
    try {
      const changed = changeOf(directory, round.signal, lookMs);
      const found = await read();
      if (found !== undefined && (found.certificate !== last?.certificate || found.key !== last.key)) {
        last = found;
        yield found;
      }
      await (found === undefined ? Promise.race([changed, pause(lookMs, round.signal)]) : changed);
      await pause(settleMs, round.signal);
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }
}

/** A reader that gives undefined where it fails, and tells an error that differs from the one before. */
function toldOnce<T>(read: () => Promise<T | undefined>, tell: (error: unknown) => void): () => Promise<T | undefined> {
  let told = '';
  return async () => {
    try {
      const value = await read();
      told = '';
      return value;
    } catch (error) {
      if (told !== String(error)) tell(error);
      told = String(error);
      return undefined;
    }
  };
}

/**
 * Resolves with the next change in a directory, or when the signal aborts; after a while where it cannot be watched.
 */
async function changeOf(directory: string, signal: AbortSignal, unwatchedMs: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      const watcher = watch(directory, { signal, persistent: false });
      watcher.once('change', () => {
        watcher.close();
        resolve();
      });
      watcher.once('error', reject);
      watcher.once('close', resolve);
    });
  } catch {
    await pause(unwatchedMs, signal);
  }
}

async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
