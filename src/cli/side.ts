// SPDX-License-Identifier: Apache-2.0
// One of the two things that are compared: a profile of any kind, or the filters that a process has.
import type { KernelFilter } from '../core/seccomp/kernel-filter/program.ts';
import type { Profile } from '../core/seccomp/model.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { readObjectOf } from './object-kind.ts';
import type { ObjectKind, ProfileObject } from './object-kind.ts';
import { objectKindOf } from './object-kinds.ts';
import { logNotes, profileIn, requireOne } from './profile-document.ts';
import type { ReadFile } from './profile-document.ts';
import type { Terminal } from './terminal.ts';

/** A profile, as it is compared. */
export type Side =
  | { readonly type: 'seccomp'; readonly subject: string; readonly profile: Profile }
  | { readonly type: 'filters'; readonly subject: string; readonly filters: readonly KernelFilter[] }
  | { readonly type: 'object'; readonly subject: string; readonly kind: ObjectKind; readonly object: ProfileObject };

/**
 * The profile of a file.
 *
 * @param conditions - the container for which a published file is read
 * @throws UserError, InvalidProfile
 */
export async function sideOf(file: ReadFile, conditions: Conditions, terminal: Terminal): Promise<Side> {
  const kind = await objectKindOf(file.documents[0]?.value);
  if (kind !== undefined) {
    const document = requireOne(file.path, file.documents);
    return { type: 'object', subject: file.path, kind, object: await readObjectOf(kind.kind, document, file.path) };
  }
  const document = await profileIn(file, terminal, conditions);
  logNotes(document, terminal);
  const { subject, profile } = document;
  return { type: 'seccomp', subject, profile };
}
