// SPDX-License-Identifier: Apache-2.0
// Cosign and spoc without keys: each verifies what the other has signed with certificates of one authority, in every
// form, and both refuse the same.
import { expect } from 'chai';
import { FakeSigstore, ISSUER, SUBJECT, tokenOf } from '../fakes/sigstore.ts';
import { refusalOf, SigningTools } from './signing-tools.ts';

const WHO = ['--certificate-identity', SUBJECT, '--certificate-oidc-issuer', ISSUER];
const ROOT = ['--trusted-root', 'trusted_root.json'];

describe('cosign and spoc without keys', function () {
  this.timeout(900_000);
  let tools: SigningTools;
  let sigstore: FakeSigstore;
  before(async () => {
    tools = await SigningTools.start();
    sigstore = await FakeSigstore.start();
    await tools.write('trusted_root.json', sigstore.trustedRoot);
  });
  after(async () => {
    await sigstore.stop();
    await tools.stop();
  });

  const pull = (name: string, ...who: readonly string[]): Promise<string> => tools.pull(name, ...ROOT, ...who);
  const verify = (name: string, ...who: readonly string[]): Promise<string> =>
    tools.cosign('verify', ...ROOT, ...who, name);

  async function signedBySpoc(...how: readonly string[]): Promise<string> {
    const name = tools.newName();
    await tools.push(name, ...sigstore.options(), ...how);
    return name;
  }

  async function signedByCosign(...how: readonly string[]): Promise<string> {
    const name = await tools.unsigned();
    const services = ['--fulcio-url', sigstore.url, '--rekor-url', sigstore.url, '--use-signing-config=false'];
    await tools.cosign('sign', ...ROOT, ...services, '--identity-token', tokenOf(), '--yes', ...how, name);
    return name;
  }

  const SPOC: Readonly<Record<string, () => readonly string[]>> = {
    'a log': () => [],
    'a log and a timestamp': () => ['--timestamp-server-url', sigstore.url],
    annotations: () => ['-a', 'team:red'],
  };
  for (const [what, how] of Object.entries(SPOC)) {
    it(`spoc signs with ${what}, and both verify it`, async () => {
      const name = await signedBySpoc(...how());
      expect(await verify(name, ...WHO)).to.include('verified using trusted certificate authority certificates');
      expect(await pull(name, ...WHO)).to.include(`Verified signature: by ${SUBJECT} (${ISSUER})`);
    });
  }

  const COSIGN: Readonly<Record<string, readonly string[]>> = {
    'as it does by itself': [],
    'in the classic form': ['--new-bundle-format=false'],
    'with annotations': ['-a', 'team=red'],
  };
  for (const [what, how] of Object.entries(COSIGN)) {
    it(`cosign signs ${what}, and both verify it`, async () => {
      const name = await signedByCosign(...how);
      expect(await pull(name, ...WHO)).to.include(`Verified signature: by ${SUBJECT} (${ISSUER})`);
      expect(await verify(name, ...WHO)).to.include('verified using trusted certificate authority certificates');
    });
  }

  it('both take a pattern', async () => {
    const who = ['--certificate-identity-regexp', '^https://ci.example/.*$', ...WHO.slice(2)];
    for (const name of [await signedBySpoc(), await signedByCosign()]) {
      expect(await verify(name, ...who)).to.include('verified using trusted certificate authority certificates');
      expect(await pull(name, ...who)).to.include('Verified signature');
    }
  });

  it('both refuse another identity and another issuer', async () => {
    const name = await signedBySpoc();
    for (const who of [
      ['--certificate-identity', 'me', ...WHO.slice(2)],
      [...WHO.slice(0, 2), '--certificate-oidc-issuer', 'https://evil.example'],
    ]) {
      expect(await refusalOf(verify(name, ...who))).to.match(/no matching CertificateIdentity found/);
      expect(await refusalOf(pull(name, ...who))).to.match(/is valid: it is by .* is asked for/);
    }
  });

  it('both refuse another authority', async () => {
    const other = await FakeSigstore.start();
    await other.stop();
    await tools.write('other.json', other.trustedRoot);
    for (const name of [await signedBySpoc(), await signedByCosign()]) {
      const root = ['--trusted-root', 'other.json'];
      await refusalOf(tools.cosign('verify', ...root, ...WHO, name));
      expect(await refusalOf(tools.pull(name, ...root, ...WHO))).to.match(/its certificate is not trusted/);
    }
  });

  it('a key is no identity, and an identity no key', async () => {
    await tools.cosign('generate-key-pair');
    const keyless = await signedBySpoc();
    expect(await refusalOf(tools.pull(keyless, '--key', 'cosign.pub'))).to.match(/it is by a certificate \(keyless\)/);
    const name = tools.newName();
    await tools.push(name, '--key', 'cosign.key');
    expect(await refusalOf(pull(name, ...WHO))).to.match(/it is by a key, and a certificate/);
  });
});
