// Generated from schemas/defs/profile-state.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * Where a profile stands. From worst to best: Error (could not be installed), Terminating (being removed), Partial (a recording that waits to be merged), Disabled (kept but not installed), Pending (not begun), InProgress (being installed), Installed (in effect).
 */
export type ProfileState = 'Error' | 'Terminating' | 'Partial' | 'Disabled' | 'Pending' | 'InProgress' | 'Installed';
