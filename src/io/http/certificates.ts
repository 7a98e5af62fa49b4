// SPDX-License-Identifier: Apache-2.0
// Our own certificate authority: the manager makes it and the certificates of the servers, so that no user has to
// install another operator for that. Keys are ECDSA P-256. Reading is done by node:crypto; the library that writes
// certificates is loaded only when one is due, because it costs 6 MiB of memory.
import { KeyObject, X509Certificate, createPrivateKey, webcrypto } from 'node:crypto';
import type { KeyPair, Validity } from '../../core/certificates.ts';
import { provideMetadata } from './reflect-metadata.ts';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

/** A new authority with the given common name. */
export async function makeAuthority(name: string, validity: Validity): Promise<KeyPair> {
  const x509 = await library();
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validFor(validity),
    name: `CN=${name}`,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: privatePem(keys.privateKey) };
}

/** A server's certificate for some DNS names, the first of which is its common name, signed by an authority. */
export async function issueServer(authority: KeyPair, names: readonly string[], validity: Validity): Promise<KeyPair> {
  const x509 = await library();
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    ...validFor(validity),
    subject: `CN=${names[0] ?? 'server'}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: createPrivateKey(authority.key).toCryptoKey(KEY, false, ['sign']),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificate: certificate.toString('pem'), key: privatePem(keys.privateKey) };
}

/**
 * How long a certificate is valid, if it is one that can be used: for all the names and for no other server, with the
 * key that belongs to it, and signed by the authority. Undefined otherwise, also for text that is no certificate.
 */
export function validityOf(pair: KeyPair, names: readonly string[], authority: string): Validity | undefined {
  try {
    const certificate = new X509Certificate(pair.certificate);
    const issuer = new X509Certificate(authority);
    const usable =
      certificate.checkPrivateKey(createPrivateKey(pair.key)) &&
      certificate.verify(issuer.publicKey) &&
      names.every((name) => certificate.checkHost(name) !== undefined) &&
      (names.length === 0 || hasNoOther(certificate, names));
    return usable ? { from: certificate.validFromDate.getTime(), until: certificate.validToDate.getTime() } : undefined;
  } catch {
    return undefined;
  }
}

/** Its alternative names as node:crypto prints them: `DNS:a, DNS:b`. */
function hasNoOther({ subjectAltName = '' }: X509Certificate, names: readonly string[]): boolean {
  return subjectAltName.split(', ').every((entry) => names.includes(entry.replace(/^DNS:/, '')));
}

/** How long an authority's certificate is valid; undefined for a text that is no certificate of an authority. */
export function authorityValidity(text: string): Validity | undefined {
  try {
    const certificate = new X509Certificate(text);
    if (!certificate.ca || !certificate.verify(certificate.publicKey)) return undefined;
    return { from: certificate.validFromDate.getTime(), until: certificate.validToDate.getTime() };
  } catch {
    return undefined;
  }
}

async function library(): Promise<typeof import('@peculiar/x509')> {
  provideMetadata();
  return import('@peculiar/x509');
}

function validFor(validity: Validity): { notBefore: Date; notAfter: Date; signingAlgorithm: typeof SIGNATURE } {
  return { notBefore: new Date(validity.from), notAfter: new Date(validity.until), signingAlgorithm: SIGNATURE };
}

function privatePem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();
}
