// SPDX-License-Identifier: Apache-2.0
// Our own certificates, checked by Node's TLS as any client would.
import { X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { issueServer, makeAuthority, validityOf } from '../../../src/io/http/certificates.ts';
import type { KeyPair } from '../../../src/core/certificates.ts';

const day = 86_400_000;
const now = Math.floor(Date.now() / 1000) * 1000;
const year = { from: now - day, until: now + 365 * day };
const names = ['metrics.ns.svc', 'metrics.ns', 'metrics.ns.svc.cluster.local'];

function handshake(server: KeyPair, ca: string, servername: string): Promise<string> {
  return new Promise((resolve) => {
    const listener = createServer({ cert: server.certificate, key: server.key }, (socket) => socket.end());
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as AddressInfo;
      const socket = connect({ host: '127.0.0.1', port, ca, servername }, () => resolve('trusted'));
      socket.on('error', (error: Error) => resolve(error.message));
      socket.on('close', () => listener.close());
    });
  });
}

describe('io/http/certificates', () => {
  let authority: KeyPair;
  let server: KeyPair;

  before(async () => {
    authority = await makeAuthority('our authority', year);
    server = await issueServer(authority, names, year);
  });

  it('makes an authority that is one, and a server that is none', () => {
    const ca = new X509Certificate(authority.certificate);
    expect(ca.ca).to.equal(true);
    expect(ca.subject).to.equal('CN=our authority');
    const leaf = new X509Certificate(server.certificate);
    expect(leaf.ca).to.equal(false);
    expect(leaf.issuer).to.equal('CN=our authority');
    expect(leaf.verify(ca.publicKey)).to.equal(true);
    expect(leaf.serialNumber).to.not.equal(ca.serialNumber);
  });

  it('is trusted by a client that trusts the authority, under each of its names only', async () => {
    for (const name of names) expect(await handshake(server, authority.certificate, name)).to.equal('trusted');
    expect(await handshake(server, authority.certificate, 'metrics.other.svc')).to.contain('does not match');
    const other = await makeAuthority('our authority', year);
    expect(await handshake(server, other.certificate, names[0]!)).to.not.equal('trusted');
  });

  it('knows how long a usable certificate is valid', () => {
    expect(validityOf(server, names, authority.certificate)).to.deep.equal(year);
  });

  it('does not take one that cannot be used', async () => {
    const other = await makeAuthority('x', year);
    expect(validityOf(server, [...names, 'more'], authority.certificate)).to.equal(undefined);
    expect(validityOf(server, names, other.certificate)).to.equal(undefined);
    expect(validityOf({ ...server, key: other.key }, names, authority.certificate)).to.equal(undefined);
    expect(validityOf({ certificate: 'x', key: 'y' }, names, authority.certificate)).to.equal(undefined);
  });
});
