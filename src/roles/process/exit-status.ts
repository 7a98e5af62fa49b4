// SPDX-License-Identifier: Apache-2.0
// How a role of the cluster ends when something is wrong from the start: one sentence, and a status that makes the
// kubelet try again.
import { errorText } from '../../core/errors.ts';

/** The exit status of a role: its own, or 1 after a sentence on standard error when it threw. */
export async function exitStatus(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    console.error(`Error: ${errorText(error)}`);
    return 1;
  }
}
