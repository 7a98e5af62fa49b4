// SPDX-License-Identifier: Apache-2.0
// Certificates that are only words in base64, as PEM demands it: `name;from;until;signed by`.
import type { CertificateMaker } from '../../src/handlers/manager/spod/authority.ts';

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/** A certificate of these words. */
export function clearCertificate(name: string, from: number, until: number, signer: string): string {
  return `${BEGIN}\n${btoa([name, from, until, signer].join(';'))}\n${END}\n`;
}

/** The words of a certificate. */
export function wordsOf(certificate: string): readonly string[] {
  const text = certificate.replace(BEGIN, '').replace(END, '').trim();
  return Buffer.from(text, 'base64').toString().split(';');
}

/** A maker of such certificates. An authority signs as `name@from`. */
export const CLEAR_MAKER: CertificateMaker = {
  makeAuthority: (name, { from, until }) =>
    Promise.resolve({ certificate: clearCertificate(name, from, until, 'self'), key: 'k' }),
  issueServer: (authority, names, { from, until }) =>
    Promise.resolve({
      certificate: clearCertificate(names.join(), from, until, idOf(authority.certificate)),
      key: 'k',
    }),
  validityOf: ({ certificate }, names, authority) => {
    const [of = '', from, until, signer] = wordsOf(certificate);
    const isSigned = signer === idOf(authority) || (signer === 'self' && idOf(certificate) === idOf(authority));
    const isFor = names.every((name) => of.split(',').includes(name));
    return isSigned && isFor ? { from: Number(from), until: Number(until) } : undefined;
  },
  authorityValidity: (certificate) => {
    const [, from, until, signer] = wordsOf(certificate);
    return signer === 'self' ? { from: Number(from), until: Number(until) } : undefined;
  },
};

function idOf(certificate: string): string {
  const [name = '', from = ''] = wordsOf(certificate);
  return `${name}@${from}`;
}
