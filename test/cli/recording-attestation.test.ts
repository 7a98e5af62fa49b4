// SPDX-License-Identifier: Apache-2.0
// spoc push says how a recorded profile was learnt, in a statement that its signer signs; spoc pull shows it.
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { FakeArtifactStore } from '../fakes/artifact-store.ts';
import { recordedProfileText } from '../fakes/recorded-profile.ts';
import { profileText, storeKeys } from '../fakes/signed-artifacts.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const NAME = 'registry.example/profiles/web:v1';
const OPEN = ['-o', 'out.yaml', '--key', 'ours.pub'];

describe('spoc push and pull of recorded profiles', () => {
  let store: FakeArtifactStore;
  let terminal: FakeTerminal;
  beforeEach(() => {
    store = new FakeArtifactStore();
    terminal = new FakeTerminal();
    terminal.stored.set('recorded.yaml', recordedProfileText());
    terminal.stored.set('written.yaml', profileText(['read']));
    storeKeys(terminal.stored);
  });

  async function spoc(...args: readonly string[]): Promise<string> {
    const machine = new FakeMachine();
    machine.registry = store;
    terminal.logged.length = 0;
    await runCommandLine([...args, NAME], machine, terminal);
    return terminal.logged.join('\n');
  }

  async function refusal(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof Error ? error.message : '';
  }

  it('attest it once, and show it by the word of who is trusted', async () => {
    expect(await spoc('push', '-f', 'recorded.yaml', '--key', 'ours.key')).to.match(
      /Attested how it was recorded: sha/,
    );
    const manifests = store.manifests.size;
    expect(await spoc('push', '-f', 'recorded.yaml', '--key', 'ours.key')).to.not.include('Attested');
    expect(store.manifests.size).to.equal(manifests);
    const said = await spoc('pull', ...OPEN, '--require-recording');
    expect(said).to.match(/Verified how it was recorded: by the key SHA256:/);
    expect(said).to.include('SeccompProfile web for linux/amd64; whole: yes; recordings: 3; runs: 3 in 3 pods');
  });

  it('say nothing of a profile that was written, and refuse it where that is asked for', async () => {
    expect(await spoc('push', '-f', 'written.yaml', '--key', 'ours.key')).to.not.include('Attested');
    expect(await spoc('pull', ...OPEN))
      .to.include('Verified signature')
      .and.not.include('recorded');
    terminal.stored.delete('out.yaml');
    expect(await refusal(spoc('pull', ...OPEN, '--require-recording'))).to.match(/no signer who is trusted says how/);
    expect(terminal.stored.has('out.yaml')).to.equal(false);
  });

  it('take no word about the profile of another platform', async () => {
    const both = ['-f', 'recorded.yaml', '-p', 'linux/amd64', '-f', 'written.yaml', '-p', 'linux/arm64'];
    expect(await spoc('push', ...both, '--key', 'ours.key')).to.include('Attested');
    const other = [...OPEN, '-p', 'linux/arm64'];
    expect(await spoc('pull', ...other))
      .to.include('Verified signature')
      .and.not.include('recorded');
    expect(await refusal(spoc('pull', ...other, '--require-recording'))).to.match(/no signer who is trusted says how/);
    expect(await spoc('pull', ...OPEN, '-p', 'linux/amd64', '--require-recording')).to.include('Verified how it was');
  });

  it('take the word of no stranger', async () => {
    await spoc('push', '-f', 'recorded.yaml', '--key', 'theirs.key');
    const theirs = ['-o', 'out.yaml', '--key', 'theirs.pub', '--require-recording'];
    expect(await spoc('pull', ...theirs)).to.include('Verified how it was recorded');
    const unsigned = ['-o', 'out.yaml', '--disable-signature-verification', '--require-recording'];
    expect(await refusal(spoc('pull', ...unsigned))).to.match(/no signature counts/);
  });
});
