// SPDX-License-Identifier: Apache-2.0
// spoc pull: the profile for a platform out of an artifact. The file is written when everything about it is right, as
// it is in the artifact, byte for byte.
import type { Environment } from '../core/env.ts';
import { fetchProfile, resolveArtifact } from '../core/oci/fetch-profile.ts';
import type { FetchedProfile } from '../core/oci/fetch-profile.ts';
import { platformText } from '../core/oci/platform.ts';
import type { Platform } from '../core/oci/platform.ts';
import { remembered } from '../core/oci/remembered.ts';
import { parseReference, referenceText } from '../core/oci/reference.ts';
import { checkArtifactText } from './artifact-profile.ts';
import { requireSignature } from './artifact-signatures.ts';
import type { Trusted } from './artifact-signatures.ts';
import { DEFAULT_PROFILE } from './profile-document.ts';
import { showRecording } from './recording-attestation.ts';
import { registrySettings } from './registry-settings.ts';
import type { PullingMachine, RegistryOptions } from './registry-settings.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';
import { firstSignerOption, trustedSigners } from './trusted-signers.ts';
import type { SignerOptions } from './trusted-signers.ts';

/** The user's request. */
export interface PullRequest {
  readonly reference: string;
  /** Undefined where the user has named none. */
  readonly outputFile: string | undefined;
  readonly platform: Platform;
  readonly registry: RegistryOptions;
  readonly verify: boolean;
  /** A signer must say how it was recorded. */
  readonly needsRecording: boolean;
  /** The signers of whom one must have signed. */
  readonly signers: SignerOptions;
}

/** A name that would lead out of a folder, or be hidden in it, is a trick; a user who names the file is not tricked. */
function requireHarmlessTitle({ title }: FetchedProfile, { outputFile, reference }: PullRequest): void {
  if (outputFile !== undefined || !/[/\\]|^\.|\.\./.test(title)) return;
  const shown = JSON.stringify(title.slice(0, 200));
  throw new UserError(`${reference}: calls its profile ${shown}, which is no file name; -o takes it all the same`);
}

/** Undefined where nobody need have signed. */
async function trustedOf(
  { verify, signers, needsRecording }: PullRequest,
  machine: PullingMachine,
  terminal: Terminal,
): Promise<Trusted | undefined> {
  const otherwise = '--disable-signature-verification takes it from anybody';
  if (verify) return trustedSigners(signers, otherwise, machine, terminal);
  const unheard = needsRecording ? '--require-recording' : firstSignerOption(signers);
  if (unheard === undefined) return undefined;
  throw new UserError(`${unheard}: no signature counts with --disable-signature-verification or ${DISABLE_VARIABLE}`);
}

function comeIn([outcome]: readonly [PromiseSettledResult<FetchedProfile>]): FetchedProfile {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

/**
 * Pulls and writes.
 * @throws UserError for a wrong request, ArtifactError, InvalidProfile with every fault of the profile
 */
export async function pull(request: PullRequest, machine: PullingMachine, terminal: Terminal): Promise<ExitResult> {
  const leaving = new AbortController();
  try {
    return await pullUntil(leaving.signal, request, machine, terminal);
  } catch (error) {
    // Or the process would stay until a profile has come that nobody wants any more, however slow its registry is.
    leaving.abort();
    throw error;
  }
}

async function pullUntil(
  signal: AbortSignal,
  request: PullRequest,
  machine: PullingMachine,
  terminal: Terminal,
): Promise<ExitResult> {
  const reference = parseReference(request.reference);
  const name = referenceText(reference);
  const trusted = await trustedOf(request, machine, terminal);
  const { outputFile = DEFAULT_PROFILE, platform } = request;
  const settings = await registrySettings(request.registry, reference, machine.env, terminal);
  const output = await terminal.files.openOutput(outputFile);
  terminal.log(`Pulling profile from: ${name}`);
  const store = remembered(await machine.openRegistry(settings, signal));
  const top = await resolveArtifact(store, reference);
  terminal.log(`Using digest: ${top.descriptor.digest}`);
  const { digest } = top.descriptor;
  // The profile comes while its signature is looked for, and counts for nothing until that is found.
  const coming = Promise.allSettled([fetchProfile(store, reference, top, platform)]);
  if (trusted !== undefined) {
    await requireSignature(store, reference, digest, trusted, machine, terminal);
  }
  const profile = comeIn(await coming);
  if (trusted !== undefined) {
    const subject = { manifest: digest, profile: profile.layer.digest };
    await showRecording(store, reference, subject, trusted, request.needsRecording, machine, terminal);
  }
  requireHarmlessTitle(profile, request);
  const { title } = await checkArtifactText(profile.text, name, terminal);
  terminal.log(`Got ${title} for platform ${platformText(platform)}: ${profile.layer.digest}`);
  await output.write(profile.text);
  terminal.log(`Saved profile in: ${outputFile}`);
  return SUCCESS;
}

/** The original's variable for `--disable-signature-verification`. */
export const DISABLE_VARIABLE = 'DISABLE_SIGNATURE_VERIFICATION';

/** Whether the environment asks for no signature: by what Go's ParseBool reads as true, as the original does. */
export function takesUnsigned(env: Environment): boolean {
  return /^(?:1|t|true)$/i.test(env[DISABLE_VARIABLE] ?? '');
}
