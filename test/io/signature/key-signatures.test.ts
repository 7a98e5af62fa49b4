// SPDX-License-Identifier: Apache-2.0
// Signatures by keys of every sort that is taken, by what cosign writes, and what is refused.
import { expect } from 'chai';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readBundle } from '../../../src/core/signature/bundle.ts';
import type { Bundle } from '../../../src/core/signature/bundle.ts';
import { base64OfBytes, bytesOfText } from '../../../src/core/signature/encoding.ts';
import { judge } from '../../../src/core/signature/judge.ts';
import type { Cryptography } from '../../../src/core/signature/judge.ts';
import { printStatement, signedBytes } from '../../../src/core/signature/statement.ts';
import type { Verdict } from '../../../src/core/signature/verdict.ts';
import { makeCryptography } from '../../../src/io/signature/cryptography.ts';
import { signStatement } from '../../../src/io/signature/key-signatures.ts';
import { keyHint, readPrivateKey, readPublicKey } from '../../../src/io/signature/keys.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const TYPE = 'application/vnd.in-toto+json';

const CRYPTOGRAPHY: Cryptography = {
  ...makeCryptography(),
};

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const PAIRS: Readonly<Record<string, () => Pair>> = {
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  Ed25519: () => generateKeyPairSync('ed25519'),
};

const pemOf = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();

function bundleOf(value: unknown): Bundle {
  const bundle = readBundle(value);
  if (typeof bundle === 'string') throw new Error(bundle);
  return bundle;
}

function verdictOn(json: unknown, key: KeyObject, digest = DIGEST): Verdict {
  const signer = { publicKey: pemOf(key) };
  return judge({ form: 'bundle', bundle: bundleOf(json) }, digest, [signer], CRYPTOGRAPHY);
}

function envelope(payload: string, signature: Uint8Array): unknown {
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'anything' } },
    dsseEnvelope: {
      payload: base64OfBytes(bytesOfText(payload)),
      payloadType: TYPE,
      signatures: [{ sig: base64OfBytes(signature) }],
    },
  };
}

describe('io/signature: keys', () => {
  for (const [name, make] of Object.entries(PAIRS)) {
    it(`signs by ${name}, and takes it from that key alone and for that digest alone`, () => {
      const { publicKey, privateKey } = make();
      const json: unknown = JSON.parse(signStatement(privateKey, printStatement(DIGEST, { team: 'a' })));
      expect(verdictOn(json, publicKey)).to.deep.include({ verified: true, annotations: { team: 'a' } });
      expect(verdictOn(json, publicKey, OTHER)).to.deep.include({ verified: false, miss: 'other-artifact' });
      expect(verdictOn(json, make().publicKey)).to.deep.include({ verified: false, miss: 'wrong-signer' });
      const bent = printStatement(DIGEST, { team: 'b' });
      const [signature] = bundleOf(json).signatures;
      expect(verdictOn(envelope(bent, signature ?? new Uint8Array()), publicKey)).to.include({
        verified: false,
      });
    });
  }

  it('names no key in the envelope and the hash of the key in the hint, as cosign wants it', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const json: unknown = JSON.parse(signStatement(privateKey, printStatement(DIGEST)));
    expect(json).to.have.nested.property('verificationMaterial.publicKey.hint', keyHint(publicKey));
    expect(json).to.have.nested.property('dsseEnvelope.signatures').that.has.length(1);
    expect(json).not.to.have.nested.property('dsseEnvelope.signatures[0].keyid');
  });

  for (const [curve, digest] of Object.entries({ 'P-384': 'sha384', 'P-521': 'sha512' })) {
    it(`takes what cosign signs by ${curve}: with ${digest}`, () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
      const statement = printStatement(DIGEST);
      const signature = sign(digest, signedBytes(TYPE, bytesOfText(statement)), privateKey);
      expect(verdictOn(envelope(statement, signature), publicKey)).to.include({ verified: true });
    });
  }

  it('says of Ed25519 that cosign signs in a way that is not supported', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const verdict = verdictOn(envelope(printStatement(DIGEST), new Uint8Array(64)), publicKey);
    expect(verdict)
      .to.have.property('reason')
      .that.matches(/Ed25519ph.*not supported/);
  });

  it('takes a signature of no bytes or of any bytes as a misfit, not as an accident', () => {
    for (const make of Object.values(PAIRS)) {
      const { publicKey } = make();
      for (const length of [1, 63, 64, 70, 256, 5000]) {
        const json = envelope(printStatement(DIGEST), new Uint8Array(length).fill(0x30));
        expect(verdictOn(json, publicKey)).to.include({ verified: false, miss: 'wrong-signer' });
      }
    }
  });

  it('is no signature when it is an attestation by the right key', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const provenance = printStatement(DIGEST).replace(/"https:..sigstore[^"]*"/, '"https://slsa.dev/provenance/v1"');
    const json: unknown = JSON.parse(signStatement(privateKey, provenance));
    expect(verdictOn(json, publicKey)).to.include({ verified: false, miss: 'attestation' });
  });
});

describe('io/signature: key files', () => {
  const none = (): Promise<undefined> => Promise.resolve(undefined);

  it('reads PKCS #8, SEC 1, PKCS #1 and encrypted PKCS #8', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const texts = [
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
      privateKey.export({ type: 'sec1', format: 'pem' }),
    ];
    for (const text of texts)
      expect(keyHint(await readPrivateKey(text.toString(), none))).to.equal(keyHint(privateKey));
    const sealed = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x y' });
    const opened = await readPrivateKey(sealed.toString(), () => Promise.resolve('x y'));
    expect(keyHint(opened)).to.equal(keyHint(privateKey));
  });

  const bad: Readonly<Record<string, readonly [string, RegExp]>> = {
    'an empty file': ['', /no public key in PEM/],
    'a private key': ['-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----', /it is a private key/],
    'a certificate': ['-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----', /it is a certificate/],
    'a broken key': ['-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----', /cannot be read/],
    'a small RSA key': [pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), /RSA with 1024 bits/],
    'a key of another curve': [pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey), /secp256k1/],
    'a key for agreeing': [pemOf(generateKeyPairSync('x25519').publicKey), /x25519/],
  };
  for (const [name, [pem, message]] of Object.entries(bad)) {
    it(`refuses ${name} as a public key`, () => expect(() => readPublicKey(pem)).to.throw(message));
  }
});
