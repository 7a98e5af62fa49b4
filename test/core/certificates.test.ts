// SPDX-License-Identifier: Apache-2.0
// Bundles of certificates, there and back.
import { expect } from 'chai';
import { bundleOf, certificatesOf } from '../../src/core/certificates.ts';

const pem = (text: string): string => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;

describe('core/certificates', () => {
  it('parts a bundle, whatever stands between the certificates', () => {
    expect(certificatesOf(`x${pem('YQ==')}\r\n\n# y\n${pem('Yg==')}${pem('Yw==')}`)).to.deep.equal(
      ['YQ==', 'Yg==', 'Yw=='].map((text) => `${pem(text)}\n`),
    );
    expect(certificatesOf('')).to.deep.equal([]);
    expect(certificatesOf('-----BEGIN CERTIFICATE-----'.repeat(1000))).to.deep.equal([]);
  });

  it('ends each certificate of a bundle by a line break, which API servers need', () => {
    const bundle = bundleOf([pem('YQ=='), `${pem('Yg==')}\n\n`]);
    expect(bundle).to.equal(`${pem('YQ==')}\n${pem('Yg==')}\n`);
    expect(certificatesOf(bundle)).to.have.length(2);
  });
});
