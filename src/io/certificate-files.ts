// SPDX-License-Identifier: Apache-2.0
// A certificate that somebody puts into a directory and changes there: a mounted secret, which the kubelet replaces as a
// whole. Changes are told by the kernel; a directory that is not there yet is looked for now and then.
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyPair } from './certificates.ts';

/** How often a missing certificate is looked for, and how long a change may take to be complete, in milliseconds. */
const MISSING_MS = 5000;
const SETTLE_MS = 200;

/** Reads tls.crt and tls.key; undefined where one is missing or empty. */
export async function readCertificate(directory: string): Promise<KeyPair | undefined> {
  const read = (name: string): Promise<string> => readFile(path.join(directory, name), 'utf8').catch(() => '');
  const [certificate, key] = await Promise.all([read('tls.crt'), read('tls.key')]);
  return certificate === '' || key === '' ? undefined : { certificate, key };
}

/** The certificate of a directory: as soon as there is one, and again after each change, until the signal aborts. */
export async function* certificatesIn(directory: string, signal: AbortSignal): AsyncGenerator<KeyPair> {
  let last: KeyPair | undefined;
  while (!signal.aborted) {
    const changed = changeOf(directory, signal);
    const found = await readCertificate(directory);
    if (found !== undefined && (found.certificate !== last?.certificate || found.key !== last.key)) {
      last = found;
      yield found;
    }
    await (found === undefined ? pause(MISSING_MS, signal) : changed.then(() => pause(SETTLE_MS, signal)));
  }
}

/** Resolves with the next change in a directory, or when the signal aborts; after a while where it cannot be watched. */
async function changeOf(directory: string, signal: AbortSignal): Promise<void> {
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
    await pause(MISSING_MS, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
