// SPDX-License-Identifier: Apache-2.0
// Signatures by certificates, proved with the libraries of sigstore: the chain up to the trusted root, the entry in the
// transparency log, the time, and then the signature. Asks nobody: all that it needs is in the signature and in the
// root. Bundled as a file of its own, because only those pay for it who ask for identities.
import { createHash } from 'node:crypto';
import { bundleFromJSON, ValidationError } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import type { TrustMaterial } from '@sigstore/verify';
import { isJsonObject } from '../../core/json.ts';
import { valueOfJson } from '../../core/signature/encoding.ts';
import type { Evidence } from '../../core/signature/evidence.ts';
import type { IdentityCheck } from '../../core/signature/judge.ts';
import { ReadCertificate } from './certificate.ts';
import { classicBundle } from './classic-bundle.ts';
import type { CertificateVerifier } from './cryptography.ts';
import publicGood from './public-good.json' with { type: 'json' };

/** Sentences for the library's codes; its own words follow where they tell more. */
const FAULTS: Readonly<Record<VerificationError['code'], string>> = {
  CERTIFICATE_ERROR: 'its certificate is not trusted',
  NOT_IMPLEMENTED_ERROR: 'it cannot be proved',
  PUBLIC_KEY_ERROR: 'its key is not trusted',
  SIGNATURE_ERROR: 'it does not fit its certificate',
  TIMESTAMP_ERROR: 'nothing that is trusted proves when it was made',
  TLOG_BODY_ERROR: 'its entry in the transparency log is of another signature',
  TLOG_ERROR: 'it is not in a transparency log',
  TLOG_INCLUSION_PROMISE_ERROR: "the transparency log's promise is not trusted",
  TLOG_INCLUSION_PROOF_ERROR: "the transparency log's proof is not trusted",
  TLOG_MISSING_INCLUSION_ERROR: 'the proof that it is in the transparency log is missing',
};

/**
 * Opens a verifier with the authorities that a `trusted_root.json` names. Of the sorts of logs that it names (of
 * signatures, of certificates) a proof is demanded; a time always is.
 *
 * @returns a sentence where the text is no trusted root: an error's class would be another one in the caller's bundle
 */
export function openSigstore(trustedRoot: string): CertificateVerifier | string {
  return verifierOf(valueOfJson(trustedRoot));
}

/**
 * The same with the authorities of sigstore's public services, as the npm package @sigstore/tuf 5.0.1 has them in its
 * seeds.json (there signed by the keys of the services' TUF repository). The services take up new logs once or twice a
 * year: a newer trusted root can be given at any time.
 */
export function openPublicGood(): CertificateVerifier {
  const verifier = verifierOf(publicGood);
  if (typeof verifier === 'string') throw new TypeError(`the trusted root of sigstore's public services ${verifier}`);
  return verifier;
}

function verifierOf(trustedRoot: unknown): CertificateVerifier | string {
  if (!isJsonObject(trustedRoot) || !/trustedroot/.test(String(trustedRoot['mediaType']))) {
    return 'is no trusted root: trusted_root.json of sigstore is meant';
  }
  try {
    const root = TrustedRoot.fromJSON(trustedRoot);
    if (root.certificateAuthorities.length === 0) return 'names no certificate authority';
    const verifier = new Verifier(materialOf(root), thresholds(root));
    return (evidence) => prove(verifier, evidence);
  } catch (error) {
    // The library throws for keys and certificates that it cannot read, with errors of many kinds.
    return `is damaged: ${reasonOf(error)}`;
  }
}

function materialOf(root: TrustedRoot): TrustMaterial {
  const material = toTrustMaterial(root);
  const { certificateAuthorities, timestampAuthorities } = material;
  return {
    ...material,
    certificateAuthorities: certificateAuthorities.map(readAuthority),
    timestampAuthorities: timestampAuthorities.map(readAuthority),
  };
}

type Authority = TrustMaterial['certificateAuthorities'][number];

function readAuthority(authority: Authority): Authority {
  return { ...authority, certChain: authority.certChain.map((certificate) => new ReadCertificate(certificate)) };
}

function thresholds({ tlogs, ctlogs }: TrustedRoot): ConstructorParameters<typeof Verifier>[1] {
  const one = (list: readonly unknown[]): number => Math.min(list.length, 1);
  return { tlogThreshold: one(tlogs), ctlogThreshold: one(ctlogs), timestampThreshold: 1 };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function prove(verifier: Verifier, evidence: Evidence): IdentityCheck {
  const lines = Error.stackTraceLimit;
  try {
    // The library's parser of certificates finds by errors, deep within itself, that a text has no parts. Their stacks,
    // which nobody reads, were a twentieth of the whole.
    Error.stackTraceLimit = 0;
    const { identity } = verifier.verify(entityOf(evidence));
    const { subjectAlternativeName: name, extensions: { issuer } = {} } = identity ?? {};
    if (name !== undefined && issuer !== undefined) return { proved: true, identity: { identity: name, issuer } };
    return refused('its certificate names no identity with its issuer');
  } catch (error) {
    // Whatever the libraries throw at hostile bytes, a type error of a parser included, is no proof.
    return refused(faultOf(error));
  } finally {
    Error.stackTraceLimit = lines;
  }
}

type Entity = ReturnType<typeof toSignedEntity>;

function entityOf(evidence: Evidence): Entity {
  if (evidence.form === 'bundle') return withReadCertificate(toSignedEntity(bundleFromJSON(evidence.bundle)));
  const digest = createHash('sha256').update(evidence.payload).digest();
  const bundle = bundleFromJSON(classicBundle(evidence, digest));
  return withReadCertificate(toSignedEntity(bundle, Buffer.from(evidence.payload)));
}

function withReadCertificate(entity: Entity): Entity {
  const { key } = entity;
  if (key.$case !== 'certificate') return entity;
  return { ...entity, key: { ...key, certificate: new ReadCertificate(key.certificate) } };
}

function refused(reason: string): IdentityCheck {
  return { proved: false, untrusted: false, reason };
}

function faultOf(error: unknown): string {
  if (error instanceof ValidationError) return `its bundle lacks what it must have: ${error.fields.join(', ')}`;
  if (!(error instanceof VerificationError)) return `its certificate or its proofs cannot be read: ${reasonOf(error)}`;
  return `${FAULTS[error.code]} (${error.message})`;
}
