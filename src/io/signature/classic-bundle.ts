// SPDX-License-Identifier: Apache-2.0
// A classic signature by a certificate, written as the bundle that says the same. The log's promise travels in an
// annotation, in names of its own.
import { isJsonObject } from '../../core/json.ts';
import { base64OfBytes, valueOfJson } from '../../core/signature/encoding.ts';
import type { Evidence } from '../../core/signature/evidence.ts';

type Json = Readonly<Record<string, unknown>>;

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle+json;version=0.1';

/**
 * The bundle of version 0.1, as JSON.
 *
 * @param digest - SHA-256 of the payload
 * @throws Error for a certificate or a log's entry that cannot be read
 */
export function classicBundle(evidence: Extract<Evidence, { form: 'classic' }>, digest: Uint8Array): Json {
  const { certificate, log, timestamp, signature } = evidence;
  return {
    mediaType: MEDIA_TYPE,
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: derOf(certificate) }] },
      tlogEntries: log === undefined ? [] : [logEntry(log)],
      timestampVerificationData: { rfc3161Timestamps: timestamp === undefined ? [] : [timestampOf(timestamp)] },
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: base64OfBytes(digest) },
      signature: base64OfBytes(signature),
    },
  };
}

function derOf(pem: string): string {
  const [, body] = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(pem) ?? [];
  if (body === undefined) throw new Error('the certificate is no PEM');
  return body.replace(/\s/g, '');
}

function objectOf(text: string, what: string): Json {
  const value = valueOfJson(text);
  if (isJsonObject(value)) return value;
  throw new Error(`${what} is no JSON object`);
}

function logEntry(text: string): Json {
  const entry = objectOf(text, "the log's entry");
  const payload = entry['Payload'];
  if (!isJsonObject(payload)) throw new Error("the log's entry has no Payload");
  const { body, integratedTime, logIndex, logID } = payload;
  if (typeof body !== 'string' || typeof logID !== 'string') throw new Error("the log's entry has no body or no log");
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, 'hex').toString('base64') },
    kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: entry['SignedEntryTimestamp'] },
    canonicalizedBody: body,
  };
}

function timestampOf(text: string): Json {
  return { signedTimestamp: objectOf(text, 'the timestamp')['SignedRFC3161Timestamp'] };
}
