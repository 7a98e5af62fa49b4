// SPDX-License-Identifier: Apache-2.0
// A pull of a base profile: in which order a registry is asked, and what is made of each answer.
import { expect } from 'chai';
import type { PulledBase } from '../../../src/core/base-artifacts/content.ts';
import { pullBase } from '../../../src/core/base-artifacts/pull.ts';
import type { PullOutcome } from '../../../src/core/base-artifacts/pull.ts';
import { RECORDING_PREDICATE } from '../../../src/core/evidence/recording-statement.ts';
import { asksForIdentity, demandOn, staysInForce, trustOf } from '../../../src/core/base-artifacts/trust.ts';
import type { Demand } from '../../../src/core/base-artifacts/trust.ts';
import { ArtifactError } from '../../../src/core/oci/artifact-error.ts';
import { makeCryptography } from '../../../src/io/signature/cryptography.ts';
import { parseYaml } from '../../../src/io/yaml.ts';
import { digestOf, FakeArtifactStore } from '../../fakes/artifact-store.ts';
import { attest, newSigner, profileText, pushText, pushTexts, signDigest } from '../../fakes/signed-artifacts.ts';

const NAME = 'registry.example/profiles/runc:v1';
const AMD64 = { os: 'linux', architecture: 'amd64' };
const ARM64 = { os: 'linux', architecture: 'arm64' };
const NO_DEMAND: Demand = { signature: 'none' };

describe('core/base-artifacts/pull', () => {
  let store: FakeArtifactStore;
  const signer = newSigner();
  const demand = (signature: 'required' | 'welcome'): Demand => ({
    signature,
    signers: [{ publicKey: signer.pem }],
    needsRecording: false,
  });
  beforeEach(() => (store = new FakeArtifactStore()));

  const pull = (wanted: Demand, known?: PulledBase, name = NAME): Promise<PullOutcome> =>
    pullBase(name, wanted, known, { source: store, cryptography: makeCryptography(), parseYaml });

  async function pulled(wanted: Demand, known?: PulledBase): Promise<PulledBase> {
    const outcome = await pull(wanted, known);
    if (outcome.type === 'failed') throw outcome.error;
    return outcome.base;
  }

  async function failure(wanted: Demand, name = NAME): Promise<ArtifactError> {
    const outcome = await pull(wanted, undefined, name);
    if (outcome.type === 'failed') return outcome.error;
    throw new Error('it was pulled');
  }

  const read = (): readonly string[] => store.requests.filter((name) => name.startsWith('blob'));

  it('takes the profiles of both platforms, and asks once for what is the same', async () => {
    await pushTexts(store, 'v1', [
      [AMD64, profileText(['read'])],
      [ARM64, profileText(['write'])],
    ]);
    store.requests.length = 0;
    expect((await pulled(NO_DEMAND)).profiles.map(({ platform }) => platform)).to.deep.equal([AMD64, ARM64]);
    expect(read()).to.have.length(2);
    await pushTexts(store, 'v1', [
      [AMD64, profileText(['read'])],
      [ARM64, profileText(['read'])],
    ]);
    store.requests.length = 0;
    expect((await pulled(NO_DEMAND)).profiles).to.have.length(2);
    expect(read()).to.have.length(1);
  });

  it('reads nothing of an artifact before its signature is right', async () => {
    await pushText(store, 'v1', profileText(['read']));
    store.requests.length = 0;
    expect(await failure(demand('required'))).to.have.property('reason', 'SignatureValidationFailed');
    expect(read()).to.deep.equal([]);
    expect(await pull(demand('required'))).to.include({ type: 'failed' });
  });

  it('names a signer where one is welcome, and takes the artifact without', async () => {
    const digest = await pushText(store, 'v1', profileText(['read']));
    expect(await pulled(demand('welcome'))).not.to.have.property('signer');
    await signDigest(store, digest, signer);
    expect((await pulled(demand('welcome'))).signer).to.match(/^the key /);
  });

  it('asks a signer how it was recorded where the spod does, and no other statement will do', async () => {
    const digest = await pushText(store, 'v1', profileText(['read']), signer);
    const wanted: Demand = { signature: 'required', signers: [{ publicKey: signer.pem }], needsRecording: true };
    expect((await failure(wanted)).message).to.match(
      /is not taken: no signer says how its profile for linux\/amd64 was recorded/,
    );
    const about = { kind: 'SeccompProfile', name: 'web', platform: 'linux/amd64', whole: 'yes', recordings: 3 };
    const account = { ...about, digest: digestOf(new TextEncoder().encode(profileText(['read']))) };
    await attest(store, digest, newSigner(), RECORDING_PREDICATE, { profiles: [account] });
    await attest(store, digest, signer, 'https://other.example/v1', { profiles: [account] });
    await attest(store, digest, signer, RECORDING_PREDICATE, { profiles: [] });
    const another = digestOf(new TextEncoder().encode(profileText(['write'])));
    await attest(store, digest, signer, RECORDING_PREDICATE, { profiles: [{ ...account, digest: another }] });
    expect(await pull(wanted)).to.include({ type: 'failed' });
    await attest(store, digest, signer, RECORDING_PREDICATE, { profiles: [account] });
    expect((await pulled(wanted)).digest).to.equal(digest);
    const entry = { prefix: 'registry.example', key: signer.pem };
    const trust = trustOf({ ociVerification: [entry, { ...entry, requireRecording: true }] });
    expect(demandOn(NAME, trust)).to.have.property('needsRecording', true);
  });

  it('reads what it knows not again, and its signature always', async () => {
    const digest = await pushText(store, 'v1', profileText(['read']), signer);
    const known = await pulled(demand('required'));
    store.requests.length = 0;
    expect((await pulled(demand('required'), known)).profiles).to.equal(known.profiles);
    expect(store.requests).to.include(`referrers ${digest}`);
    const other: Demand = { signature: 'required', signers: [{ publicKey: newSigner().pem }], needsRecording: false };
    expect(await pull(other, known)).to.have.property('type', 'failed');
  });

  it('takes a damaged key as nobody, with the reason', async () => {
    await pushText(store, 'v1', profileText(['read']), signer);
    const damaged: Demand = { signature: 'required', signers: [{ publicKey: 'no key' }], needsRecording: false };
    expect((await failure(damaged)).message).to.match(/the key that is asked for is no public key in PEM/);
  });

  const REFUSED: Readonly<Record<string, readonly [string, RegExp]>> = {
    'no YAML': ['{', /is no YAML/],
    'a list': ['[]', /is not one object/],
    'several documents': [`${profileText(['a'])}\n---\n{}`, /is not one object/],
    'an object without a kind': ['{"spec":{}}', /an object without a kind/],
    'another kind': ['{"kind":"SelinuxProfile"}', /holds a SelinuxProfile/],
    'a profile without an action': ['{"kind":"SeccompProfile","spec":{}}', /defaultAction/],
    'a base that is no artifact': [profileText(['read'], { baseProfileName: 'b' }), /its base b is no artifact/],
    'too much': [profileText(Array.from({ length: 40_000 }, (_, at) => `a_system_call_${String(at)}`)), /characters/],
  };
  for (const [what, [text, sentence]] of Object.entries(REFUSED)) {
    it(`refuses ${what}`, async () => {
      // One layer for both platforms counts twice, as it is handed to nodes of both.
      await pushTexts(store, 'v1', [
        [AMD64, text],
        [ARM64, text],
      ]);
      const error = await failure(NO_DEMAND);
      expect(error.reason).to.equal('InvalidArtifact');
      expect(error.message).to.match(sentence);
    });
  }

  it('tells what is not there, and what is no reference', async () => {
    expect(await failure(NO_DEMAND)).to.have.property('reason', 'ArtifactNotFound');
    expect(await failure(NO_DEMAND, 'runc')).to.have.property('reason', 'InvalidReference');
  });
});

