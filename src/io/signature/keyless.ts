// SPDX-License-Identifier: Apache-2.0
// Signs a statement without a key of one's own: a key pair that nobody keeps, a certificate for it in exchange for a
// token, and an entry in a log. Services are asked one after the other, and whoever says no ends it.
import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { base64OfBytes, bytesOfText, textOfBytes, valueOfJson } from '../../core/signature/encoding.ts';
import {
  certificateRequest,
  logRequest,
  printCertificateBundle,
  readCertificate,
  readLogEntry,
} from '../../core/signature/keyless.ts';
import type { Envelope, LoggedSignature, LogVersion } from '../../core/signature/keyless.ts';
import { signedBytes, STATEMENT_MEDIA_TYPE } from '../../core/signature/statement.ts';
import { KeyError } from './key-error.ts';

/** The services, by their base addresses. */
export interface KeylessServices {
  readonly fulcio: URL;
  readonly rekor: { readonly url: URL; readonly version: LogVersion };
  /** A log of version 2 tells no time, so it needs one. */
  readonly timestamp: URL | undefined;
}

/** Sends a body of a type to a service: the bytes of a good answer. Rejects with a sentence that names the service. */
export type AskService = (url: URL, type: string, body: Uint8Array) => Promise<Uint8Array>;

/** The token and the claim of it that proves the possession of the key. */
export interface Login {
  readonly token: string;
  readonly subject: string;
}

/**
 * Signs a statement: the JSON of the bundle.
 * @throws KeyError for an answer that cannot be used, and what `ask` rejects with
 */
export async function signKeyless(
  statement: string,
  login: Login,
  services: KeylessServices,
  ask: AskService,
): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const proof = sign('sha256', bytesOfText(login.subject), privateKey);
  const certificate = await certificateOf(certificateRequest(login.token, pem, proof), services, ask);
  const payload = bytesOfText(statement);
  const bytes = signedBytes(STATEMENT_MEDIA_TYPE, payload);
  const signature = sign('sha256', bytes, privateKey);
  const envelope: Envelope = {
    payloadType: STATEMENT_MEDIA_TYPE,
    payload: base64OfBytes(payload),
    signatures: [{ sig: base64OfBytes(signature) }],
  };
  const timestamp = await timestampOf(signature, services, ask);
  const digest = createHash('sha256').update(bytes).digest();
  const logEntry = await logEntryOf({ envelope, certificate, digest }, services, ask);
  return printCertificateBundle({ certificate, envelope, logEntry, timestamp });
}

async function askJson(url: URL, body: string, ask: AskService): Promise<unknown> {
  return valueOfJson(textOfBytes(await ask(url, 'application/json', bytesOfText(body))) ?? '');
}

async function certificateOf(request: string, { fulcio }: KeylessServices, ask: AskService): Promise<Uint8Array> {
  const pem = readCertificate(await askJson(below(fulcio, 'api/v2/signingCert'), request, ask));
  if (pem === undefined) throw new KeyError(`${fulcio.host}: gives no certificate`);
  try {
    return new X509Certificate(pem).raw;
  } catch (cause) {
    throw new KeyError(`${fulcio.host}: gives a certificate that cannot be read`, { cause });
  }
}

async function logEntryOf(signature: LoggedSignature, { rekor }: KeylessServices, ask: AskService) {
  const { url, version } = rekor;
  const address = below(url, `api/v${String(version)}/log/entries`);
  const entry = readLogEntry(version, await askJson(address, logRequest(version, signature), ask));
  if (typeof entry === 'string') throw new KeyError(`${url.host}: ${entry}`);
  return entry;
}

/** A query of RFC 3161 with SHA-256, 8 bytes of a nonce, and the wish for certificates. */
const QUERY = {
  head: '3044020101' + '3031300d060960864801650304020105000420',
  nonce: '020900',
  wantsCertificates: '0101ff',
} as const;

async function timestampOf(
  signature: Uint8Array,
  { timestamp }: KeylessServices,
  ask: AskService,
): Promise<Uint8Array | undefined> {
  if (timestamp === undefined) return undefined;
  const digest = createHash('sha256').update(signature).digest('hex');
  const nonce = randomBytes(8).toString('hex');
  const query = `${QUERY.head}${digest}${QUERY.nonce}${nonce}${QUERY.wantsCertificates}`;
  const url = timestamp.pathname === '/' ? below(timestamp, 'api/v1/timestamp') : timestamp;
  return ask(url, 'application/timestamp-query', Buffer.from(query, 'hex'));
}

/** An address below a service's own, which may have a path. */
function below(base: URL, path: string): URL {
  return new URL(path, base.href.endsWith('/') ? base : `${base.href}/`);
}
