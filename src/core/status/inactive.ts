// SPDX-License-Identifier: Apache-2.0
// Profiles of any kind that are kept and not installed.
import { LABEL } from '../names.ts';
import type { ProfileState } from './state.ts';

/** The states of a profile that no node installs: its owner says so, or it is a part of a recording. */
export type InactiveState = Extract<ProfileState, 'Disabled' | 'Partial'>;

/** The state of a profile that is kept and not installed; undefined for one that should be installed. */
export function inactiveStateOf(profile: {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly disabled?: boolean };
}): InactiveState | undefined {
  if (profile.metadata.labels?.[LABEL.partial] !== undefined) return 'Partial';
  return profile.spec.disabled === true ? 'Disabled' : undefined;
}
