// SPDX-License-Identifier: Apache-2.0
// spoc push and pull with keys: nothing is sent or written before the signature's side is right, and each mistake has a
// sentence. The other side, cosign, is in test/integration/cosign.test.ts.
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { FakeArtifactStore } from '../fakes/artifact-store.ts';
import { profileText, storeKeys } from '../fakes/signed-artifacts.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const NAME = 'registry.example/profiles/runc:v1';

describe('spoc push and pull with keys', () => {
  let store: FakeArtifactStore;
  let terminal: FakeTerminal;
  beforeEach(() => {
    store = new FakeArtifactStore();
    terminal = new FakeTerminal();
    terminal.stored.set('profile.yaml', profileText(['read']));
    storeKeys(terminal.stored);
  });

  async function spoc(...args: readonly string[]): Promise<string> {
    const machine = new FakeMachine();
    machine.registry = store;
    await runCommandLine(args, machine, terminal);
    return terminal.logged.join('\n');
  }

  const push = (...how: readonly string[]): Promise<string> => spoc('push', '-f', 'profile.yaml', ...how, NAME);
  const pull = (...how: readonly string[]): Promise<string> => spoc('pull', '-o', 'out.yaml', ...how, NAME);

  async function refused(work: Promise<unknown>, sentence: RegExp): Promise<void> {
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error).with.property('message').that.matches(sentence);
  }

  it('sign and verify', async () => {
    expect(await push('--key', 'ours.key')).to.match(/Signed by the key SHA256:\S+: sha256:/);
    expect(await pull('--key', 'ours.pub')).to.match(/Verified signature: by the key SHA256:/);
    expect(terminal.stored.get('out.yaml')).to.equal(profileText(['read']));
  });

  it('take one of several keys', async () => {
    await push('--key', 'ours.key');
    expect(await pull('--key', 'theirs.pub', '--key', 'ours.pub')).to.include('Verified signature');
  });

  it('sign again where the annotations are others', async () => {
    await push('--key', 'ours.key');
    expect(await push('--key', 'ours.key')).to.include('Is signed already');
    const manifests = store.manifests.size;
    await push('--key', 'ours.key', '-a', 'team:red');
    expect(store.manifests.size).to.be.greaterThan(manifests);
  });

  it('sign a second time where they are told to', async () => {
    const [digest = ''] = /sha256:\w+$/.exec(await push('--key', 'ours.key')) ?? [];
    const again = await push('--key', 'ours.key', '--force');
    expect(again)
      .to.match(/Signed by the key SHA256:\S+: sha256:\w+$/)
      .and.not.to.match(new RegExp(`${digest}$`));
    expect(await pull('--key', 'ours.pub')).to.include('Verified signature');
  });

  const UNSENT: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    'without a key': [[], /who signs it\? --key names a private key, --identity-token .*; --sign=false/],
    'with a key that must not sign': [
      ['--sign=false', '--key', 'ours.key'],
      /--key: with --sign=false nothing is signed/,
    ],
    'with a token that must not sign': [
      ['--sign=false', '--identity-token', 'x'],
      /--identity-token: .* nothing is signed/,
    ],
    'unsigned where it must be signed again': [['--sign=false', '--force'], /--force: .* nothing is signed/],
    'with a public key': [['--key', 'ours.pub'], /--key ours.pub: is no private key in PEM/],
    'with a file that is none': [['--key', 'profile.yaml'], /--key profile.yaml: is no private key in PEM/],
    'with a file that is not there': [['--key', 'absent.key'], /read absent.key/],
  };
  for (const [what, [how, sentence]] of Object.entries(UNSENT)) {
    it(`send nothing ${what}`, async () => {
      await refused(push(...how), sentence);
      expect(store.requests).to.deep.equal([]);
    });
  }

  const UNWRITTEN: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    'nobody is named': [[], /who must have signed it\? --key names a public key/],
    'a private key is named': [['--key', 'ours.key'], /--key ours.key: is no public key in PEM: it is a private key/],
    'it is signed by another': [
      ['--key', 'theirs.pub'],
      /no signature of .* is valid: it is by another signer than the key/,
    ],
  };
  for (const [what, [how, sentence]] of Object.entries(UNWRITTEN)) {
    it(`write nothing where ${what}`, async () => {
      await push('--key', 'ours.key');
      await refused(pull(...how), sentence);
      expect(terminal.stored.has('out.yaml')).to.equal(false);
    });
  }

  const DISABLED = '--disable-signature-verification';
  for (const signer of [
    ['--key', 'ours.pub'],
    ['--certificate-identity', 'a@b', '--certificate-oidc-issuer', 'https://c'],
  ]) {
    it(`do not pass over ${String(signer[0])} where none counts`, async () => {
      await push('--key', 'theirs.key');
      await refused(
        pull(DISABLED, ...signer),
        new RegExp(`^${String(signer[0])}: no signature counts with ${DISABLED}`),
      );
      expect(terminal.stored.has('out.yaml')).to.equal(false);
    });
  }

  it('write nothing where it is not signed', async () => {
    await push('--sign=false');
    await refused(pull('--key', 'ours.pub'), /is not signed: it has no signature/);
    expect(await pull('--disable-signature-verification')).to.include('Saved profile in: out.yaml');
  });
});
