// SPDX-License-Identifier: Apache-2.0
// Whether the operator's directories on a node are as it made them, as a condition of the node's status.
import { plainText } from '../plain-text.ts';
import { shortText } from './node-status-size.ts';
import type { Observation } from './state.ts';

/**
 * Begin of the names of entries that were moved aside in directories of ours, because they were in the way: by the init
 * container (native/bpf/src/enabler/aside.h) and by the daemon. Nobody of ours looks into them or removes them.
 */
export const ASIDE_PREFIX = '.moved-aside-';

/** Name of the condition. */
export const INTACT = 'Intact';

/** How many paths the message names, and how much of each: somebody else chose the names. */
const NAMED = 5;
const LONGEST = 160;

/** The condition; `paths` are the entries that were moved aside because they were in the way. */
export function intactOf(paths: readonly string[]): Observation {
  if (paths.length === 0) {
    const message = 'nothing stood in the way in the directories of the operator';
    return { type: INTACT, status: 'True', reason: 'NothingMovedAside', message };
  }
  const named = paths.slice(0, NAMED).map((one) => shortText(plainText(one).replaceAll('\n', '?'), LONGEST));
  const more = paths.length > NAMED ? ` and ${String(paths.length - NAMED)} more` : '';
  const message =
    `entries that were in the way in the directories of the operator were moved aside: ${named.join(', ')}${more}; ` +
    'somebody else made them: look at them, remove them, and start the daemon of the node anew';
  return { type: INTACT, status: 'False', reason: 'MovedAside', message };
}
