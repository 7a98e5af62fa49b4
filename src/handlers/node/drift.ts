// SPDX-License-Identifier: Apache-2.0
// The words on a form that was not on the node any more, though nobody of ours had taken it.
import type { Reason } from '../../core/errors.ts';
import type { NodeStatusEntry } from '../../core/status/node-status-entry.ts';
import type { RecordedState } from './node-status-recorder.ts';
import type { Difference, Written } from './profile-kind.ts';

/** A file of a profile. */
export const CHANGED_FILE: Difference = {
  deed: 'changed or removed the file on the node',
  remedy: 'written again',
  // A container keeps the filter that it got, whatever is written now.
  rest: 'containers that started before may run under something else',
};

/** The reason of the entry. */
export const FILE_DIFFERED: Reason = 'FileDiffered';

/**
 * The words; those of before stand as long as the profile is the same.
 *
 * @param before - the entry that says that this form was installed; undefined where none does
 * @param now - RFC 3339
 */
export function driftOf(
  { differed }: Pick<Written, 'differed'>,
  before: NodeStatusEntry | undefined,
  now: string,
): Pick<RecordedState, 'reason' | 'message'> {
  if (before === undefined) return {};
  if (differed === undefined) {
    const { reason, message = '' } = before;
    return reason === FILE_DIFFERED ? { reason, message } : {};
  }
  const { deed, remedy, rest } = differed;
  const message = `somebody had ${deed}: ${remedy} at ${now}; ${rest}`;
  return { reason: FILE_DIFFERED, message };
}
