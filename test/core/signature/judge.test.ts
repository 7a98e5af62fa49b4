// SPDX-License-Identifier: Apache-2.0
// Judgement before and beside all mathematics: the texts that strangers put into registries.
import { expect } from 'chai';
import fc from 'fast-check';
import { BUNDLE_MEDIA_TYPE, readBundle } from '../../../src/core/signature/bundle.ts';
import { base64OfBytes, bytesOfBase64, bytesOfText } from '../../../src/core/signature/encoding.ts';
import { judge } from '../../../src/core/signature/judge.ts';
import type { Candidate, Cryptography } from '../../../src/core/signature/judge.ts';
import { printStatement, signedBytes } from '../../../src/core/signature/statement.ts';
import { UNSIGNED, bestOf, refusal } from '../../../src/core/signature/verdict.ts';
import type { Verdict } from '../../../src/core/signature/verdict.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const KEY = { publicKey: 'the key' };
const IDENTITY = { identity: 'me@example.org', issuer: 'https://accounts.example.org' };

/** Everything is signed by everybody: the verdict shows what is refused all the same. */
const GULLIBLE: Cryptography = {
  byCertificate: () => ({ proved: true, identity: IDENTITY }),
  signerName: () => 'the key',
  byKey: () => ({ fits: true, signer: 'the key' }),
};

const encoded = (value: unknown): string =>
  base64OfBytes(bytesOfText(typeof value === 'string' ? value : JSON.stringify(value)));

function bundle(payload: unknown, changes: object = {}): unknown {
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: '' } },
    dsseEnvelope: {
      payload: encoded(payload),
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ sig: 'AA==' }],
    },
    ...changes,
  };
}

function candidate(value: unknown): Candidate {
  const read = readBundle(value);
  return typeof read === 'string' ? { form: 'unreadable', reason: read } : { form: 'bundle', bundle: read };
}

function classic(payload: unknown): Candidate {
  const bytes = bytesOfText(typeof payload === 'string' ? payload : JSON.stringify(payload));
  return { form: 'classic', payload: bytes, signature: new Uint8Array(1), evidence: undefined };
}

const statement = (changes: object): object => ({ ...(JSON.parse(printStatement(DIGEST)) as object), ...changes });
const simple = (critical: object): object => ({ critical, optional: null });
const image = { 'docker-manifest-digest': DIGEST };
const type = 'cosign container image signature';
const one = {
  dsseEnvelope: { payload: encoded(statement({})), payloadType: 'text/plain', signatures: [{ sig: 'AA==' }] },
};

const REFUSED: Readonly<Record<string, readonly [Candidate, string, RegExp]>> = {
  'a list': [candidate([]), 'unreadable', /no JSON object/],
  'an unknown bundle': [candidate(bundle({}, { mediaType: 'text/plain' })), 'unreadable', /unknown kind of bundle/],
  'a bundle over a blob': [candidate(bundle({}, { dsseEnvelope: undefined })), 'unreadable', /has no envelope/],
  'a bundle without material': [
    candidate(bundle({}, { verificationMaterial: 3 })),
    'unreadable',
    /no verificationMaterial/,
  ],
  'an envelope without a payload': [candidate(bundle({}, { dsseEnvelope: {} })), 'unreadable', /has no payload/],
  'an envelope without a signature': [
    candidate(bundle({}, { dsseEnvelope: { payload: 'e30=', payloadType: 'x' } })),
    'unreadable',
    /has no signature/,
  ],
  'another payload': [candidate(bundle({}, one)), 'unreadable', /text.plain, not an in-toto statement/],
  'a payload that is no JSON': [candidate(bundle('{')), 'unreadable', /no JSON object/],
  'a payload that is a list': [candidate(bundle('[]')), 'unreadable', /no JSON object/],
  'another statement': [candidate(bundle(statement({ _type: 'x' }))), 'unreadable', /no in-toto statement of version/],
  'no predicateType': [candidate(bundle(statement({ predicateType: 1 }))), 'unreadable', /no predicateType/],
  'no subject': [candidate(bundle(statement({ subject: [] }))), 'other-artifact', /another artifact/],
  'a subject of sha512': [
    candidate(bundle(statement({ subject: [{ digest: { sha512: 'a'.repeat(64) } }] }))),
    'other-artifact',
    /another artifact/,
  ],
  provenance: [candidate(bundle(statement({ predicateType: 'https://slsa.dev/x' }))), 'attestation', /attestation/],
  'a classic payload that is no JSON': [classic('x'), 'unreadable', /no simple signing/],
  'a classic payload of another type': [
    classic(simple({ type: 'x', image })),
    'unreadable',
    /no signature of an image/,
  ],
  'a classic payload without a digest': [classic(simple({ type })), 'unreadable', /names no digest/],
  'a classic payload for another digest': [
    classic(simple({ type, image: { 'docker-manifest-digest': `sha256:${'b'.repeat(64)}` } })),
    'other-artifact',
    /another artifact/,
  ],
};

