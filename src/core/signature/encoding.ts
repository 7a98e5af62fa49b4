// SPDX-License-Identifier: Apache-2.0
// Base64 and text as signatures carry them, read strictly: what is signed are bytes, and two readings of one text would
// be two meanings of one signature.

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of a base64 text (RFC 4648, 4, with padding); undefined when it is none, or is empty. */
export function bytesOfBase64(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string' || text === '' || !BASE64.test(text)) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Base64 of bytes, with padding. */
export function base64OfBytes(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Bytes of a text in UTF-8. */
export function bytesOfText(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** The text of bytes; undefined when they are no UTF-8. */
export function textOfBytes(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes);
  } catch {
    // The decoder throws for what is no UTF-8, and for nothing else.
    return undefined;
  }
}

/** A value of a JSON text; undefined when it is no JSON, which has no such value. */
export function valueOfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse throws for what is no JSON, and for nothing else.
    return undefined;
  }
}

/** Bytes of several parts, one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
