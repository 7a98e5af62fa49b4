// SPDX-License-Identifier: Apache-2.0
// The memory of the operator's processes at their peak.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '../tools/lab/operator.ts';

/** Looks at the memory of the processes ten times a second. */
export class PeakMemory {
  private readonly installation: Installation;
  private readonly ended: Promise<void>;
  private stopped = false;
  /** MiB, the largest of any process. */
  peak = 0;

  constructor(installation: Installation) {
    this.installation = installation;
    this.ended = this.run();
  }

  /** Looks no more. */
  stop(): Promise<void> {
    this.stopped = true;
    return this.ended;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      for (const { pid } of this.installation.roles) this.peak = Math.max(this.peak, pssOf(pid));
      await sleep(100);
    }
  }
}

/** MiB; 0 for a process that is gone. */
export function pssOf(pid: number | undefined): number {
  try {
    const text = readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