const TAKEN: Readonly<Record<string, Candidate>> = {
  'what we write': candidate(bundle(printStatement(DIGEST))),
  'a statement of version 0.1': candidate(bundle(statement({ _type: 'https://in-toto.io/Statement/v0.1' }))),
  'one of several subjects': candidate(
    bundle(statement({ subject: [{}, 7, { digest: { sha256: 'b' } }, { digest: { sha256: 'a'.repeat(64) } }] })),
  ),
  'a bundle of version 0.1': candidate(
    bundle(statement({}), { mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1' }),
  ),
  'a classic payload': classic(simple({ type, image })),
  'an atomic payload': classic(simple({ type: 'atomic container signature', image })),
};

describe('core/signature/judge', () => {
  const wanted = { identity: { exact: IDENTITY.identity }, issuer: { exact: IDENTITY.issuer } };
  const certified = candidate(
    bundle(printStatement(DIGEST), { verificationMaterial: { certificate: { rawBytes: 'AA==' } } }),
  );

  for (const [name, [signature, miss, reason]] of Object.entries(REFUSED)) {
    it(`refuses ${name}, whoever signed it`, () => {
      const verdict = judge(signature, DIGEST, [KEY], GULLIBLE);
      expect(verdict).to.deep.include({ verified: false, miss });
      expect(verdict).to.have.property('reason').that.matches(reason);
    });
  }

  for (const [name, signature] of Object.entries(TAKEN)) {
    it(`takes ${name}`, () => {
      expect(judge(signature, DIGEST, [KEY], GULLIBLE)).to.deep.include({ verified: true });
    });
  }

  it('takes nothing where nobody is asked for', () => {
    expect(judge(candidate(bundle(printStatement(DIGEST))), DIGEST, [], GULLIBLE)).to.deep.equal(UNSIGNED);
  });

  it('says of a misfit with a certificate that no key has made it', () => {
    const strict: Cryptography = {
      ...GULLIBLE,
      byKey: () => ({ fits: false, untrusted: false, reason: 'another signer' }),
    };
    const byKey = bundle(printStatement(DIGEST));
    expect(judge(candidate(byKey), DIGEST, [KEY], strict)).to.include({ reason: 'another signer' });
    expect(judge(certified, DIGEST, [KEY], strict))
      .to.have.property('reason')
      .that.matches(/keyless/);
  });

  it('takes the certificate of an identity that is asked for, and proves it once', () => {
    let proofs = 0;
    const counting: Cryptography = {
      ...GULLIBLE,
      byCertificate: () => {
        proofs += 1;
        return { proved: true, identity: IDENTITY };
      },
    };
    const signers = [{ ...wanted, identity: { exact: 'you' } }, wanted];
    const signer = 'me@example.org (https://accounts.example.org)';
    expect(judge(certified, DIGEST, signers, counting)).to.deep.include({ verified: true, signer });
    expect(proofs).to.equal(1);
  });

  const OTHERS: Readonly<Record<string, readonly [Candidate, Partial<Cryptography>, object, string, RegExp]>> = {
    'another identity': [
      certified,
      {},
      { identity: { exact: 'you' } },
      'wrong-signer',
      /by me@.* and you \(.* is asked/,
    ],
    'a pattern that is none': [certified, {}, { issuer: { pattern: '(' } }, 'untrusted', /is no regular expression/],
    'a signature by a key': [candidate(bundle(printStatement(DIGEST))), {}, {}, 'wrong-signer', /it is by a key/],
    'a certificate that is not proved': [
      certified,
      { byCertificate: () => ({ proved: false, untrusted: false, reason: 'it has expired' }) },
      {},
      'wrong-signer',
      /it has expired/,
    ],
    'no root': [
      certified,
      { byCertificate: () => ({ proved: false, untrusted: true, reason: 'no root' }) },
      {},
      'untrusted',
      /no root/,
    ],
  };
  for (const [what, [signature, cryptography, changes, miss, reason]] of Object.entries(OTHERS)) {
    it(`refuses ${what} where an identity is asked for`, () => {
      const verdict = judge(signature, DIGEST, [{ ...wanted, ...changes }], { ...GULLIBLE, ...cryptography });
      expect(verdict).to.deep.include({ verified: false, miss });
      expect(verdict).to.have.property('reason').that.matches(reason);
    });
  }

  it('has proved what it has read itself, whatever else lies in the bundle', () => {
    const seen: unknown[] = [];
    const looking: Cryptography = {
      ...GULLIBLE,
      byCertificate: (evidence) => {
        seen.push(evidence.form === 'bundle' ? Object.keys(evidence.bundle) : evidence);
        return { proved: true, identity: IDENTITY };
      },
    };
    const material = { verificationMaterial: { certificate: { rawBytes: 'AA==' } } };
    const double = bundle(printStatement(DIGEST), { ...material, messageSignature: { signature: 'AA==' } });
    judge(candidate(double), DIGEST, [wanted], looking);
    expect(seen).to.deep.equal([['mediaType', 'verificationMaterial', 'dsseEnvelope']]);
  });

  it('survives whatever JSON a registry has', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (whole, payload) => {
        for (const value of [whole, bundle(payload)]) {
          expect(judge(candidate(value), DIGEST, [KEY], GULLIBLE)).to.include({ verified: false });
        }
      }),
    );
  });
});

