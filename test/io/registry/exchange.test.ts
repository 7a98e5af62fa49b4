// SPDX-License-Identifier: Apache-2.0
// Connections to registries: whom TLS trusts, and when a proxy is asked.
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { issueServer, makeAuthority } from '../../../src/io/http/certificates.ts';
import { Exchange } from '../../../src/io/registry/exchange.ts';
import type { ExchangeOptions } from '../../../src/io/registry/exchange.ts';

const HOUR_MS = 3_600_000;
const limits = { idleMs: 10_000, totalMs: 10_000 };

async function ask(options: Omit<ExchangeOptions, 'limits'>, url: string): Promise<string> {
  const exchange = new Exchange({ ...options, limits });
  try {
    const { status } = await exchange.send({ method: 'GET', url: new URL(url), headers: {}, limit: 100 });
    return `status ${String(status)}`;
  } catch (error) {
    return String(error);
  } finally {
    exchange.close();
  }
}

function portOf(server: { address(): AddressInfo | string | null }): string {
  const address = server.address();
  return typeof address === 'object' ? String(address?.port) : '';
}

describe('a connection to a registry', () => {
  let server: Server;
  let authority: string;

  before(async () => {
    const validity = { from: Date.now() - HOUR_MS, until: Date.now() + HOUR_MS };
    const signer = await makeAuthority('registry of a test', validity);
    const { certificate, key } = await issueServer(signer, ['localhost'], validity);
    authority = signer.certificate;
    server = createServer({ cert: certificate, key }, (_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('trusts the authority that it is told of', async () => {
    expect(await ask({ ca: authority }, `https://localhost:${portOf(server)}/`)).to.equal('status 200');
  });

  it('trusts nobody else, and says what helps', async () => {
    const refused = await ask({}, `https://localhost:${portOf(server)}/`);
    expect(refused).to.include('signed by nobody who is trusted here; name the authority with --ca-file');
    const other = await ask({ ca: authority }, `https://127.0.0.1:${portOf(server)}/`);
    expect(other).to.include('its certificate is for another name');
  });

  it('goes by the proxy, but to this machine', async () => {
    const asked: string[] = [];
    const proxy = createTcpServer((socket) => {
      socket.once('data', (data) => {
        asked.push(data.toString('latin1').split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const HTTPS_PROXY = `http://127.0.0.1:${portOf(proxy)}`;
    try {
      expect(await ask({ proxy: { HTTPS_PROXY } }, 'https://registry.example/')).to.match(/registry\.example/);
      expect(asked).to.deep.equal(['CONNECT registry.example:443 HTTP/1.1']);
      const near = `https://localhost:${portOf(server)}/`;
      expect(await ask({ proxy: { HTTPS_PROXY }, ca: authority }, near)).to.equal('status 200');
      expect(asked).to.have.length(1);
    } finally {
      proxy.close();
    }
  });
});
