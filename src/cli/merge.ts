// SPDX-License-Identifier: Apache-2.0
// spoc merge: one profile that permits what any of several permits; with --check, whether the first one does already.
import { covers } from '../core/seccomp/covers.ts';
import { mergeProfiles } from '../core/seccomp/merge.ts';
import { printDocument, readProfile, type ProfileDocument } from './profile-document.ts';
import { SUCCESS, UserError, type ExitResult, type Terminal } from './terminal.ts';

/** What the user asked for. */
export interface MergeRequest {
  /** At least two files; the first gives the name and the form of the result. */
  readonly files: readonly string[];
  readonly outputFile: string;
  /** Write nothing: tell whether the first profile permits all that the others do. */
  readonly check: boolean;
}

function mergeDocuments(documents: readonly [ProfileDocument, ...ProfileDocument[]]): ProfileDocument {
  return { ...documents[0], profile: asked(() => mergeProfiles(documents.map(({ profile }) => profile))) };
}

/** What cannot be merged is the user's to mend. */
function asked<T>(question: () => T): T {
  try {
    return question();
  } catch (cause) {
    if (cause instanceof RangeError) throw new UserError(cause.message, { cause });
    throw cause;
  }
}

/**
 * Merges. With `check` the status is 0 when the first profile covers the others, else 1 with the merged profile logged.
 * @throws UserError for fewer than two files, another kind or different bases; InvalidProfile with every fault of a file
 */
export async function merge(request: MergeRequest, terminal: Terminal): Promise<ExitResult> {
  if (request.files.length < 2) throw new UserError('merge needs at least two files');
  const output = request.check ? undefined : await terminal.files.openOutput(request.outputFile);
  const [first, ...others] = await Promise.all(request.files.map((file) => readProfile(file, terminal)));
  if (first === undefined) throw new UserError('merge needs at least two files');
  const merged = mergeDocuments([first, ...others]);
  if (output !== undefined) {
    await output.write(await printDocument(merged, terminal));
    terminal.log(`Wrote merged profile to: ${request.outputFile}`);
    return SUCCESS;
  }
  if (asked(() => covers(first.profile, merged.profile))) return SUCCESS;
  terminal.log(
    `${request.files[0] ?? ''} does not cover the other profiles, merged they are:\n${await printDocument(merged, terminal)}`,
  );
  return { type: 'status', status: 1 };
}
