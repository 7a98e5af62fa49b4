// SPDX-License-Identifier: Apache-2.0
// spoc push and pull by identities: certificates, log and time are those of services on loopback. Each lie and each
// fault of theirs has a sentence, and nothing is attached or written.
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { FakeArtifactStore } from '../fakes/artifact-store.ts';
import { profileText } from '../fakes/signed-artifacts.ts';
import { FakeSigstore, ISSUER, SUBJECT, tokenOf } from '../fakes/sigstore.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const NAME = 'registry.example/profiles/runc:v1';
const FULCIO = '/api/v2/signingCert';
const REKOR = '/api/v1/log/entries';
const DAY_MS = 86_400_000;

const WHO = ['--certificate-identity', SUBJECT, '--certificate-oidc-issuer', ISSUER];

describe('spoc push and pull by identities', () => {
  let sigstore: FakeSigstore;
  let store: FakeArtifactStore;
  let terminal: FakeTerminal;
  beforeEach(async () => {
    await restart();
    store = new FakeArtifactStore();
  });
  afterEach(() => sigstore.stop());

  async function restart(clocks = {}): Promise<void> {
    sigstore = await FakeSigstore.start(clocks);
    terminal = new FakeTerminal();
    terminal.stored.set('profile.yaml', profileText(['read']));
    terminal.stored.set('trusted_root.json', sigstore.trustedRoot);
  }

  async function spoc(...args: readonly string[]): Promise<string> {
    const machine = new FakeMachine();
    machine.registry = store;
    await runCommandLine(args, machine, terminal);
    return terminal.logged.join('\n');
  }

  const push = (...how: readonly string[]): Promise<string> => spoc('push', '-f', 'profile.yaml', ...how, NAME);
  const pull = (...who: readonly string[]): Promise<string> =>
    spoc('pull', '-o', 'out.yaml', '--trusted-root', 'trusted_root.json', ...who, NAME);

  async function refused(work: Promise<unknown>, sentence: RegExp): Promise<void> {
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error).with.property('message').that.matches(sentence);
    expect(terminal.stored.has('out.yaml')).to.equal(false);
  }

  it('sign with a token and verify by an exact identity', async () => {
    expect(await push(...sigstore.options())).to.include(`Signed by the identity ${SUBJECT} (${ISSUER}): sha256:`);
    expect(await pull(...WHO)).to.include(`Verified signature: by ${SUBJECT} (${ISSUER})`);
    expect(sigstore.asked).to.deep.equal([FULCIO, REKOR]);
  });

  it('sign with a timestamp, in a log of either version', async () => {
    for (const version of ['1', '2']) {
      const how = ['--rekor-version', version, '--timestamp-server-url', sigstore.url];
      await push(...sigstore.options(...how), '-a', `version:${version}`);
      expect(await pull(...WHO)).to.include(`Verified signature: by ${SUBJECT}`);
    }
    expect(sigstore.asked).to.include('/api/v2/log/entries');
  });

  it('verify by patterns that fit the whole', async () => {
    await push(...sigstore.options());
    const issuer = ['--certificate-oidc-issuer', ISSUER];
    expect(await pull('--certificate-identity-regexp', String.raw`https://ci\.example/team/.*`, ...issuer)).to.include(
      'Verified',
    );
    terminal.stored.delete('out.yaml');
    await refused(pull('--certificate-identity-regexp', 'https://ci', ...issuer), /it is by .*, and \/https:\/\/ci\/ /);
  });

  const OTHERS: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    'another identity': [['--certificate-identity', 'me', ...WHO.slice(2)], /it is by https:\/\/ci.*and me \(/],
    'another issuer': [
      [...WHO.slice(0, 2), '--certificate-oidc-issuer', 'https://evil'],
      /and .*\(https:\/\/evil\) is/,
    ],
    'no issuer': [WHO.slice(0, 2), /--certificate-identity: its issuer is missing: give --certificate-oidc-issuer/],
    'no identity': [WHO.slice(2), /--certificate-oidc-issuer: whom it vouches for/],
    'no expression': [
      ['--certificate-identity-regexp', '(', ...WHO.slice(2)],
      /-regexp: "\(" is no regular expression/,
    ],
    'an identity twice': [['--certificate-identity-regexp', '.*', ...WHO], /--certificate-identity: is given twice/],
    nobody: [[], /who must have signed it\? --key names a public key, --certificate-identity/],
  };
  for (const [who, [how, sentence]] of Object.entries(OTHERS)) {
    it(`write nothing for ${who}`, async () => {
      await push(...sigstore.options());
      await refused(pull(...how), sentence);
    });
  }

  it('write nothing by another root, and nothing by none', async () => {
    await push(...sigstore.options());
    const other = await FakeSigstore.start();
    terminal.stored.set('trusted_root.json', other.trustedRoot);
    await other.stop();
    await refused(pull(...WHO), /no signature of .* is valid: its certificate is not trusted/);
    terminal.stored.set('trusted_root.json', '{}');
    await refused(pull(...WHO), /--trusted-root trusted_root.json: is no trusted root/);
    await refused(spoc('pull', '-o', 'out.yaml', ...WHO, NAME), /its certificate is not trusted/);
  });

  const CLOCKS = {
    'the log is a day late': { log: new Date(Date.now() + DAY_MS) },
    'the authority is a day ahead': { authority: new Date(Date.now() + DAY_MS) },
  };
  for (const [what, clocks] of Object.entries(CLOCKS)) {
    it(`attach nothing where ${what}`, async () => {
      await sigstore.stop();
      await restart(clocks);
      await refused(push(...sigstore.options()), /does not stand: its certificate is not trusted \(.*\)/);
      expect(await pull('-s').then(() => store.manifests.size)).to.equal(1);
    });
  }

  const LIES: Readonly<Record<string, readonly [RegExp, string, RegExp]>> = {
    'a promise of another entry': [/"logIndex":\d+,"verif/, '"logIndex":1,"verif', /promise is not trusted/],
    'another body': [/"body":"[^"]*/, '"body":"e30=', /cannot be read|not trusted|another signature/],
    'no proof': [/"inclusionProof":\{[^}]*\},/, '', /lacks what it must have: .*inclusionProof/],
    'no promise': [/,"signedEntryTimestamp":"[^"]*"/, '', /nothing that is trusted proves when it was made/],
    'a proof of another tree': [/"hashes":\[\]/, `"hashes":["${'0'.repeat(64)}"]`, /proof is not trusted/],
    'a time before the certificate': [/"integratedTime":\d+/, '"integratedTime":1', /certificate is not trusted/],
  };
  for (const [what, [part, instead, sentence]] of Object.entries(LIES)) {
    it(`attach nothing where the log gives ${what}`, async () => {
      sigstore.tamper = (path, answer) => (path === REKOR ? answer.replace(part, instead) : answer);
      await refused(push(...sigstore.options()), sentence);
    });
  }

  it('ask a busy service again, and take a no', async () => {
    sigstore.denials.set(FULCIO, [{ status: 503 }, { status: 429, headers: { 'retry-after': '0' } }]);
    await push(...sigstore.options());
    expect(sigstore.asked.filter((path) => path === FULCIO)).to.have.length(3);
    sigstore.denials.set(REKOR, [{ status: 400 }]);
    await refused(
      push(...sigstore.options()),
      /127.0.0.1:\d+: answers 400 to \/api\/v1\/log\/entries: the service says/,
    );
  });

  const TOKENS: Readonly<Record<string, readonly [string, RegExp]>> = {
    'that is none': ['a.b.c', /the identity token is no token/],
    'that has expired': [tokenOf({ exp: 1 }), /has expired at 1970-.* unless the clock of this machine is wrong/],
    'with an unverified email': [tokenOf({ email: 'me@example.org' }), /email_verified/],
    'without a subject': [tokenOf({ sub: undefined }), /names no subject/],
  };
  for (const [what, [token, sentence]] of Object.entries(TOKENS)) {
    it(`send nothing with a token ${what}`, async () => {
      await refused(push(...sigstore.options(), '--identity-token', token), sentence);
      expect([...store.requests, ...sigstore.asked]).to.deep.equal([]);
    });
  }

  it('ask a user at a terminal to log in, and nobody else', async () => {
    const how = sigstore.options().slice(0, -2);
    await refused(push(...how), /who signs it\? --key names a private key, --identity-token/);
    const machine = new FakeMachine();
    machine.isInteractive = true;
    machine.registry = store;
    const words = ['push', '-f', 'profile.yaml', ...how, '--oidc-issuer', `${sigstore.url}/auth`, NAME];
    await refused(runCommandLine(words, machine, terminal), /answers 404 to \/auth\/.well-known\/openid-configuration/);
    expect(store.requests).to.deep.equal([]);
  });

  it('take a token of GitHub where a job may ask for one', async () => {
    const machine = new FakeMachine();
    machine.registry = store;
    machine.env['ACTIONS_ID_TOKEN_REQUEST_URL'] = `${sigstore.url}/token?api=1`;
    machine.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = 'a secret';
    const words = ['push', '-f', 'profile.yaml', ...sigstore.options().slice(0, -2), NAME];
    await runCommandLine(words, machine, terminal);
    expect(terminal.logged.join('\n')).to.include(`Signed by the identity ${SUBJECT}`);
    expect(sigstore.asked[0]).to.equal('/token?api=1&audience=sigstore');
  });

  it('send a token nowhere over plain http', async () => {
    const how = [...sigstore.options(), '--fulcio-url', 'http://fulcio.example'];
    await refused(push(...how), /http:\/\/fulcio.example.*: is not https, and not of this machine/);
  });
});
