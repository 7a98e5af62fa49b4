// SPDX-License-Identifier: Apache-2.0
// Asks again where a server is busy or broken for a moment. A no is final, and so is "come back in an hour".
import type { IncomingHttpHeaders } from 'node:http';

/** The answer, as far as it says that another one may come. */
interface Said {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Waits so many milliseconds. */
export type Pause = (ms: number) => Promise<unknown>;

/** Times that one question is asked. */
const MOST_ATTEMPTS = 4;

/** Milliseconds of the first pause, which doubles, and of the longest that a server may ask for. */
const PAUSE_MS = { first: 500, longest: 10_000 } as const;

/** Whether the same question may be answered in a moment (RFC 6585, 4; RFC 9110, 15.6). */
export function isBusy({ status }: Pick<Said, 'status'>): boolean {
  return status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** The pause before the next attempt; undefined where the server asks for a longer one than a user would wait. */
function pauseAfter({ headers }: Said, attempt: number): number | undefined {
  const asked = /^\d{1,9}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) * 1000 : 0;
  return asked > PAUSE_MS.longest ? undefined : Math.max(asked, PAUSE_MS.first * 2 ** (attempt - 1));
}

/** The first answer of a server that is not busy, or the last one. */
export async function persistent<T extends Said>(ask: () => Promise<T>, pause: Pause): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    const ms = isBusy(answer) && attempt < MOST_ATTEMPTS ? pauseAfter(answer, attempt) : undefined;
    if (ms === undefined) return answer;
    await pause(ms);
  }
}
