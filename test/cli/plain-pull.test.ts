// SPDX-License-Identifier: Apache-2.0
// Words of `spoc pull` that are read without commander: they mean what they mean to commander, or are left to it.
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { plainPull } from '../../src/cli/plain-pull.ts';
import type { PlainPull } from '../../src/cli/plain-pull.ts';
import { pull, takesUnsigned } from '../../src/cli/pull.ts';
import { platformHere, readPlatform } from '../../src/cli/registry-settings.ts';
import { errorText } from '../../src/core/errors.ts';
import { FakeArtifactStore } from '../fakes/artifact-store.ts';
import { profileText, storeKeys } from '../fakes/signed-artifacts.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const NAME = 'registry.example/profiles/web:v1';

const PLAIN: readonly (readonly string[])[] = [
  ['pull', NAME, '-s'],
  ['l', '-s', NAME],
  ['pull', NAME],
  ['pull', '--key', 'ours.pub', NAME],
  ['pull', '-k', 'theirs.pub', '-k', 'ours.pub', '-o', 'own.yaml', NAME],
  ['pull', '--key', 'theirs.pub', NAME],
  ['pull', '--key', 'ours.pub', '--disable-signature-verification', NAME],
  ['pull', '-s', '--plain-http', '--output-file', '--odd', NAME],
  ['pull', '-s', '-p', 'linux/amd64', '--ca-file', 'ca.pem', NAME],
  ['pull', '-s', '--platform', 'windows', NAME],
  ['pull', '-s', 'no reference'],
];

const LEFT: readonly (readonly string[])[] = [
  [],
  ['pull'],
  ['pull', ''],
  ['pull', '-s', '--', NAME],
  ['pull', '-s', NAME, NAME],
  ['pull', '--help'],
  ['pull', NAME, '-o'],
  ['pull', NAME, '-o', ''],
  ['pull', '--key=ours.pub', NAME],
  ['pull', '-kours.pub', NAME],
  ['pull', '-s', '--require-recording', NAME],
  ['pull', '-u', 'me', NAME],
  ['pull', '--certificate-identity', 'me', NAME],
  ['pull', '--mirror', 'a=b', NAME],
  ['push', '-s', NAME],
];

/** All that a pull does, and its end. */
type Told = Readonly<Record<'end' | 'logged' | 'stored' | 'opened' | 'asked', unknown>>;

describe('cli/plain-pull', () => {
  const files = new Map([['profile.yaml', profileText(['read'])]]);
  storeKeys(files);
  let store: FakeArtifactStore;
  beforeEach(async () => {
    store = new FakeArtifactStore();
    await told(['push', '--key', 'ours.key', '-f', 'profile.yaml', NAME]);
  });

  async function told(words: readonly string[], plain?: PlainPull, env: Record<string, string> = {}): Promise<Told> {
    const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
    Object.assign(machine, { registry: store });
    Object.assign(machine.env, env);
    for (const [name, text] of files) terminal.stored.set(name, text);
    store.requests.length = 0;
    const run = async () => {
      if (plain === undefined) return runCommandLine(words, machine, terminal);
      const platform = plain.platform === undefined ? platformHere(machine) : readPlatform(plain.platform);
      return pull({ ...plain, platform, verify: plain.verify && !takesUnsigned(machine.env) }, machine, terminal);
    };
    const end = await run().catch((error: unknown) => errorText(error));
    const { opened } = machine;
    return { end, logged: terminal.logged, stored: [...terminal.stored], opened, asked: [...store.requests] };
  }

  for (const words of PLAIN) {
    it(`reads as commander does: spoc ${words.join(' ')}`, async () => {
      const plain = plainPull(words);
      expect(plain).not.to.equal(undefined);
      expect(await told(words, plain)).to.deep.equal(await told(words));
    });
  }

  it("heeds the original's variable", async () => {
    const env = { DISABLE_SIGNATURE_VERIFICATION: 'true' };
    const words = ['pull', NAME];
    const own = await told(words, plainPull(words), env);
    expect(own).to.deep.equal(await told(words, undefined, env));
    expect(own.end).to.deep.equal({ type: 'status', status: 0 });
  });

  it('leaves all other words to commander', () => {
    for (const words of LEFT) expect(plainPull(words), words.join(' ')).to.equal(undefined);
  });
});
