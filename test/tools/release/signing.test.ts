// SPDX-License-Identifier: Apache-2.0
// The provenance of a release is signed by a key or without one, by services on loopback, and proved as spoc proves it.
import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readBundle } from '../../../src/core/signature/bundle.ts';
import type { Bundle } from '../../../src/core/signature/bundle.ts';
import { signedBytes } from '../../../src/core/signature/statement.ts';
import { isSignedBy } from '../../../src/io/signature/key-signatures.ts';
import { openSigner, signingOf } from '../../../tools/release/signing.ts';
import type { SigningOptions } from '../../../tools/release/signing.ts';
import { FakeSigstore, SUBJECT, tokenOf } from '../../fakes/sigstore.ts';

const STATEMENT = JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject: [], predicate: {} });
const NONE: SigningOptions = {
  ...{ key: undefined, keyless: false, 'identity-token': undefined },
  ...{ 'fulcio-url': undefined, 'rekor-url': undefined, 'trusted-root': undefined },
};

/** The envelope's words and its first signature. */
function read(text: string): Bundle {
  const bundle = readBundle(JSON.parse(text));
  if (typeof bundle === 'string') throw new Error(bundle);
  return bundle;
}

describe('the signature of a release', () => {
  let folder: string;
  let sigstore: FakeSigstore;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-sign-'));
    sigstore = await FakeSigstore.start();
  });
  afterEach(async () => {
    await sigstore.stop();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };

  async function signed(options: Partial<SigningOptions>, env = {}): Promise<Bundle> {
    const signing = signingOf({ ...NONE, ...options });
    if (signing === undefined) throw new Error('it is not signed');
    return read(await (await openSigner(signing, env))(STATEMENT));
  }

  const refusalOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'it was not refused',
      (error: unknown) => String(error),
    );

  it('is none where none is asked for, and not two', async () => {
    expect(signingOf(NONE)).to.equal(undefined);
    expect(await refusalOf(signed({ key: 'k', keyless: true }))).to.contain('one of them');
    expect(await refusalOf(signed({ key: 'k', 'trusted-root': 'r' }))).to.contain('say --keyless');
  });

  it('is by a key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = file('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const { payload, payloadType, signatures } = await signed({ key });
    expect(Buffer.from(payload).toString()).to.equal(STATEMENT);
    expect(isSignedBy(publicKey, signedBytes(payloadType, payload), signatures[0] ?? new Uint8Array())).to.equal(true);
  });

  const services = (token: string) => ({
    keyless: true,
    'identity-token': token,
    'fulcio-url': sigstore.url,
    'rekor-url': sigstore.url,
    'trusted-root': file('root.json', sigstore.trustedRoot),
  });

  it('is by the identity of a token, and proved by the root before it is written', async () => {
    const { payload, evidence } = await signed(services(tokenOf()));
    expect(Buffer.from(payload).toString()).to.equal(STATEMENT);
    const certificate = JSON.stringify(evidence).match(/"rawBytes":"([^"]+)"/)?.[1] ?? '';
    expect(Buffer.from(certificate, 'base64').toString('latin1')).to.contain(SUBJECT);
    const other = await FakeSigstore.start();
    try {
      const root = file('other.json', other.trustedRoot);
      const said = await refusalOf(signed({ ...services(tokenOf()), 'trusted-root': root }));
      expect(said).to.contain('does not stand');
    } finally {
      await other.stop();
    }
  });

  it('takes the token of the environment, and says where none is', async () => {
    const { 'identity-token': token, ...rest } = services(tokenOf());
    expect((await signed(rest, { SIGSTORE_ID_TOKEN: token })).evidence).to.not.equal(undefined);
    expect(await refusalOf(signed(rest))).to.contain('no token');
  });
});
