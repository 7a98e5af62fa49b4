// SPDX-License-Identifier: Apache-2.0
// spoc pull against a hostile registry: each time a sentence, the file as it was, and no credentials given away.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { RegistrySettings } from '../../src/cli/registry-settings.ts';
import { errorText } from '../../src/core/errors.ts';
import type { ArtifactStore } from '../../src/core/oci/store.ts';
import { RegistryClient } from '../../src/io/registry/client.ts';
import { FakeRegistry } from '../fakes/registry.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';
import { CASES, layer, profile, titled } from './hostile-registry-cases.ts';

async function pull(registry: { readonly address: string }, args: readonly string[]) {
  const terminal = new FakeTerminal();
  const machine = new FakeMachine();
  const client = new RegistryClient({
    plainHttp: true,
    limits: { idleMs: 1000, totalMs: 2000 },
    credentials: () => Promise.resolve(undefined),
  });
  machine.registry = client;
  for (const file of ['/out', '/tmp/profile.yaml']) terminal.stored.set(file, 'old');
  try {
    const words = ['pull', '-s', ...args, `${registry.address}/a:t`];
    const outcome: unknown = await runCommandLine(words, machine, terminal).catch((error: unknown) => errorText(error));
    return { outcome, terminal };
  } finally {
    client.close();
  }
}

/** A machine whose connections wait for ten minutes, or until they are ended. */
class PatientMachine extends FakeMachine {
  override async openRegistry(_settings: RegistrySettings, signal?: AbortSignal): Promise<ArtifactStore> {
    return new RegistryClient({
      plainHttp: true,
      limits: { idleMs: 600_000, totalMs: 600_000 },
      credentials: () => Promise.resolve(undefined),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

describe('spoc pull from a hostile registry', () => {
  let registry: FakeRegistry;

  beforeEach(async () => {
    registry = await FakeRegistry.start();
    registry.addProfile('t', profile());
  });

  afterEach(() => registry.stop());

  for (const { name, make, reason, args = ['-o', '/out'] } of CASES) {
    it(`refuses ${name}`, async () => {
      make(registry);
      const { outcome, terminal } = await pull(registry, args);
      expect(outcome, String(outcome)).to.match(reason);
      expect([...terminal.stored.values()]).to.deep.equal(['old', 'old']);
      expect(registry.seen.filter(({ headers }) => headers.authorization?.includes('Basic'))).to.deep.equal([]);
    });
  }

  it('refuses one that speaks no HTTP', async () => {
    const server = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    try {
      const { outcome } = await pull({ address: `127.0.0.1:${port}` }, ['-o', '/out']);
      expect(outcome).to.match(/no HTTP|ended the connection/);
    } finally {
      server.close();
    }
  });

  it('is left where it holds the profile of an unsigned artifact back', async () => {
    const terminal = new FakeTerminal();
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    terminal.stored.set('/ours.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString());
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const isLeft = new Promise<void>((resolve) => {
      registry.trick = ({ path }, response) => {
        if (path.includes('/referrers/')) void isAsked.then(() => response.writeHead(404).end());
        else if (!path.includes('/blobs/')) return false;
        else asked();
        if (path.includes('/blobs/')) response.on('close', resolve);
        return true;
      };
    });
    const words = ['pull', '--key', '/ours.pub', '-o', '/out', `${registry.address}/a:t`];
    const outcome = await runCommandLine(words, new PatientMachine(), terminal).catch((error: unknown) =>
      errorText(error),
    );
    expect(outcome).to.match(/is not signed/);
    await isLeft;
  });

  it('takes the same artifact once the registry behaves', async () => {
    const { outcome, terminal } = await pull(registry, ['-o', '/out']);
    expect(outcome).to.deep.equal({ type: 'status', status: 0 });
    expect(terminal.stored.get('/out')).to.equal(profile());
  });

  it('takes a profile with an odd name where the user names the file', async () => {
    layer(titled('../x'))(registry);
    const { terminal } = await pull(registry, ['-o', '/out']);
    expect(terminal.stored.get('/out')).to.equal(profile());
  });
});
