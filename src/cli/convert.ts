// SPDX-License-Identifier: Apache-2.0
// spoc convert: a SeccompProfile as the JSON that container runtimes read.
import { renderOciText } from '../core/seccomp/render.ts';
import { requireOneVerdict, runtimeForm } from '../core/seccomp/libseccomp/runtime-form.ts';
import { readProfile } from './profile-document.ts';
import { SUCCESS, UserError, type ExitResult, type Terminal } from './terminal.ts';

/** What the user asked for. */
export interface ConvertRequest {
  readonly profile: string;
  readonly outputFile: string;
}

/**
 * Converts and writes, in the form that runtimes enforce as it is meant; what remains doubtful is logged.
 * @throws UserError for another kind or a profile with a base, InvalidProfile with every fault of the profile
 */
export async function convert(request: ConvertRequest, terminal: Terminal): Promise<ExitResult> {
  const output = await terminal.files.openOutput(request.outputFile);
  const { profile } = await readProfile(request.profile, terminal);
  if (profile.baseProfileName !== undefined) {
    const base = profile.baseProfileName;
    throw new UserError(`${request.profile}: baseProfileName: runtimes know no bases, merge ${base} in first`);
  }
  requireOneVerdict(profile, request.profile);
  const { profile: written, warnings } = runtimeForm(profile);
  await output.write(renderOciText(written));
  for (const warning of warnings) terminal.log(`${request.profile}: ${warning}`);
  return SUCCESS;
}