describe('core/base-artifacts/trust', () => {
  const entry = (prefix: string, key: string, required = true) => ({ prefix, key, required });

  it('unites the keys of one prefix, and demands a signature where one entry does', () => {
    const ociVerification = [entry('a.example', '1', false), entry('a.example', '2'), entry('a.example/b', '3', false)];
    const trust = trustOf({ ociVerification });
    const signers = (...keys: readonly string[]) => keys.map((publicKey) => ({ publicKey }));
    expect(demandOn('a.example/x:v1', trust)).to.deep.include({ signature: 'required', signers: signers('1', '2') });
    expect(demandOn('a.example/b/x:v1', trust)).to.deep.include({ signature: 'welcome', signers: signers('3') });
  });

  it('takes a prefix for the same whichever way its host is written', () => {
    const trust = trustOf({ ociVerification: [entry('A.example/b', '1', false), entry('a.example:443/b/', '2')] });
    for (const host of ['a.example', 'A.EXAMPLE', 'A.example:443']) {
      const signers = [{ publicKey: '1' }, { publicKey: '2' }];
      expect(demandOn(`${host}/b/x:v1`, trust), host).to.deep.include({ signature: 'required', signers });
    }
  });

  it('takes identities beside keys', () => {
    const ociVerification = [
      { prefix: 'a.example', identity: 'me', issuer: 'https://issuer' },
      { prefix: 'a.example', identityRegExp: '.*', issuerRegExp: 'https://.*' },
      { prefix: 'a.example', identity: 'an identity without an issuer is nobody' },
    ];
    const demand = demandOn('a.example/x:v1', trustOf({ ociVerification }));
    expect(demand).to.have.deep.property('signers', [
      { identity: { exact: 'me' }, issuer: { exact: 'https://issuer' } },
      { identity: { pattern: '.*' }, issuer: { pattern: 'https://.*' } },
    ]);
    expect(asksForIdentity(demand)).to.equal(true);
    expect(
      asksForIdentity({ signature: 'required', signers: [{ publicKey: 'a key' }], needsRecording: false }),
    ).to.equal(false);
    expect(asksForIdentity({ signature: 'none' })).to.equal(false);
  });

  it('leaves in force what an identity has signed for as long as it is asked for', () => {
    const error = new ArtifactError('SignatureValidationFailed', 'it has no signature');
    const demandFor = (identity: string): Demand => ({
      signature: 'required',
      signers: [{ publicKey: 'a key' }, { identity: { exact: identity }, issuer: { exact: 'https://issuer' } }],
      needsRecording: false,
    });
    const names = { signerName: () => 'the key' };
    expect(staysInForce('me (https://issuer)', error, demandFor('me'), names)).to.equal(true);
    expect(staysInForce('me (https://issuer)', error, demandFor('you'), names)).to.equal(false);
    expect(staysInForce('the key', error, demandFor('you'), names)).to.equal(true);
    expect(staysInForce(undefined, error, demandFor('me'), names)).to.equal(false);
  });

  it('trusts nobody who is not named, unless nothing is verified', () => {
    for (const spec of [undefined, {}, { ociVerification: [entry('a.example', '1')] }]) {
      expect(() => demandOn('b.example/x:v1', trustOf(spec))).to.throw(ArtifactError, 'names no signer for it');
    }
    const trust = trustOf({ disableOciArtifactSignatureVerification: true });
    expect(demandOn('b.example/x:v1', trust)).to.deep.equal({ signature: 'none' });
  });
});
