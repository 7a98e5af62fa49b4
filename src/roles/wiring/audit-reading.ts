// SPDX-License-Identifier: Apache-2.0
// Keeps the program that reads audit records running. It knows which container a process that has just ended was in,
// and nobody can find that out later, so its place must not stay empty until the kubelet has started us again.
import type { Log } from '../../core/log.ts';
import type { Auditor } from '../../io/native/auditor.ts';
import { aborted } from '../../runtime/clock.ts';
import type { Clock } from '../../runtime/clock.ts';

/** A program that ends sooner would end again: then the kubelet starts us anew, ever later. In milliseconds. */
const LASTING_MS = 10_000;

/** The surroundings of a reading. */
export interface AuditReadingParts {
  readonly log: Log;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/**
 * Reads until the signal aborts, and starts a program that has ended again at once.
 *
 * @param begin - starts the program, from where the one before it has read to
 * @returns the exit status of the process: 1 where a program did not last
 * @throws Error where the program cannot be started, or says what we do not understand
 */
export async function keepReading(
  begin: () => Auditor,
  { log, clock }: AuditReadingParts,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    const begun = clock.monotonic();
    const auditor = begin();
    void aborted(signal).then(() => auditor.stop());
    const end = await auditor.ended;
    if (signal.aborted) break;
    log.error('the program that reads audit records has ended', { why: end });
    if (clock.monotonic() - begun < LASTING_MS) return 1;
  }
  log.info('stopped');
  return 0;
}
