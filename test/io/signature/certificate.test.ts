// SPDX-License-Identifier: Apache-2.0
// Certificates that keep their bytes say the same as the library's own, and no changed one is taken for another.
import { X509Certificate, X509SCTExtension } from '@sigstore/core';
import { expect } from 'chai';
import { ReadCertificate } from '../../../src/io/signature/certificate.ts';
import publicGood from '../../../src/io/signature/public-good.json' with { type: 'json' };
import { printStatement } from '../../../src/core/signature/statement.ts';
import { FakeSigstore } from '../../fakes/sigstore.ts';

/** Bytes of a certificate before what is signed of it: a tag, and a length of two bytes with their number. */
const OUTER_HEADER = 4;

const SCT = '1.3.6.1.4.1.11129.2.4.2';

interface Authorities {
  readonly certificateAuthorities: readonly {
    readonly certChain: { readonly certificates: readonly { readonly rawBytes: string }[] };
  }[];
}

interface Bundle {
  readonly verificationMaterial: { readonly certificate: { readonly rawBytes: string } };
}

const bytesOf = (rawBytes: string): Buffer<ArrayBuffer> => Buffer.from(rawBytes, 'base64');
const theirs = (bytes: Buffer<ArrayBuffer>): X509Certificate => X509Certificate.parse(bytes);
const ours = (bytes: Buffer<ArrayBuffer>): ReadCertificate => new ReadCertificate(theirs(bytes));

function chainsOf({ certificateAuthorities }: Authorities): readonly (readonly Buffer<ArrayBuffer>[])[] {
  return certificateAuthorities.map(({ certChain }) => certChain.certificates.map(({ rawBytes }) => bytesOf(rawBytes)));
}

describe('io/signature/certificate', () => {
  let chain: readonly Buffer<ArrayBuffer>[];
  before(async () => {
    const sigstore = await FakeSigstore.start();
    try {
      const bundle = JSON.parse(await sigstore.sign(printStatement(`sha256:${'a'.repeat(64)}`))) as Bundle;
      const [authority = []] = chainsOf(JSON.parse(sigstore.trustedRoot) as Authorities);
      chain = [bytesOf(bundle.verificationMaterial.certificate.rawBytes), ...authority];
    } finally {
      await sigstore.stop();
    }
  });

  const all = (): readonly Buffer<ArrayBuffer>[] => [...chain, ...chainsOf(publicGood as Authorities).flat()];

  it('answers as the library does, each time', () => {
    for (const bytes of all()) {
      const [own, other] = [ours(bytes), theirs(bytes)];
      for (const time of ['first', 'second']) {
        expect(own.publicKey.equals(other.publicKey), time).to.equal(true);
        expect([own.notBefore, own.notAfter, own.isCA]).to.deep.equal([other.notBefore, other.notAfter, other.isCA]);
        expect(own.extBasicConstraints?.pathLenConstraint).to.equal(other.extBasicConstraints?.pathLenConstraint);
        expect(own.extAuthorityKeyID?.keyIdentifier).to.deep.equal(other.extAuthorityKeyID?.keyIdentifier);
        expect(own.extSubjectKeyID?.keyIdentifier).to.deep.equal(other.extSubjectKeyID?.keyIdentifier);
      }
    }
  });

  it('finds the same issuers as the library, and the same certificates equal', () => {
    for (const one of all()) {
      for (const other of all()) {
        const [a, b] = [ours(one), ours(other)];
        const isIssued = theirs(one).verify(theirs(other));
        expect([a.verify(b), a.verify(b), a.verify(theirs(other))]).to.deep.equal([isIssued, isIssued, isIssued]);
        expect([a.equals(b), a.equals(theirs(other))]).to.deep.equal([one.equals(other), one.equals(other)]);
      }
      expect(ours(one).verify()).to.equal(theirs(one).verify());
    }
  });

  it('is to the log of certificates what it is with the library', () => {
    const unlogged = (certificate: X509Certificate): Buffer => {
      const copy = certificate.clone();
      const at = copy.extensions.findIndex(({ subs: [oid] }) => oid?.toOID() === SCT);
      expect(at, 'the place of the promise').to.be.at.least(0);
      const [extension] = copy.extensions.splice(at, 1);
      if (extension !== undefined) expect(new X509SCTExtension(extension).oid).to.equal(SCT);
      return copy.tbsCertificate.toDER();
    };
    const [leaf = Buffer.alloc(0)] = chain;
    const own = ours(leaf);
    expect(unlogged(own).equals(unlogged(theirs(leaf)))).to.equal(true);
    expect(unlogged(own), 'the second time').to.have.length(unlogged(theirs(leaf)).length);
    expect(own.extSCT?.signedCertificateTimestamps).to.have.length(1);
  });

  it('with one bit changed of what is signed is issued by nobody, or is no certificate', () => {
    const [leaf = Buffer.alloc(0), ...authority] = chain;
    const [before, signed] = [OUTER_HEADER, theirs(leaf).tbsCertificate.toDER().length];
    for (let at = before; at < before + signed; at += 7) {
      const changed = Buffer.from(leaf);
      changed.writeUInt8(leaf.readUInt8(at) ^ 1, at);
      let certificate: ReadCertificate;
      try {
        certificate = ours(changed);
      } catch {
        continue;
      }
      const isIssued = authority.map((issuer) => {
        try {
          return certificate.verify(ours(issuer));
        } catch {
          return false;
        }
      });
      expect(isIssued, `byte ${String(at)}`).not.to.include(true);
    }
  });
});
