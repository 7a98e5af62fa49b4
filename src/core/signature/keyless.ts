// SPDX-License-Identifier: Apache-2.0
// Signing without a key of one's own: what is said to the services of sigstore, and what is read from their answers. An
// issuer's token is exchanged for a certificate of a key that lives for one signature (Fulcio), the signature goes into
// a log that everybody may read (Rekor), and a timestamp service may confirm the time.
import { isJsonObject } from '../json.ts';
import { BUNDLE_MEDIA_TYPE } from './bundle.ts';
import { base64OfBytes, bytesOfBase64, bytesOfText, textOfBytes, valueOfJson } from './encoding.ts';

type Json = Readonly<Record<string, unknown>>;

/** An issuer's word about a user or a workflow, as far as it is read here. */
export interface TokenClaims {
  /** The claim whose signature proves to Fulcio that the key is ours: `email`, else `sub`. */
  readonly subject: string;
  readonly issuer: string;
  /** Seconds since 1970; undefined where the token does not say. */
  readonly expires: number | undefined;
}

/** Reads a JSON Web Token (RFC 7519), whose signature Fulcio will verify; a sentence where it is of no use. */
export function readToken(token: string): TokenClaims | string {
  const [, payload = '', signature] = token.split('.');
  const bytes = signature === undefined ? undefined : bytesOfBase64Url(payload);
  const claims = valueOfJson((bytes === undefined ? undefined : textOfBytes(bytes)) ?? '');
  if (!isJsonObject(claims)) return 'is no token: three parts with dots between them are meant';
  const { email, sub, iss, exp } = claims;
  if (typeof email === 'string' && claims['email_verified'] !== true) {
    return 'has an email that its issuer does not call verified (email_verified), and no certificate is given for that';
  }
  const subject = typeof email === 'string' ? email : sub;
  if (typeof subject !== 'string' || typeof iss !== 'string') return 'names no subject (sub), or no issuer (iss)';
  return { subject, issuer: iss, expires: typeof exp === 'number' ? exp : undefined };
}

function bytesOfBase64Url(text: string): Uint8Array | undefined {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  return bytesOfBase64(plain.padEnd(Math.ceil(plain.length / 4) * 4, '='));
}

/**
 * The question for a certificate.
 *
 * @param publicKey - PEM
 * @param proof - signature of the token's subject by the private key
 */
export function certificateRequest(token: string, publicKey: string, proof: Uint8Array): string {
  return JSON.stringify({
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: {
      publicKey: { algorithm: 'ECDSA', content: publicKey },
      proofOfPossession: base64OfBytes(proof),
    },
  });
}

/** The certificate for our key, the first of the chain, as PEM; undefined where there is none. */
export function readCertificate(answer: unknown): string | undefined {
  const signed = isJsonObject(answer)
    ? (answer['signedCertificateEmbeddedSct'] ?? answer['signedCertificateDetachedSct'])
    : undefined;
  const chain = isJsonObject(signed) ? signed['chain'] : undefined;
  const certificates: unknown = isJsonObject(chain) ? chain['certificates'] : undefined;
  const list: readonly unknown[] = Array.isArray(certificates) ? certificates : [];
  const [leaf] = list;
  return typeof leaf === 'string' && leaf.includes('BEGIN CERTIFICATE') ? leaf : undefined;
}

/** An envelope with one signature, in the members that a bundle and a log know. */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly [{ readonly sig: string }];
}

/** Versions of the log's interface. */
export type LogVersion = 1 | 2;

/** A signature as it is offered to a log. */
export interface LoggedSignature {
  readonly envelope: Envelope;
  /** DER. */
  readonly certificate: Uint8Array;
  /** SHA-256 of the bytes that the envelope's signature is over. */
  readonly digest: Uint8Array;
}

/** The question to take a signature into the log. One of version 2 keeps no envelopes, only what was signed. */
export function logRequest(version: LogVersion, { envelope, certificate, digest }: LoggedSignature): string {
  if (version === 1) {
    const verifiers = [base64OfBytes(bytesOfText(pemOf(certificate)))];
    const proposedContent = { envelope: JSON.stringify(envelope), verifiers };
    return JSON.stringify({ apiVersion: '0.0.1', kind: 'dsse', spec: { proposedContent } });
  }
  const x509Certificate = { rawBytes: base64OfBytes(certificate) };
  const verifier = { x509Certificate, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
  const signature = { content: envelope.signatures[0].sig, verifier };
  return JSON.stringify({ hashedRekordRequestV002: { digest: base64OfBytes(digest), signature } });
}

function pemOf(der: Uint8Array): string {
  const lines = base64OfBytes(der).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** The log's entry as a bundle carries it; a sentence where the answer has none. */
export function readLogEntry(version: LogVersion, answer: unknown): Json | string {
  if (!isJsonObject(answer)) return 'gives no entry';
  if (version === 2) return 'canonicalizedBody' in answer ? answer : 'gives no entry';
  const entry: unknown = Object.values(answer)[0];
  if (!isJsonObject(entry) || !isJsonObject(entry['verification'])) return 'gives an entry without a proof';
  const { body, logID, logIndex, integratedTime } = entry;
  const kind = typeof body === 'string' ? valueOfJson(textOfBytes(bytesOfBase64(body) ?? new Uint8Array()) ?? '') : {};
  if (!isJsonObject(kind) || typeof logID !== 'string') return 'gives an entry that cannot be read';
  return {
    logIndex: String(logIndex),
    logId: { keyId: base64OfBytes(bytesOfHex(logID)) },
    kindVersion: { kind: kind['kind'], version: kind['apiVersion'] },
    integratedTime: String(integratedTime),
    ...proofs(entry['verification']),
    canonicalizedBody: body,
  };
}

function proofs({ signedEntryTimestamp, inclusionProof }: Json): Json {
  const promise = signedEntryTimestamp === undefined ? {} : { inclusionPromise: { signedEntryTimestamp } };
  if (!isJsonObject(inclusionProof)) return promise;
  const { logIndex, treeSize, rootHash, hashes, checkpoint } = inclusionProof;
  const list: readonly unknown[] = Array.isArray(hashes) ? hashes : [];
  return {
    ...promise,
    inclusionProof: {
      logIndex: String(logIndex),
      treeSize: String(treeSize),
      rootHash: base64OfBytes(bytesOfHex(String(rootHash))),
      hashes: list.map((hash) => base64OfBytes(bytesOfHex(String(hash)))),
      checkpoint: { envelope: checkpoint },
    },
  };
}

function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

/** The parts of a bundle that a certificate signs. */
export interface CertificateBundleParts {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly envelope: Envelope;
  readonly logEntry: Json | undefined;
  /** Answer of a timestamp service (RFC 3161), DER. */
  readonly timestamp: Uint8Array | undefined;
}

/** Prints the bundle of a signature by a certificate. */
export function printCertificateBundle({ certificate, envelope, logEntry, timestamp }: CertificateBundleParts): string {
  const rfc3161Timestamps = timestamp === undefined ? [] : [{ signedTimestamp: base64OfBytes(timestamp) }];
  return JSON.stringify({
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: {
      certificate: { rawBytes: base64OfBytes(certificate) },
      tlogEntries: logEntry === undefined ? [] : [logEntry],
      ...(timestamp === undefined ? {} : { timestampVerificationData: { rfc3161Timestamps } }),
    },
    dsseEnvelope: envelope,
  });
}
