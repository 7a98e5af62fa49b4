// SPDX-License-Identifier: Apache-2.0
// The certificates of a cluster: two authorities, and what they sign for servers, components and users. Keys are ECDSA
// P-256, also the one that signs the tokens of service accounts, because they are made anew for each cluster.
import type { webcrypto } from 'node:crypto';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { isIP } from 'node:net';
import { provideMetadata } from '../../src/io/http/reflect-metadata.ts';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** The subject of a certificate. */
export interface Subject {
  /** A user's name, for Kubernetes. */
  readonly commonName: string;
  /** A user's groups, for Kubernetes. */
  readonly organizations?: readonly string[];
  /** DNS names and IP addresses of a server; a certificate without any is a client's. */
  readonly hosts?: readonly string[];
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

provideMetadata();
const x509 = await import('@peculiar/x509');

function makeKeys(): {
  readonly publicKey: webcrypto.CryptoKey;
  readonly privateKey: webcrypto.CryptoKey;
  readonly pem: string;
} {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: publicKey.toCryptoKey(ALGORITHM, true, ['verify']),
    privateKey: privateKey.toCryptoKey(ALGORITHM, true, ['sign']),
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Valid from a day ago, so that a clock that was set back does no harm, for a year. */
function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + 365 * DAY_MS) };
}

/** A new authority. */
export async function makeAuthority(name: string): Promise<KeyPair> {
  const keys = makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: keys.pem };
}

/** A certificate for a subject, signed by an authority. */
export async function issue(authority: KeyPair, subject: Subject): Promise<KeyPair> {
  const keys = makeKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const hosts = subject.hosts ?? [];
  const names = hosts.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }));
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(),
    subject: [{ CN: [subject.commonName] }, ...(subject.organizations ?? []).map((name) => ({ O: [name] }))],
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: createPrivateKey(authority.key).toCryptoKey(ALGORITHM, false, ['sign']),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([hosts.length > 0 ? serverAuth : clientAuth]),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificate: certificate.toString('pem'), key: keys.pem };
}
