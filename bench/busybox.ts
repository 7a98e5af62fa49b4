// SPDX-License-Identifier: Apache-2.0
// The image of the pods that benchmarks start, on the node of the lab: nodes there pull nothing.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBusyboxImage } from '../tools/lab/images.ts';

/** Loads BUSYBOX_IMAGE into the lab. Throws where the lab is not up. */
export async function loadBusybox(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const archive = path.join(folder, 'busybox.tar');
    await writeBusyboxImage(archive, () => undefined);
    execFileSync(process.execPath, ['tools/lab/main.ts', 'load', archive], {
      cwd: path.join(import.meta.dirname, '..'),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
