// SPDX-License-Identifier: Apache-2.0
// Signatures of artifacts as push makes and pull demands them. Nobody is trusted whom the user does not name.
import type { ArtifactReference } from '../core/oci/reference.ts';
import { referenceText } from '../core/oci/reference.ts';
import type { ArtifactSource, ArtifactStore } from '../core/oci/store.ts';
import { ArtifactError } from '../core/oci/artifact-error.ts';
import { attachBundle } from '../core/signature/attach.ts';
import type { Subject, Surroundings } from '../core/signature/attach.ts';
import type { Cryptography } from '../core/signature/judge.ts';
import type { IdentitySigner, Signer } from '../core/signature/policy.ts';
import { printStatement, SIGNATURE_PREDICATE } from '../core/signature/statement.ts';
import type { Annotations } from '../core/signature/statement.ts';
import { refusal } from '../core/signature/verdict.ts';
import type { Verdict } from '../core/signature/verdict.ts';
import { verifyArtifact } from '../core/signature/verify.ts';
import type { KeyFile, TrustedRootFile } from './key-files.ts';
import type { KeylessRequest } from './keyless-options.ts';
import type { Terminal } from './terminal.ts';

/** A key that signs, or an identity that gets a certificate for it. */
export interface ArtifactSigner {
  /** The public half of a key as PEM; undefined for an identity, which has another key each time. */
  readonly publicKey: string | undefined;
  /** Its name in messages. */
  readonly name: string;
  /** The bundle over a statement, as JSON. Rejects where a service refuses. */
  sign(statement: string): Promise<string>;
}

/** The signers of whom one must have signed. */
export interface Trusted {
  readonly keys: readonly KeyFile[];
  readonly identities: readonly IdentitySigner[];
  /** For identities; undefined for the authorities of sigstore's public services. */
  readonly root: TrustedRootFile | undefined;
}

/** The machine as signing and verifying need it. */
export interface SignatureMachine {
  /** Rejects with a UserError for a file without a private key, or one whose password COSIGN_PASSWORD is not. */
  openSigner(key: KeyFile): Promise<ArtifactSigner>;
  /** A user sits at a terminal, and may be asked to log in. */
  readonly isInteractive: boolean;
  /** Rejects with a UserError for a token that is of no use. A user who is to log in is told by `say`. */
  openKeylessSigner(request: KeylessRequest, say: (line: string) => void): Promise<ArtifactSigner>;
  /** Rejects with a UserError for a file without a public key, or one without a trusted root. */
  openVerifier(trusted: Trusted): Promise<Cryptography>;
  /** Hexadecimal digits. */
  sha256(text: string): string;
  /** Waits a moment before the list of signatures is written again, longer at later attempts. */
  pause(attempt: number): Promise<void>;
}

/** The verdict on an artifact. */
async function verdictOf(
  store: ArtifactSource,
  { repository }: ArtifactReference,
  digest: string,
  trusted: Trusted,
  machine: Pick<SignatureMachine, 'openVerifier'>,
): Promise<Verdict> {
  return verifyArtifact(store, repository, digest, signersOf(trusted), await machine.openVerifier(trusted));
}

/**
 * Demands that one of the trusted has signed.
 * @throws ArtifactError `SignatureValidationFailed` with the reason
 */
export async function requireSignature(
  store: ArtifactSource,
  reference: ArtifactReference,
  digest: string,
  trusted: Trusted,
  machine: Pick<SignatureMachine, 'openVerifier'>,
  terminal: Terminal,
): Promise<void> {
  const verdict = await verdictOf(store, reference, digest, trusted, machine);
  if (!verdict.verified) {
    throw new ArtifactError('SignatureValidationFailed', refusal(referenceText(reference), verdict));
  }
  terminal.log(`Verified signature: by ${verdict.signer}`);
}

/** The user's wishes about a signature. */
export interface Signing {
  readonly annotations: Annotations;
  /** Whether to sign what the same key has signed before. */
  readonly force: boolean;
}

/** Signs a manifest, unless its signer has signed it with the same annotations before. */
export async function signArtifact(
  store: ArtifactStore,
  reference: ArtifactReference,
  subject: Subject,
  signer: ArtifactSigner,
  { annotations, force }: Signing,
  machine: SignatureMachine,
  terminal: Terminal,
): Promise<void> {
  if (!force && (await isSignedAlready(store, reference, subject.digest, signer, annotations, machine))) {
    terminal.log(`Is signed already by ${signer.name}`);
    return;
  }
  const text = await signer.sign(printStatement(subject.digest, annotations));
  const bundle = { text, predicateType: SIGNATURE_PREDICATE };
  const digest = await attachBundle(store, reference.repository, subject, bundle, surroundingsOf(machine));
  terminal.log(`Signed by ${signer.name}: ${digest}`);
}

/** The machine as the attaching needs it. */
export function surroundingsOf(machine: SignatureMachine): Surroundings {
  return {
    digestOf: (bytes: Uint8Array) => `sha256:${machine.sha256(new TextDecoder().decode(bytes))}`,
    pause: (attempt: number) => machine.pause(attempt),
  };
}

/** The signers that are trusted, in the form of a policy's. */
export function signersOf(trusted: Trusted): readonly Signer[] {
  return [...trusted.keys.map(({ pem }) => ({ publicKey: pem })), ...trusted.identities];
}

/** The key of a signer as one that is trusted; undefined for an identity. */
export function ownTrust({ publicKey }: ArtifactSigner): Trusted | undefined {
  if (publicKey === undefined) return undefined;
  return { keys: [{ file: 'the key', pem: publicKey }], identities: [], root: undefined };
}

/** An identity signs each time: its certificate is of now, and so is what the log says. */
async function isSignedAlready(
  store: ArtifactStore,
  reference: ArtifactReference,
  digest: string,
  signer: ArtifactSigner,
  annotations: Annotations,
  machine: SignatureMachine,
): Promise<boolean> {
  const own = ownTrust(signer);
  if (own === undefined) return false;
  const before = await verdictOf(store, reference, digest, own, machine);
  return before.verified && sameTexts(before.annotations, annotations);
}

function sameTexts(a: Annotations, b: Annotations): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}
