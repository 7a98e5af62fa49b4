// SPDX-License-Identifier: Apache-2.0
// The words to and from the services of keyless signing; test/cli/keyless.test.ts has them make a signature together.
import { expect } from 'chai';
import fc from 'fast-check';
import { readBundle } from '../../../src/core/signature/bundle.ts';
import { base64OfBytes, bytesOfText } from '../../../src/core/signature/encoding.ts';
import {
  certificateRequest,
  logRequest,
  printCertificateBundle,
  readCertificate,
  readLogEntry,
  readToken,
} from '../../../src/core/signature/keyless.ts';
import type { Envelope } from '../../../src/core/signature/keyless.ts';

const envelope: Envelope = {
  payloadType: 'application/vnd.in-toto+json',
  payload: 'e30=',
  signatures: [{ sig: 'AA==' }],
};
const PEM = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';

function token(claims: object): string {
  const body = base64OfBytes(bytesOfText(JSON.stringify(claims)));
  return `e30.${body.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}.AA`;
}

describe('core/signature/keyless', () => {
  it('reads who a token is about', () => {
    expect(readToken(token({ iss: 'https://issuer', sub: 'you', exp: 7 }))).to.deep.equal({
      subject: 'you',
      issuer: 'https://issuer',
      expires: 7,
    });
    const claims = { iss: 'i', sub: 'you', email: 'ü@example.org', email_verified: true };
    expect(readToken(token(claims))).to.deep.equal({ subject: 'ü@example.org', issuer: 'i', expires: undefined });
  });

  const REFUSED: Readonly<Record<string, readonly [string, RegExp]>> = {
    'no token': ['you', /three parts/],
    'a token of two parts': ['e30.e30', /three parts/],
    'a token that is no JSON': ['e30.AAAA.AA', /three parts/],
    'a mailbox that is not verified': [token({ iss: 'i', email: 'me@example.org' }), /email_verified/],
    nobody: [token({ iss: 'i' }), /no subject/],
    'no issuer': [token({ sub: 'you' }), /no issuer/],
  };
  for (const [what, [text, sentence]] of Object.entries(REFUSED)) {
    it(`refuses ${what}`, () => {
      expect(readToken(text)).to.match(sentence);
    });
  }

  it('asks for a certificate, and takes the first of the chain', () => {
    expect(JSON.parse(certificateRequest('t', PEM, new Uint8Array(1)))).to.deep.equal({
      credentials: { oidcIdentityToken: 't' },
      publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content: PEM }, proofOfPossession: 'AA==' },
    });
    const chain = { certificates: [PEM, 'the root'] };
    for (const member of ['signedCertificateEmbeddedSct', 'signedCertificateDetachedSct']) {
      expect(readCertificate({ [member]: { chain } })).to.equal(PEM);
    }
    for (const answer of [undefined, {}, { signedCertificateEmbeddedSct: { chain: { certificates: ['x'] } } }]) {
      expect(readCertificate(answer)).to.equal(undefined);
    }
  });

  const signature = { envelope, certificate: new Uint8Array(1), digest: new Uint8Array(2) };

  it('offers an envelope to logs of both versions', () => {
    const first = JSON.parse(logRequest(1, signature)) as object;
    const verifiers = [base64OfBytes(bytesOfText(PEM))];
    expect(first).to.deep.include({ spec: { proposedContent: { envelope: JSON.stringify(envelope), verifiers } } });
    const second = JSON.parse(logRequest(2, signature)) as object;
    const verifier = { x509Certificate: { rawBytes: 'AA==' }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
    expect(second).to.deep.equal({
      hashedRekordRequestV002: { digest: 'AAA=', signature: { content: 'AA==', verifier } },
    });
  });

  const body = base64OfBytes(bytesOfText('{"kind":"dsse","apiVersion":"0.0.1"}'));
  const entry = { body, logID: 'ff00', logIndex: 3, integratedTime: 5 };
  const inclusionProof = { logIndex: 1, treeSize: 2, rootHash: '00ff', hashes: ['01'], checkpoint: 'a note' };

  it('reads an entry with its proofs', () => {
    const verification = { signedEntryTimestamp: 'AA==', inclusionProof };
    expect(readLogEntry(1, { uuid: { ...entry, verification } })).to.deep.equal({
      logIndex: '3',
      logId: { keyId: '/wA=' },
      kindVersion: { kind: 'dsse', version: '0.0.1' },
      integratedTime: '5',
      inclusionPromise: { signedEntryTimestamp: 'AA==' },
      inclusionProof: {
        logIndex: '1',
        treeSize: '2',
        rootHash: 'AP8=',
        hashes: ['AQ=='],
        checkpoint: { envelope: 'a note' },
      },
      canonicalizedBody: body,
    });
    expect(readLogEntry(1, { uuid: { ...entry, verification: {} } })).not.to.have.property('inclusionProof');
    expect(readLogEntry(2, { canonicalizedBody: body })).to.deep.equal({ canonicalizedBody: body });
  });

  it('says what is no entry', () => {
    expect(readLogEntry(1, [])).to.equal('gives no entry');
    expect(readLogEntry(2, {})).to.equal('gives no entry');
    expect(readLogEntry(1, { uuid: entry })).to.equal('gives an entry without a proof');
    expect(readLogEntry(1, { uuid: { ...entry, body: 'AA==', verification: {} } })).to.match(/cannot be read/);
    expect(readLogEntry(1, { uuid: { ...entry, logID: 1, verification: {} } })).to.match(/cannot be read/);
  });

  it('survives whatever a log answers', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2), fc.jsonValue(), (version, value) => {
        readLogEntry(version, value);
        readCertificate(value);
      }),
    );
  });

  it('prints a bundle that is read again', () => {
    const parts = { certificate: new Uint8Array(1), envelope, logEntry: { logIndex: '3' } };
    const text = printCertificateBundle({ ...parts, timestamp: new Uint8Array(2) });
    const read = readBundle(JSON.parse(text));
    expect(read).to.have.nested.property('evidence.form', 'bundle');
    expect(text).to.include('"rfc3161Timestamps":[{"signedTimestamp":"AAA="}]');
    expect(printCertificateBundle({ ...parts, logEntry: undefined, timestamp: undefined })).to.include(
      '"tlogEntries":[]}',
    );
  });
});
