// SPDX-License-Identifier: Apache-2.0
// Sigstore bundles, of the versions 0.1 to 0.3: an envelope or a signature over a digest, with what one verifies it by.
// Lists that are left out are empty, and hints may be anything: the key is chosen by the policy.
import { isJsonObject } from '../json.ts';
import { base64OfBytes, bytesOfBase64 } from './encoding.ts';
import type { Evidence } from './evidence.ts';

/** Media type of the bundles that we write, as a blob and in its own JSON. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A bundle may not be longer, in bytes: ours has 700, one with a chain of certificates and a log's proof 10,000. */
export const MOST_BUNDLE_BYTES = 256 * 1024;

const MEDIA_TYPES: readonly string[] = [
  BUNDLE_MEDIA_TYPE,
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
];

/** Signatures of an envelope that are looked at. */
const MOST_SIGNATURES = 16;

/** A bundle that was read. */
export interface Bundle {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly Uint8Array[];
  /** The certificate and what proves its time, where the bundle says by one who signed; else by a public key. */
  readonly evidence: Evidence | undefined;
}

/** Whether a media type, of a blob or in a bundle, is that of a bundle. */
export function isBundleMediaType(type: unknown): boolean {
  return typeof type === 'string' && MEDIA_TYPES.includes(type);
}

/** Reads a bundle with an envelope; a sentence where it is none. */
export function readBundle(value: unknown): Bundle | string {
  if (!isJsonObject(value)) return 'the bundle is no JSON object';
  if (!isBundleMediaType(value['mediaType'])) return `unknown kind of bundle: ${String(value['mediaType'])}`;
  const envelope = value['dsseEnvelope'];
  if (!isJsonObject(envelope)) return 'the bundle has no envelope: signatures over a blob say nothing of a manifest';
  const material = value['verificationMaterial'];
  if (!isJsonObject(material)) return 'the bundle has no verificationMaterial';
  const payload = bytesOfBase64(envelope['payload']);
  const { payloadType } = envelope;
  if (payload === undefined || typeof payloadType !== 'string') return "the bundle's envelope has no payload";
  const signatures = signaturesOf(envelope['signatures']);
  if (signatures.length === 0) return "the bundle's envelope has no signature";
  const evidence = evidenceOf(value['mediaType'], material, { payloadType, payload, signatures });
  return { payloadType, payload, signatures, evidence };
}

function signaturesOf(value: unknown): readonly Uint8Array[] {
  const list: readonly unknown[] = Array.isArray(value) ? value.slice(0, MOST_SIGNATURES) : [];
  return list.flatMap((entry) => (isJsonObject(entry) ? (bytesOfBase64(entry['sig']) ?? []) : []));
}

/**
 * The bundle is written again from what was read: a reader that finds another payload, or another content beside the
 * envelope, would prove something else than what is judged.
 */
function evidenceOf(
  mediaType: unknown,
  material: Readonly<Record<string, unknown>>,
  { payloadType, payload, signatures }: Pick<Bundle, 'payloadType' | 'payload' | 'signatures'>,
): Evidence | undefined {
  if (!isJsonObject(material['certificate']) && !isJsonObject(material['x509CertificateChain'])) return undefined;
  const dsseEnvelope = {
    payloadType,
    payload: base64OfBytes(payload),
    signatures: signatures.map((signature) => ({ sig: base64OfBytes(signature) })),
  };
  return { form: 'bundle', bundle: { mediaType, verificationMaterial: material, dsseEnvelope } };
}

/** The parts of a bundle that a key signs. Texts are in base64. */
export interface KeyBundleParts {
  readonly payloadType: string;
  readonly payload: string;
  readonly signature: string;
  /** SHA-256 of the public key's SubjectPublicKeyInfo in DER. */
  readonly hint: string;
}

/**
 * Prints the bundle of a signature by a key. The envelope's `keyid` is left out: cosign compares it with names of its
 * own and takes no signature that has another one.
 */
export function printKeyBundle({ payloadType, payload, signature, hint }: KeyBundleParts): string {
  return JSON.stringify({
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint } },
    dsseEnvelope: { payload, payloadType, signatures: [{ sig: signature }] },
  });
}
