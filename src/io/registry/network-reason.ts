// SPDX-License-Identifier: Apache-2.0
// Why no answer of a registry was had, in words that say what to do.
import { isLoopback } from '../../core/oci/challenge.ts';
import { codeOf } from '../file-error.ts';
import type { TimeLimits } from './time-limits.ts';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'has ended the connection in the middle of an answer',
  ERR_STREAM_PREMATURE_CLOSE: 'has ended the connection in the middle of an answer',
  EPIPE: 'has ended the connection',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name cannot be looked up now',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'cannot be reached',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; is the clock right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  HPE_HEADER_OVERFLOW: 'the headers of its answer are too long',
};

/** Errors about who has signed a certificate (OpenSSL's X509_V_ERR). */
const UNKNOWN_AUTHORITY: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** Errors of a TLS handshake with one who speaks something else. */
const NO_TLS: readonly string[] = ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'];

function seconds(ms: number): string {
  return `${String(Math.ceil(ms / 1000))} s`;
}

/** The rest of a sentence that begins with the host. */
export function networkReason(cause: unknown, url: URL, { idleMs, totalMs }: TimeLimits): string {
  const code = codeOf(cause);
  if (code === 'ESILENT') return `has said nothing for ${seconds(idleMs)}`;
  if (cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')) {
    return `has not answered in full within ${seconds(totalMs)}`;
  }
  if (UNKNOWN_AUTHORITY.includes(code)) {
    return 'its certificate is signed by nobody who is trusted here; name the authority with --ca-file';
  }
  if (NO_TLS.includes(code)) {
    return `speaks no TLS${isLoopback(url.hostname) ? '; for plain http give --plain-http' : ''}`;
  }
  const known = REASONS[code];
  if (known !== undefined) return known;
  return code.startsWith('HPE_') ? 'gives an answer that is no HTTP' : cause instanceof Error ? cause.message : 'fails';
}
