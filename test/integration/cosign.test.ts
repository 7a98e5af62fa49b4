// SPDX-License-Identifier: Apache-2.0
// Cosign and spoc on one registry: each verifies what the other has signed, by the commands as users write them.
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { RECORDING_PREDICATE } from '../../src/core/evidence/recording-statement.ts';
import { recordedProfileText } from '../fakes/recorded-profile.ts';
import { ReferrersFront } from './referrers-front.ts';
import { refusalOf as refused, SigningTools } from './signing-tools.ts';

/** A signature by a key that asks no service outside of the site. */
const OFFLINE = ['--use-signing-config=false', '--tlog-upload=false', '--yes'];

/** Copies a manifest, or an index with all in it, without looking at it. */
async function skopeoCopy(from: string, to: string): Promise<void> {
  const plain = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  const words = ['--insecure-policy', 'copy', '--all', ...plain, `docker://${from}`, `docker://${to}`];
  await promisify(execFile)('skopeo', words);
}

describe('cosign and spoc', function () {
  this.timeout(900_000);
  let tools: SigningTools;
  before(async () => {
    tools = await SigningTools.start();
    await cosign('generate-key-pair');
  });
  after(() => tools.stop());

  const newName = (): string => tools.newName();
  const cosign = (...args: readonly string[]): Promise<string> => tools.cosign(...args);
  const push = (name: string, ...how: readonly string[]): Promise<string> => tools.push(name, ...how);
  const pull = (name: string, key = 'cosign.pub'): Promise<string> => tools.pull(name, '--key', key);
  const verify = (name: string, key = 'cosign.pub'): Promise<string> =>
    cosign('verify', '--key', key, '--insecure-ignore-tlog', name);
  const pushed = (): Promise<string> => tools.unsigned();

  async function keyPair(name: string, pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }) {
    const [secret, open] = [
      pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      pair.publicKey.export({ type: 'spki', format: 'pem' }),
    ];
    await tools.write(`${name}.key`, secret);
    await tools.write(`${name}.pub`, open);
  }

  it('spoc signs by an encrypted key of cosign, and both verify it', async () => {
    const name = newName();
    expect(await push(name, '--key', 'cosign.key')).to.match(/Signed by the key SHA256:/);
    expect(await verify(name)).to.include('The signatures were verified against the specified public key');
    expect(await pull(name)).to.match(/Verified signature: by the key SHA256:/);
  });

  const PAIRS = {
    p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    p521: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
    rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ed25519: () => generateKeyPairSync('ed25519'),
  };
  for (const [kind, make] of Object.entries(PAIRS)) {
    it(`spoc signs by a plain key (${kind}), and cosign verifies it without a flag`, async () => {
      await keyPair(kind, make());
      const name = newName();
      await push(name, '--key', `${kind}.key`);
      expect(await verify(name, `${kind}.pub`)).to.include('verified against the specified public key');
      expect(await pull(name, `${kind}.pub`)).to.include('Verified signature');
    });
  }

  it('spoc finds its own signature and makes no second one', async () => {
    const name = newName();
    await push(name, '--key', 'cosign.key');
    expect(await push(name, '--key', 'cosign.key')).to.include('Is signed already');
  });

  it('spoc gives its annotations where cosign looks for them', async () => {
    const name = newName();
    await push(name, '--key', 'cosign.key', '-a', 'team:red');
    const args = ['verify', '--key', 'cosign.pub', '--insecure-ignore-tlog', name, '-a'];
    expect(await cosign(...args, 'team=red')).to.include('verified against the specified public key');
    expect(await refused(cosign(...args, 'team=blue'))).to.match(/annotation/);
  });

  it('cosign signs as it does by itself, and spoc verifies it', async () => {
    const name = await pushed();
    await cosign('sign', '--key', 'cosign.key', ...OFFLINE, name);
    expect(await pull(name)).to.include('Verified signature');
    expect(await verify(name)).to.include('verified against the specified public key');
  });

  it('cosign signs in the classic form, and spoc verifies it', async () => {
    const name = await pushed();
    await cosign('sign', '--key', 'cosign.key', ...OFFLINE, '--new-bundle-format=false', name);
    expect(await pull(name)).to.include('Verified signature');
  });

  it('cosign signs in the classic form, and verifies it beside a signature of spoc', async () => {
    const name = await pushed();
    await cosign('sign', '--key', 'cosign.key', ...OFFLINE, '--new-bundle-format=false', name);
    expect(await verify(name)).to.include('verified against the specified public key');
    await push(name, '--key', 'cosign.key', '--force');
    for (const told of [await verify(name), await pull(name)]) expect(told).to.match(/[Vv]erified/);
  });

  it('both sign and verify where the registry itself lists what refers to an artifact', async () => {
    const front = await ReferrersFront.start(tools.registry.address);
    try {
      const [ours, theirs] = [newName(), newName()].map((name) => name.replace(tools.registry.address, front.address));
      if (ours === undefined || theirs === undefined) throw new Error('no names');
      await push(ours, '--key', 'cosign.key');
      await push(theirs, '--sign=false');
      await cosign('sign', '--key', 'cosign.key', ...OFFLINE, theirs);
      for (const name of [ours, theirs]) {
        expect(await pull(name), name).to.include('Verified signature');
        expect(await verify(name), name).to.include('verified against the specified public key');
        // The signature is nowhere else: behind the front there is no list of it.
        expect(await refused(pull(name.replace(front.address, tools.registry.address)))).to.match(
          /is not signed|no signature/,
        );
      }
      expect(front.asked).to.be.greaterThan(0);
    } finally {
      await front.stop();
    }
  });

  it('skopeo copies artifacts with the lists of their signatures, and both verify them there', async () => {
    const [ours, theirs] = [newName(), await pushed()];
    await push(ours, '--key', 'cosign.key');
    await cosign('sign', '--key', 'cosign.key', ...OFFLINE, theirs);
    for (const name of [ours, theirs]) {
      const copy = newName();
      await skopeoCopy(name, copy);
      const [, digest = ''] = /Using digest: sha256:(\w+)/.exec(await tools.pull(name, '-s')) ?? [];
      await skopeoCopy(name.replace(/:v1$/, `:sha256-${digest}`), copy.replace(/:v1$/, `:sha256-${digest}`));
      expect(await pull(copy)).to.include('Verified signature');
      expect(await verify(copy)).to.include('verified against the specified public key');
    }
  });

  it('both sign one artifact, and each finds its own', async () => {
    const name = newName();
    await keyPair('other', PAIRS.p256());
    await push(name, '--key', 'other.key');
    await cosign('sign', '--key', 'cosign.key', ...OFFLINE, name);
    for (const key of ['other.pub', 'cosign.pub']) {
      expect(await pull(name, key)).to.include('Verified signature');
      expect(await verify(name, key)).to.include('verified against the specified public key');
    }
  });

  it('spoc refuses what cosign has signed by another key', async () => {
    const name = await pushed();
    await keyPair('stranger', PAIRS.p256());
    await cosign('sign', '--key', 'cosign.key', ...OFFLINE, name);
    expect(await refused(pull(name, 'stranger.pub'))).to.match(/no signature of .* is valid: it is by another signer/);
  });

  it('spoc says how a profile was recorded, and cosign verifies it as an attestation', async () => {
    const name = newName();
    await tools.write('recorded.json', recordedProfileText());
    const push = ['push', '-f', 'recorded.json', '-p', 'linux/amd64', '--key', 'cosign.key', name];
    expect(await tools.spoc(...push)).to.include('Attested how it was recorded');
    expect(await verify(name)).to.include('verified against the specified public key');
    const how = ['--key', 'cosign.pub', '--insecure-ignore-tlog', '--type', RECORDING_PREDICATE, name];
    const said = await cosign('verify-attestation', ...how);
    expect(said).to.include('verified against the specified public key');
    const [, payload = ''] = /"payload":"([A-Za-z0-9+/=]+)"/.exec(said) ?? [];
    expect(Buffer.from(payload, 'base64').toString()).to.include('"images":["registry.example/web@sha256:0123"]');
    expect(await pull(name)).to.match(/Verified how it was recorded: by the key SHA256:/);
    expect(
      await refused(cosign('verify-attestation', ...how.map((word) => (word === 'cosign.pub' ? 'p256.pub' : word)))),
    ).to.not.equal('');
  });

  it('spoc takes no attestation for a signature', async () => {
    const name = await pushed();
    await tools.write('predicate.json', '{"built":"here"}');
    const what = ['--predicate', 'predicate.json', '--type', 'custom'];
    await cosign('attest', '--key', 'cosign.key', ...OFFLINE, ...what, name);
    expect(await refused(pull(name))).to.match(/is not signed: only attestations found/);
  });

  it('spoc says that cosign copy has left the signature behind', async () => {
    const name = newName();
    await push(name, '--key', 'cosign.key');
    const copy = newName();
    await cosign('copy', name, copy);
    expect(await refused(pull(copy))).to.match(/is not signed: .*cosign copy leaves signatures behind/);
    expect(await push(copy, '--key', 'cosign.key')).to.include('Signed by');
    expect(await verify(copy)).to.include('verified against the specified public key');
  });

  it('an artifact without a signature is refused by both', async () => {
    const name = await pushed();
    expect(await refused(pull(name))).to.match(/is not signed: it has no signature/);
    expect(await refused(verify(name))).to.match(/no (matching )?signatures|no signatures found/);
  });
});
