// SPDX-License-Identifier: Apache-2.0
// Secrets of certificates, there and back.
import { expect } from 'chai';
import { tlsContent, tlsSecret } from '../../../src/core/deploy/secrets.ts';

const content = { certificate: 'C', key: 'K', authority: 'A' };

describe('core/deploy/secrets', () => {
  it('holds what the manual names, and is read back', () => {
    const secret = tlsSecret('metrics-server-cert', 'ns', { apiVersion: 'v', kind: 'k', name: 'n', uid: 'u' }, content);
    const { data, type } = secret as unknown as { data: Readonly<Record<string, string>>; type: string };
    expect(type).to.equal('kubernetes.io/tls');
    expect(Object.keys(data)).to.have.members(['tls.crt', 'tls.key', 'ca.crt']);
    expect(tlsContent(data)).to.deep.equal(content);
  });

  it('is nothing where a part is missing or spoilt', () => {
    const good = { 'tls.crt': btoa('C'), 'tls.key': btoa('K'), 'ca.crt': btoa('A') };
    expect(tlsContent(good)).to.deep.equal(content);
    expect(tlsContent(undefined)).to.equal(undefined);
    expect(tlsContent({ ...good, 'tls.key': '' })).to.equal(undefined);
    expect(tlsContent({ ...good, 'ca.crt': '%' })).to.equal(undefined);
  });
});
