// SPDX-License-Identifier: Apache-2.0
// The signed statement on how the profiles of an artifact were recorded: push attaches it, pull shows it.
import { recordingLines, recordingPredicate, RECORDING_PREDICATE } from '../core/evidence/recording-statement.ts';
import type { PlacedProfile } from '../core/evidence/recording-statement.ts';
import { ArtifactError } from '../core/oci/artifact-error.ts';
import { referenceText } from '../core/oci/reference.ts';
import type { ArtifactReference } from '../core/oci/reference.ts';
import type { ArtifactSource, ArtifactStore } from '../core/oci/store.ts';
import { attachBundle } from '../core/signature/attach.ts';
import type { Subject } from '../core/signature/attach.ts';
import { attestationsOf } from '../core/signature/attestation.ts';
import type { Attestation } from '../core/signature/attestation.ts';
import { printAttestation } from '../core/signature/statement.ts';
import { VERSION } from '../core/version.ts';
import { ownTrust, signersOf, surroundingsOf } from './artifact-signatures.ts';
import type { ArtifactSigner, SignatureMachine, Trusted } from './artifact-signatures.ts';
import type { Terminal } from './terminal.ts';

/** Attaches the statement, unless no profile was recorded, or the signer has said the same before. */
export async function attestRecording(
  store: ArtifactStore,
  reference: ArtifactReference,
  subject: Subject,
  profiles: readonly PlacedProfile[],
  signer: ArtifactSigner,
  machine: SignatureMachine,
  terminal: Terminal,
): Promise<void> {
  const predicate = recordingPredicate(profiles, VERSION);
  if (predicate === undefined) return;
  const own = ownTrust(signer);
  const before = own === undefined ? [] : await found(store, reference, subject.digest, own, machine);
  if (before.some((one) => JSON.stringify(one.predicate) === JSON.stringify(predicate))) return;
  const text = await signer.sign(printAttestation(subject.digest, RECORDING_PREDICATE, predicate));
  const bundle = { text, predicateType: RECORDING_PREDICATE };
  const digest = await attachBundle(store, reference.repository, subject, bundle, surroundingsOf(machine));
  terminal.log(`Attested how it was recorded: ${digest}`);
}

/** A profile of an artifact, by the digests of both. */
export interface PulledSubject {
  readonly manifest: string;
  readonly profile: string;
}

/**
 * Shows how a profile was recorded, by the word of every signer who is trusted.
 *
 * @param isRequired - a profile of which nobody says it is refused
 * @throws ArtifactError
 */
export async function showRecording(
  store: ArtifactSource,
  reference: ArtifactReference,
  subject: PulledSubject,
  trusted: Trusted,
  isRequired: boolean,
  machine: Pick<SignatureMachine, 'openVerifier'>,
  terminal: Terminal,
): Promise<void> {
  const attestations = await found(store, reference, subject.manifest, trusted, machine);
  const told = attestations.map((one) => ({ ...one, lines: recordingLines(one.predicate, subject.profile) }));
  const said = told.filter(({ lines }) => lines.length > 0);
  for (const { signer, lines } of said) {
    terminal.log(`Verified how it was recorded: by ${signer}`);
    for (const line of lines) terminal.log(`  ${line}`);
  }
  if (said.length === 0 && isRequired) {
    const message = `${referenceText(reference)}: no signer who is trusted says how it was recorded`;
    throw new ArtifactError('SignatureValidationFailed', message);
  }
}

async function found(
  store: ArtifactSource,
  { repository }: ArtifactReference,
  digest: string,
  trusted: Trusted,
  machine: Pick<SignatureMachine, 'openVerifier'>,
): Promise<readonly Attestation[]> {
  const cryptography = await machine.openVerifier(trusted);
  return attestationsOf(store, repository, digest, RECORDING_PREDICATE, signersOf(trusted), cryptography);
}
