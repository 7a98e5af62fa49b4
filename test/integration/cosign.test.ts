// SPDX-License-Identifier: Apache-2.0
// Cosign and spoc on one registry: each verifies what the other has signed, by the commands as users write them.
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { openRegistry } from '../../src/roles/spoc/registry.ts';
import { provide } from '../../tools/lab/binaries.ts';
import { COSIGN } from '../../tools/lab/programs.ts';
import { startRegistry } from '../../tools/lab/registry.ts';
import type { Registry } from '../../tools/lab/registry.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';
import { profileText } from '../fakes/signed-artifacts.ts';

const run = promisify(execFile);

const PASSWORD = 'a password';

/** A signature by a key that asks no service outside of the site. */
const OFFLINE = ['--use-signing-config=false', '--tlog-upload=false', '--yes'];

describe('cosign and spoc', function () {
  this.timeout(900_000);
  let folder: string;
  let registry: Registry;
  let count = 0;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spo-cosign-'));
    await provide([COSIGN], path.join(folder, 'bin'), (line) => console.error(`lab: ${line}`));
    registry = await startRegistry();
    await cosign('generate-key-pair');
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function cosign(...args: readonly string[]): Promise<string> {
    const env = { PATH: process.env['PATH'], HOME: folder, COSIGN_PASSWORD: PASSWORD };
    const { stdout, stderr } = await run(path.join(folder, 'bin', 'cosign'), args, { cwd: folder, env });
    return stdout + stderr;
  }

  async function refused(work: Promise<unknown>): Promise<string> {
    try {
      await work;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    throw new Error('it was not refused');
  }

  /** A command of spoc over the real registry; the lines of its log. */
  async function spoc(...args: readonly string[]): Promise<string> {
    const [terminal, machine] = [new FakeTerminal(), new FakeMachine()];
    machine.env['COSIGN_PASSWORD'] = PASSWORD;
    const settings = { plainHttp: true, caFile: undefined, mirrors: [], login: undefined };
    machine.registry = await openRegistry(settings, { HOME: folder });
    terminal.stored.set('profile.yaml', profileText(['read']));
    for (const file of args.filter((word) => /\.(key|pub)$/.test(word))) {
      terminal.stored.set(file, await readFile(path.join(folder, file), 'utf8'));
    }
    await runCommandLine(args, machine, terminal);
    return terminal.logged.join('\n');
  }

  /** A new name in the registry. */
  const newName = (): string => `${registry.address}/profiles/p${String(count++)}:v1`;
  const push = (name: string, ...how: readonly string[]): Promise<string> =>
    spoc('push', '-f', 'profile.yaml', '-p', 'linux/amd64', ...how, name);
  const pull = (name: string, key = 'cosign.pub'): Promise<string> =>
    spoc('pull', '-p', 'linux/amd64', '-o', 'out.yaml', '--key', key, name);
  const verify = (name: string, key = 'cosign.pub'): Promise<string> =>
    cosign('verify', '--key', key, '--insecure-ignore-tlog', name);

  async function pushed(): Promise<string> {
    const name = newName();
    await push(name, '--sign=false');
    return name;
  }

  async function keyPair(name: string, pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }) {
    const [secret, open] = [
      pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      pair.publicKey.export({ type: 'spki', format: 'pem' }),
    ];
    await writeFile(path.join(folder, `${name}.key`), secret);
    await writeFile(path.join(folder, `${name}.pub`), open);
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

  it('spoc takes no attestation for a signature', async () => {
    const name = await pushed();
    await writeFile(path.join(folder, 'predicate.json'), '{"built":"here"}');
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
