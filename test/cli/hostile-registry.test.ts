// SPDX-License-Identifier: Apache-2.0
// spoc pull against a hostile registry: each time a sentence, the file as it was, and no credentials given away.
import { createServer } from 'node:net';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { errorText } from '../../src/core/errors.ts';
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
