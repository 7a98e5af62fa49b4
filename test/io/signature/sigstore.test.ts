// SPDX-License-Identifier: Apache-2.0
// Proofs of certificates: of both forms of signatures, with what a root demands, and against what strangers change in
// them. Nothing here asks a service.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { readBundle } from '../../../src/core/signature/bundle.ts';
import { printStatement } from '../../../src/core/signature/statement.ts';
import type { Evidence } from '../../../src/core/signature/evidence.ts';
import type { CertificateVerifier } from '../../../src/io/signature/cryptography.ts';
import { openPublicGood, openSigstore } from '../../../src/io/signature/sigstore.ts';
import { FakeSigstore, ISSUER, SUBJECT } from '../../fakes/sigstore.ts';

const STATEMENT = printStatement(`sha256:${'a'.repeat(64)}`);

type Json = Readonly<Record<string, unknown>>;

describe('io/signature/sigstore', () => {
  let sigstore: FakeSigstore;
  let verify: CertificateVerifier;
  before(async () => {
    sigstore = await FakeSigstore.start();
    verify = opened(sigstore.trustedRoot);
  });
  after(() => sigstore.stop());

  function opened(root: string): CertificateVerifier {
    const verifier = openSigstore(root);
    if (typeof verifier === 'string') throw new Error(verifier);
    return verifier;
  }

  function evidenceOf(text: string): Evidence {
    const bundle = readBundle(JSON.parse(text));
    if (typeof bundle === 'string' || bundle.evidence === undefined) throw new Error('the bundle has no certificate');
    return bundle.evidence;
  }

  const root = (changes: Json): string => JSON.stringify({ ...(JSON.parse(sigstore.trustedRoot) as Json), ...changes });

  /** The evidence with its material changed. */
  function changed(text: string, change: (material: Record<string, unknown>) => void): Evidence {
    const bundle = JSON.parse(text) as { readonly verificationMaterial: Record<string, unknown> };
    change(bundle.verificationMaterial);
    return evidenceOf(JSON.stringify(bundle));
  }

  function refused(evidence: Evidence, reason: RegExp, verifier = verify): void {
    const check = verifier(evidence);
    expect(check).to.deep.include({ proved: false, untrusted: false });
    expect(check).to.have.property('reason').that.matches(reason);
  }

  it('proves an identity', async () => {
    const check = verify(evidenceOf(await sigstore.sign(STATEMENT)));
    expect(check).to.deep.equal({ proved: true, identity: { identity: SUBJECT, issuer: ISSUER } });
  });

  it('takes the time from a timestamp where the log tells none', async () => {
    const bundle = await sigstore.sign(STATEMENT, 'second log', 'timestamp');
    expect(verify(evidenceOf(bundle))).to.have.property('proved', true);
    refused(evidenceOf(await sigstore.sign(STATEMENT, 'second log')), /nothing that is trusted proves when/);
  });

  it('demands a log where the root names one, and a time in any case', async () => {
    const bundle = await sigstore.sign(STATEMENT, 'timestamp');
    const bare = changed(bundle, (material) => (material['tlogEntries'] = []));
    refused(bare, /it is not in a transparency log/);
    expect(opened(root({ tlogs: [] }))(bare)).to.have.property('proved', true);
    const timeless = changed(bundle, (material) => {
      material['tlogEntries'] = [];
      material['timestampVerificationData'] = {};
    });
    refused(timeless, /nothing that is trusted proves when it was made/, opened(root({ tlogs: [] })));
  });

  it('demands the word of the log of certificates where the root names one', async () => {
    const evidence = evidenceOf(await sigstore.sign(STATEMENT));
    const other = await FakeSigstore.start();
    await other.stop();
    const { ctlogs } = JSON.parse(other.trustedRoot) as Json;
    refused(evidence, /its certificate is not trusted/, opened(root({ ctlogs })));
  });

  it('takes no entry of the log for another signature', async () => {
    const [one, two] = [await sigstore.sign(STATEMENT), await sigstore.sign(STATEMENT)];
    const { verificationMaterial } = JSON.parse(two) as { readonly verificationMaterial: Json };
    const mixed = changed(one, (material) => (material['tlogEntries'] = verificationMaterial['tlogEntries']));
    refused(mixed, /its entry in the transparency log is of another signature/);
    const twice = changed(one, (material) => {
      const entries = material['tlogEntries'] as readonly unknown[];
      material['tlogEntries'] = [...entries, ...entries];
    });
    refused(twice, /duplicate/);
  });

  it('takes no certificate for another signature', async () => {
    const [one, two] = [await sigstore.sign(STATEMENT), await sigstore.sign(STATEMENT)];
    const { verificationMaterial } = JSON.parse(two) as { readonly verificationMaterial: Json };
    refused(
      changed(one, (material) => (material['certificate'] = verificationMaterial['certificate'])),
      /it does not fit its certificate/,
    );
  });

  it('survives what is no certificate, no time and no entry', async () => {
    const bundle = await sigstore.sign(STATEMENT, 'timestamp');
    for (const [name, value] of [
      ['certificate', { rawBytes: 'AAAA' }],
      ['certificate', {}],
      ['tlogEntries', [{}]],
      ['tlogEntries', [{ inclusionProof: { checkpoint: { envelope: '' } } }]],
      ['timestampVerificationData', { rfc3161Timestamps: [{ signedTimestamp: 'AAAA' }] }],
    ] as const) {
      refused(
        changed(bundle, (material) => (material[name] = value)),
        /./,
      );
    }
  });

  const ROOTS: Readonly<Record<string, readonly [string, RegExp]>> = {
    'no JSON': ['{', /is no trusted root/],
    'another text': ['{"mediaType":"text/plain"}', /is no trusted root/],
    'a root without authorities': ['{"mediaType":"trustedroot"}', /names no certificate authority/],
    'a root with a damaged certificate': [
      '{"mediaType":"trustedroot","certificateAuthorities":[{"certChain":{"certificates":[{"rawBytes":"AAAA"}]}}]}',
      /is damaged/,
    ],
  };
  for (const [what, [text, sentence]] of Object.entries(ROOTS)) {
    it(`opens nothing with ${what}`, () => {
      expect(openSigstore(text)).to.match(sentence);
    });
  }

  it("has the root of sigstore's public services", async () => {
    const check = openPublicGood()(evidenceOf(await sigstore.sign(STATEMENT)));
    expect(check)
      .to.have.property('reason')
      .that.matches(/its certificate is not trusted/);
  });

  describe('of the classic form', () => {
    const payload = Buffer.from('{"critical":{}}');

    /** As cosign wrote them until its version 3. */
    async function classic(): Promise<Extract<Evidence, { form: 'classic' }>> {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const certificate = await sigstore.certificate(pem);
      const signature = sign('sha256', payload, privateKey);
      const hash = { algorithm: 'sha256', value: createHash('sha256').update(payload).digest('hex') };
      const key = { content: Buffer.from(certificate).toString('base64') };
      const entry = await sigstore.logged({
        apiVersion: '0.0.1',
        kind: 'hashedrekord',
        spec: { data: { hash }, signature: { content: signature.toString('base64'), publicKey: key } },
      });
      const { verification, ...Payload } = entry;
      const log = JSON.stringify({ SignedEntryTimestamp: verification.signedEntryTimestamp, Payload });
      return { form: 'classic', payload, signature, certificate, log, timestamp: undefined };
    }

    it('proves an identity', async () => {
      expect(verify(await classic())).to.deep.equal({
        proved: true,
        identity: { identity: SUBJECT, issuer: ISSUER },
      });
    });

    it('refuses what was changed or left out', async () => {
      const good = await classic();
      refused({ ...good, payload: Buffer.from('{}') }, /of another signature|does not fit/);
      refused({ ...good, log: undefined }, /nothing that is trusted proves when it was made|not in a transparency log/);
      refused({ ...good, log: '{}' }, /the log's entry has no Payload/);
      refused({ ...good, log: '{"Payload":{}}' }, /no body or no log/);
      refused({ ...good, log: '[]' }, /is no JSON object/);
      refused({ ...good, timestamp: '{"SignedRFC3161Timestamp":"AAAA"}' }, /cannot be read/);
      refused({ ...good, certificate: 'me' }, /the certificate is no PEM/);
    });
  });
});
