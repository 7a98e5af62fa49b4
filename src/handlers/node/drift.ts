// SPDX-License-Identifier: Apache-2.0
// The words on a form that was not on the node any more, though nobody of ours had taken it.
import type { Reason } from '../../core/errors.ts';
import type { NodeStatusEntry } from '../../core/status/node-status-entry.ts';
import type { RecordedState } from './node-status-recorder.ts';
import type { Written } from './profile-kind.ts';

/** The reason of the entry. */
export const FILE_DIFFERED: Reason = 'FileDiffered';

/**
 * The words; those of before stand as long as the profile is the same.
 *
 * @param before - the entry that says that this form was installed; undefined where none does
 * @param now - RFC 3339
 */
export function driftOf(
  { changed }: Pick<Written, 'changed'>,
  before: NodeStatusEntry | undefined,
  now: string,
): Pick<RecordedState, 'reason' | 'message'> {
  if (before === undefined) return {};
  if (!changed) {
    const { reason, message = '' } = before;
    return reason === FILE_DIFFERED ? { reason, message } : {};
  }
  // A container keeps the filter that it got, whatever is written now.
  const message =
    `somebody had changed or removed the file on the node: written again at ${now}; containers that ` +
    'started before may run under something else';
  return { reason: FILE_DIFFERED, message };
}