describe('core/signature', () => {
  it('reads base64 in one way only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        expect(bytesOfBase64(base64OfBytes(bytes))).to.deep.equal(bytes);
      }),
    );
    for (const text of ['', 'AA', 'AA=', 'A A=', 'AA==\n', 'AA-_', '====', 7]) {
      expect(bytesOfBase64(text), String(text)).to.equal(undefined);
    }
  });

  it('signs the bytes that DSSE says', () => {
    expect(signedBytes('http://example.com/HelloWorld', bytesOfText('hello world'))).to.deep.equal(
      bytesOfText('DSSEv1 29 http://example.com/HelloWorld 11 hello world'),
    );
  });

  it('signs no digest but SHA-256', () => {
    expect(() => printStatement(`sha512:${'a'.repeat(128)}`)).to.throw(RangeError, /SHA-256/);
  });

  it('tells the nearest miss', () => {
    const misses = ['unreadable', 'wrong-signer', 'attestation'] as const;
    const verdicts = misses.map((miss): Verdict => ({ verified: false, miss, reason: miss }));
    expect(bestOf(verdicts)).to.include({ miss: 'wrong-signer' });
    expect(refusal('r/a:1', bestOf([]))).to.equal('r/a:1 is not signed: it has no signature');
    expect(refusal('r/a:1', bestOf(verdicts.slice(2)))).to.equal('r/a:1 is not signed: only attestations found');
    expect(refusal('r/a:1', bestOf(verdicts))).to.equal('no signature of r/a:1 is valid: wrong-signer');
  });
});
