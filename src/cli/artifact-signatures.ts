// SPDX-License-Identifier: Apache-2.0
// Signatures of artifacts as push makes and pull demands them. Nobody is trusted whom the user does not name.
import type { ArtifactReference } from '../core/oci/reference.ts';
import { referenceText } from '../core/oci/reference.ts';
import type { ArtifactStore } from '../core/oci/store.ts';
import { ArtifactError } from '../core/oci/artifact-error.ts';
import { attachBundle } from '../core/signature/attach.ts';
import type { Subject } from '../core/signature/attach.ts';
import type { Cryptography } from '../core/signature/judge.ts';
import { printStatement } from '../core/signature/statement.ts';
import type { Annotations } from '../core/signature/statement.ts';
import { refusal } from '../core/signature/verdict.ts';
import type { Verdict } from '../core/signature/verdict.ts';
import { verifyArtifact } from '../core/signature/verify.ts';
import type { Terminal } from './terminal.ts';

/** A key that signs. */
export interface ArtifactSigner {
  /** The public half as PEM. */
  readonly publicKey: string;
  /** Its name in messages. */
  readonly name: string;
  /** The bundle over a statement, as JSON. */
  sign(statement: string): string;
}

/** A file with a key. */
export interface KeyFile {
  readonly file: string;
  readonly pem: string;
}

/** The machine as signing and verifying need it. */
export interface SignatureMachine {
  /** Rejects with a UserError for a file without a private key, or one whose password COSIGN_PASSWORD is not. */
  openSigner(key: KeyFile): Promise<ArtifactSigner>;
  /** Rejects with a UserError for a file without a public key. */
  openVerifier(keys: readonly KeyFile[]): Promise<Cryptography>;
  /** Hexadecimal digits. */
  sha256(text: string): string;
  /** Waits a moment before the list of signatures is written again, longer at later attempts. */
  pause(attempt: number): Promise<void>;
}

/** The files with keys. */
export async function readKeys(files: readonly string[], terminal: Terminal): Promise<readonly KeyFile[]> {
  return Promise.all(files.map(async (file) => ({ file, pem: await terminal.files.read(file) })));
}

/** The verdict on an artifact, by public keys of which one suffices. */
async function verdictOf(
  store: ArtifactStore,
  { repository }: ArtifactReference,
  digest: string,
  keys: readonly KeyFile[],
  machine: SignatureMachine,
): Promise<Verdict> {
  const signers = keys.map(({ pem }) => ({ publicKey: pem }));
  return verifyArtifact(store, repository, digest, signers, await machine.openVerifier(keys));
}

/**
 * Demands that the owner of one of the keys has signed.
 * @throws ArtifactError `SignatureValidationFailed` with the reason
 */
export async function requireSignature(
  store: ArtifactStore,
  reference: ArtifactReference,
  digest: string,
  keys: readonly KeyFile[],
  machine: SignatureMachine,
  terminal: Terminal,
): Promise<void> {
  const verdict = await verdictOf(store, reference, digest, keys, machine);
  if (!verdict.verified) {
    throw new ArtifactError('SignatureValidationFailed', refusal(referenceText(reference), verdict));
  }
  terminal.log(`Verified signature: by ${verdict.signer}`);
}

/** Signs a manifest, unless its signer has signed it with the same annotations before. */
export async function signArtifact(
  store: ArtifactStore,
  reference: ArtifactReference,
  subject: Subject,
  signer: ArtifactSigner,
  annotations: Annotations,
  machine: SignatureMachine,
  terminal: Terminal,
): Promise<void> {
  const own = { file: 'the key', pem: signer.publicKey };
  const before = await verdictOf(store, reference, subject.digest, [own], machine);
  if (before.verified && sameTexts(before.annotations, annotations)) {
    terminal.log(`Is signed already by the key ${signer.name}`);
    return;
  }
  const bundle = signer.sign(printStatement(subject.digest, annotations));
  const surroundings = {
    digestOf: (bytes: Uint8Array) => `sha256:${machine.sha256(new TextDecoder().decode(bytes))}`,
    pause: (attempt: number) => machine.pause(attempt),
  };
  const digest = await attachBundle(store, reference.repository, subject, bundle, surroundings);
  terminal.log(`Signed by the key ${signer.name}: ${digest}`);
}

function sameTexts(a: Annotations, b: Annotations): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}
