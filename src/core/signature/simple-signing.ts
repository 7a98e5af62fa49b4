// SPDX-License-Identifier: Apache-2.0
// The classic form of cosign's signatures: a layer under the tag `sha256-….sig` is a small JSON text that names the
// digest of a manifest, and annotations of the layer carry the signature over that text. It is read, not written.
import { isJsonObject } from '../json.ts';
import { annotationsOf } from './statement.ts';
import type { Annotations } from './statement.ts';
import { textOfBytes, valueOfJson } from './encoding.ts';

/** Media type of the layer. */
export const SIMPLE_SIGNING_MEDIA_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';

/** Annotations of the layer: the signature in base64; for a keyless one the certificate and what proves its time. */
export const SIMPLE_SIGNING = {
  signature: 'dev.cosignproject.cosign/signature',
  certificate: 'dev.sigstore.cosign/certificate',
  log: 'dev.sigstore.cosign/bundle',
  timestamp: 'dev.sigstore.cosign/rfc3161timestamp',
} as const;

const TYPES: readonly unknown[] = ['cosign container image signature', 'atomic container signature'];

/** A payload that was read. */
export interface SimplePayload {
  readonly digest: string;
  readonly annotations: Annotations;
}

/** Reads a payload; a sentence where it is none. */
export function readSimplePayload(bytes: Uint8Array): SimplePayload | string {
  const text = textOfBytes(bytes);
  const value = text === undefined ? undefined : valueOfJson(text);
  const critical = isJsonObject(value) ? value['critical'] : undefined;
  if (!isJsonObject(value) || !isJsonObject(critical)) return 'the payload is no simple signing text';
  if (!TYPES.includes(critical['type']))
    return `the payload is no signature of an image: type ${String(critical['type'])}`;
  const digest = isJsonObject(critical['image']) ? critical['image']['docker-manifest-digest'] : undefined;
  if (typeof digest !== 'string') return 'the payload names no digest';
  return { digest, annotations: annotationsOf(value['optional']) };
}
