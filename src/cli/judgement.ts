// SPDX-License-Identifier: Apache-2.0
// Commands that answer a question end as diff and grep do: 0 for one answer, 1 for the other, 2 where there is none.
import type { ExitResult } from './terminal.ts';

/** That a question could not be answered; its cause says why. The status is 2. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
}

/** Carries out a command whose statuses 0 and 1 are answers. Rejects with Trouble where there is none. */
export async function judged(command: () => Promise<ExitResult>): Promise<ExitResult> {
  try {
    return await command();
  } catch (cause) {
    throw new Trouble('there is no answer', { cause });
  }
}

/** The status of an answer. */
export function answer(isFine: boolean): ExitResult {
  return { type: 'status', status: isFine ? 0 : 1 };
}
