// SPDX-License-Identifier: Apache-2.0
// Private keys in cosign's encrypted form, sealed here as cosign seals them, and files that only look like it.
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { expect } from 'chai';
import { generateKeyPairSync, randomBytes, scryptSync } from 'node:crypto';
import { keyHint, readPrivateKey } from '../../../src/io/signature/keys.ts';

const COST = { N: 65536, r: 8, p: 1 };
const PASSWORD = 'correct horse';
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const password = (text?: string) => (): Promise<string | undefined> => Promise.resolve(text);

function pem(content: unknown, label = 'SIGSTORE'): string {
  const words = `ENCRYPTED ${label} PRIVATE KEY-----`;
  const lines = (base64(Buffer.from(JSON.stringify(content))).match(/.{1,64}/g) ?? []).join('\n');
  return `-----BEGIN ${words}\n${lines}\n-----END ${words}\n`;
}

function sealed(changes: object = {}): object {
  const [salt, nonce] = [randomBytes(32), randomBytes(24)];
  const key = scryptSync(PASSWORD, salt, 32, { ...COST, maxmem: 256 * COST.N * COST.r });
  const box = xsalsa20poly1305(key, nonce).encrypt(pair.privateKey.export({ type: 'pkcs8', format: 'der' }));
  return {
    kdf: { name: 'scrypt', params: COST, salt: base64(salt) },
    cipher: { name: 'nacl/secretbox', nonce: base64(nonce) },
    ciphertext: base64(box),
    ...changes,
  };
}

async function refusalOf(text: string, secret: string | undefined = PASSWORD): Promise<string> {
  const error = await readPrivateKey(text, password(secret)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error) || error.name !== 'KeyError') throw new Error('was not refused', { cause: error });
  return error.message;
}

describe('io/signature: encrypted keys of cosign', () => {
  for (const label of ['SIGSTORE', 'COSIGN']) {
    it(`opens an ENCRYPTED ${label} PRIVATE KEY`, async () => {
      const key = await readPrivateKey(pem(sealed(), label), password(PASSWORD));
      expect(keyHint(key)).to.equal(keyHint(pair.publicKey));
    });
  }

  it('names the variable where the password is missing, and says where it is wrong', async () => {
    const text = pem(sealed());
    const missing = await readPrivateKey(text, password()).then(String, String);
    expect(missing).to.match(/COSIGN_PASSWORD/);
    expect(await refusalOf(text, 'wrong')).to.match(/the password is wrong/);
  });

  const salt = base64(randomBytes(32));
  const faults: Readonly<Record<string, readonly [unknown, RegExp]>> = {
    'no object': [[], /no JSON object/],
    'another derivation': [sealed({ kdf: { name: 'pbkdf2' } }), /only scrypt/],
    'another cipher': [sealed({ cipher: { name: 'aes' } }), /only scrypt/],
    'a short nonce': [sealed({ cipher: { name: 'nacl/secretbox', nonce: 'AAAA' } }), /is damaged/],
    'a cost that needs all memory': [
      sealed({ kdf: { name: 'scrypt', params: { N: 2 ** 30, r: 8, p: 1 }, salt } }),
      /cost of scrypt/,
    ],
    'a cost that is no power of two': [
      sealed({ kdf: { name: 'scrypt', params: { N: 65535, r: 8, p: 1 }, salt } }),
      /cost of scrypt/,
    ],
    'a box of one byte': [sealed({ ciphertext: 'AA==' }), /the password is wrong/],
  };
  for (const [name, [content, message]] of Object.entries(faults)) {
    it(`refuses ${name}`, async () => expect(await refusalOf(pem(content))).to.match(message));
  }
});
